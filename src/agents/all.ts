import type { Agent } from './agent.ts';
import { claude } from './claude.ts';
import { manual } from './manual.ts';
import { shell } from './shell.ts';

/** Every agent there is. */
export const AGENTS: readonly Agent[] = [claude, shell, manual];

export const agentNamed = (name: string): Agent | undefined => AGENTS.find((agent) => agent.name === name);
