import type { HostedAgent } from './agent.ts';
import { NONE } from './capabilities.ts';
import { LOOSENED } from './containment.ts';

/** Among its `args`: the model may run commands. */
export const ALLOW_COMMANDS = '--allow-commands';

/**
 * The language models of the editor, with tools of ours in the worktree. Only an editor has them, so the work itself
 * is in host/models/agent.ts.
 */
export const editor: HostedAgent = {
  kind: 'hosted',
  name: 'editor',
  title: "The editor's language models",
  home: 'an editor',
  containment: ({ args }) => (args?.includes(ALLOW_COMMANDS) ? LOOSENED : undefined),
  capabilities: {
    ...NONE,
    presetSession: true,
    messages: true,
    maxTurns: true,
    usage: true,
    finalEvent: true,
    needsAccount: true,
    sandbox: 'rules',
    commands: 'ifAllowed',
  },
};
