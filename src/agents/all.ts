import type { Agent } from './agent.ts';
import { shell } from './shell.ts';

/** Every agent there is. */
export const AGENTS: readonly Agent[] = [shell];

export const agentNamed = (name: string): Agent | undefined => AGENTS.find((agent) => agent.name === name);
