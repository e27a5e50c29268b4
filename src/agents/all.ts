import type { Agent } from './agent.ts';
import { claude } from './claude.ts';
import { codex } from './codex.ts';
import { copilot } from './copilot.ts';
import { editor } from './editor.ts';
import { gemini } from './gemini.ts';
import { manual } from './manual.ts';
import { opencode } from './opencode.ts';
import { shell } from './shell.ts';

/** Every agent there is. */
export const AGENTS: readonly Agent[] = [claude, codex, gemini, opencode, copilot, editor, shell, manual];

export const agentNamed = (name: string): Agent | undefined => AGENTS.find((agent) => agent.name === name);
