import type { AgentSettings } from '../model/config/config.ts';
import type { Containment } from '../model/crew/crew.ts';
import type { Agent, Capabilities, Machine } from './agent.ts';

/** What keeps an agent in its worktree here; undefined for a person. */
export async function containmentOf(
  agent: Agent,
  settings: AgentSettings,
  machine: Machine,
): Promise<Containment | undefined> {
  if (agent.kind === 'manual') return undefined;
  const own = await agent.containment?.(settings, machine);
  return own ?? { kind: agent.capabilities.sandbox, words: wordsFor(agent.capabilities) };
}

/** Of a program whose arguments allow it to run commands that its rules cannot see through. */
export const LOOSENED: Containment = {
  kind: 'rules',
  words: 'its arguments allow commands, and a command may do what you may do',
};

/** What each kind of containment leaves open. */
function wordsFor({ sandbox, commands }: Capabilities): string {
  switch (sandbox) {
    case 'system':
      return 'neither it nor a command it runs can write elsewhere';
    case 'rules':
      return commands === 'ifAllowed'
        ? 'its file tools do not write elsewhere, and it runs no commands'
        : 'its file tools do not write elsewhere, but a command it runs may do what you may do';
    case 'none':
      return 'it may do whatever you may do';
  }
}
