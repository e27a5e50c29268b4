import type { Mode } from '../model/config/config.ts';
import type { GateMoment, OnFailure } from '../model/gate.ts';

/** A gate as another system names it; without a `command` or an `agent` only its name is known. */
export interface ImportedGate {
  name: string;
  command?: string;
  /** It is a reviewer, by this agent. */
  agent?: string;
  on: readonly GateMoment[];
  /** The wave it is for; absent = every wave. */
  wave?: number;
  /** What an agent is asked to look at. */
  prompt?: string;
  /** What the file says is done then, e.g. `pause-wave`, `proceed`, in its own word. */
  onFailure?: string;
  onSuccess?: string;
}

/** Settings of another system in the words of `orchestrate.yaml`, as far as there are words for them. */
export interface ImportedConfig {
  gates: readonly ImportedGate[];
  mode?: Mode;
  onFailure?: OnFailure;
  onConflict?: 'ask';
  scope?: 'block';
  /** Globs of files that no agent may change. */
  protected?: readonly string[];
  limits?: { agents?: number; retries?: number };
  /** Complexity of a phase → model. */
  models?: Readonly<Record<string, string>>;
  /** Every setting as it was read, `pipeline.review` → `required`; with defaults where the format has them. */
  settings: Readonly<Record<string, string>>;
}

/** The part of `orchestrate.yaml` that says the same; gates whose command is unknown stand in comments. */
export function configText(config: ImportedConfig): string {
  const lines = gateLines(config.gates);
  if (config.mode !== undefined) lines.push(`mode: ${config.mode}`);
  if (config.onFailure !== undefined) lines.push(`on_failure: ${config.onFailure}`);
  if (config.onConflict !== undefined) lines.push(`on_conflict: ${config.onConflict}`);
  if (config.scope !== undefined) lines.push(`scope: ${config.scope}`);
  if (config.protected) lines.push('protected:', ...config.protected.map((glob) => `  - ${JSON.stringify(glob)}`));
  const limits = Object.entries(config.limits ?? {});
  if (limits.length > 0) lines.push('limits:', ...limits.map(([key, value]) => `  ${key}: ${value}`));
  lines.push(...modelLines(config.models ?? {}));
  return lines.map((line) => `${line}\n`).join('');
}

function gateLines(gates: readonly ImportedGate[]): string[] {
  if (gates.length === 0) return [];
  return [gates.some(isKnown) ? 'gates:' : '# gates:', ...byName(gates).map(gateLine)];
}

/** A gate that stands at several waves is one of ours: as the first of them says, at each moment. */
function byName(gates: readonly ImportedGate[]): ImportedGate[] {
  const found = new Map<string, ImportedGate>();
  for (const gate of gates) {
    const first = found.get(gate.name) ?? gate;
    found.set(gate.name, { ...gate, ...first, on: [...new Set([...first.on, ...gate.on])] });
  }
  return [...found.values()];
}

/** An agent can be asked what is put into words. */
const isKnown = ({ command, agent, prompt }: ImportedGate): boolean =>
  command !== undefined || agent !== undefined || prompt !== undefined;

function gateLine(gate: ImportedGate): string {
  const { name, command, prompt, on, onFailure = '' } = gate;
  const agent = gate.agent ?? (command === undefined && prompt !== undefined ? 'auto' : undefined);
  const parts = [
    agent === undefined ? `run: ${JSON.stringify(command ?? '…')}` : `agent: ${agent}`,
    `on: [${on.join(', ')}]`,
    ...(agent === undefined || prompt === undefined ? [] : [`prompt: ${JSON.stringify(prompt)}`]),
    ...(ACTIONS.has(onFailure) ? [`on_failure: ${ACTIONS.get(onFailure)}`] : []),
  ];
  return `${isKnown(gate) ? '  ' : '#   '}${JSON.stringify(name)}: { ${parts.join(', ')} }`;
}

/** What other systems call it → our word. */
const ACTIONS: ReadonlyMap<string, OnFailure> = new Map([
  ['pause-wave', 'pause'],
  ['rollback-and-retry', 'rollback'],
  ['manual-review', 'pause'],
]);

/** Whoever wrote them meant models of Claude. */
function modelLines(models: NonNullable<ImportedConfig['models']>): string[] {
  const named = Object.entries(models).map(([grade, model]) => `${grade}: ${JSON.stringify(model)}`);
  return named.length === 0 ? [] : ['agents:', '  claude:', `    models: { ${named.join(', ')} }`];
}
