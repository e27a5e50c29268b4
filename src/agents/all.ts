import type { Config } from '../model/config/config.ts';
import type { Agent } from './agent.ts';
import { acpAgent } from './acp/entry.ts';
import { claudeAcp, codexAcp, copilotAcp, geminiAcp, opencodeAcp } from './acp/known.ts';
import { claude } from './claude.ts';
import { codex } from './codex.ts';
import { copilot } from './copilot.ts';
import { editor } from './editor.ts';
import { gemini } from './gemini.ts';
import { manual } from './manual.ts';
import { opencode } from './opencode.ts';
import { shell } from './shell.ts';

/** Every agent there is. */
export const AGENTS: readonly Agent[] = [
  claude,
  codex,
  gemini,
  opencode,
  copilot,
  claudeAcp,
  codexAcp,
  geminiAcp,
  opencodeAcp,
  copilotAcp,
  editor,
  shell,
  manual,
];

export const agentNamed = (name: string): Agent | undefined => AGENTS.find((agent) => agent.name === name);

/** An agent by name in a run: also one that the configuration makes by saying how it is started and that it speaks ACP. */
export function agentIn({ agents }: Pick<Config, 'agents'>, name: string): Agent | undefined {
  const { acp, command } = agents.settings[name] ?? {};
  return agentNamed(name) ?? (acp && command ? acpAgent({ name, title: name, command }) : undefined);
}
