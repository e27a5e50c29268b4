import type { Machine } from '../agents/agent.ts';
import { AGENTS, agentNamed } from '../agents/all.ts';
import { containmentOf } from '../agents/containment.ts';
import { candidates, thisMachine } from '../agents/detect.ts';
import type { Repository } from '../git/repository.ts';
import type { Assignment } from '../model/assignment.ts';
import { AUTO, chooseAgent, type Choice } from '../model/auto.ts';
import type { Config } from '../model/config.ts';
import type { Containment } from '../model/crew.ts';
import { fail, ok, type Result } from '../model/failure.ts';
import type { Plan, Task } from '../model/plan.ts';
import { PLATFORM_AGENT, platformOf } from '../model/platform.ts';

/** Who does each task of a plan, and what `auto` came to where a task asks for it. */
export interface Assigned {
  agents: Readonly<Record<string, Assignment>>;
  auto?: Choice;
  /** What keeps each agent in its worktree. */
  containment: Readonly<Record<string, Containment>>;
}

/** Fails where a task needs `auto` and no agent is there to be it. */
export async function assign(
  repository: Repository,
  { plan, config }: { plan: Plan; config: Config },
): Promise<Result<Assigned>> {
  const words = plan.tasks.map((task): [string, string] => [task.id, agentFor(task, config)]);
  const machine = thisMachine(repository.root);
  const auto = words.some(([, word]) => word === AUTO) ? chooseAgent(candidates(config, machine)) : undefined;
  if (auto && !auto.ok) return fail({ kind: 'refused', reason: auto.failure });
  const assigned = words.map(([id, word]): [string, Assignment] => {
    const name = word === AUTO ? (auto?.value.agent ?? '') : word;
    const agent = agentNamed(name);
    return [id, { name, manual: agent?.kind === 'manual', ...(agent?.kind === 'hosted' ? { home: agent.home } : {}) }];
  });
  return ok({
    agents: Object.fromEntries(assigned),
    ...(auto ? { auto: auto.value } : {}),
    containment: Object.fromEntries(assigned.flatMap(([, { name }]) => contained(name, config, machine))),
  });
}

function contained(name: string, config: Config, machine: Machine): [string, Containment][] {
  const agent = agentNamed(name);
  const containment = agent && containmentOf(agent, config.agents.settings[name] ?? {}, machine);
  return containment ? [[name, containment]] : [];
}

/** Why a program without agents of its own cannot do the whole plan, in words; undefined where it can. */
export function needsHome({ plan, config }: { plan: Plan; config: Config }): string | undefined {
  for (const task of plan.tasks) {
    const agent = agentNamed(agentFor(task, config));
    if (agent?.kind === 'hosted')
      return `"${task.title}" is for the agent "${agent.name}", which only ${agent.home} has: start this plan there, or give the task another agent.`;
  }
  return undefined;
}

/**
 * The adapter that does a task, or `auto`: what the task names, by its role, or the default. Of a task that names
 * nobody and brings a line to run, the shell is meant, unless a default was set.
 */
export function agentFor({ agent, run }: Pick<Task, 'agent' | 'run'>, config: Config): string {
  const standard = adapterOf(config.agents.default) ?? AUTO;
  if (agent === undefined) return standard === AUTO && run !== undefined ? 'shell' : standard;
  return adapterOf(config.agents.roles[agent] ?? agent) ?? standard;
}

/** The adapter or `auto` that a word means: by its name, or as a platform of another system; else undefined. */
export function adapterOf(word: string): string | undefined {
  if (agentNamed(word)) return word;
  const platform = platformOf(word);
  return platform && PLATFORM_AGENT[platform];
}

/** Words in orchestrate.yaml that mean no agent. */
export const unknownAgents = ({ agents }: Config): string[] =>
  [agents.default, ...Object.values(agents.roles)].filter((word) => adapterOf(word) === undefined);

/** What can stand where an agent is named. */
export const agentWords = (): string => [AUTO, ...AGENTS.map(({ name }) => name)].join(', ');
