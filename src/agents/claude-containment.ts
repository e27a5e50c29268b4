import type { AgentSettings } from '../model/config/config.ts';
import type { Containment } from '../model/crew/crew.ts';
import { findProgram, start } from '../process/spawn.ts';
import type { Machine } from './agent.ts';
import { LOOSENED } from './containment.ts';

/**
 * Settings of Claude Code with which its commands run in its own sandbox: they need not be allowed one by one, none runs
 * without it, and where it cannot be made the program says so and ends.
 */
export const SANDBOX = JSON.stringify({
  sandbox: {
    enabled: true,
    autoAllowBashIfSandboxed: true,
    allowUnsandboxedCommands: false,
    failIfUnavailable: true,
  },
});

/** Arguments with which a person chose rules of their own. */
const OWN_RULES = /^--(?:allowed-?[tT]ools|dangerously-skip-permissions|settings|permission-mode)\b/;

/** Held by the system on Linux where bubblewrap and socat are there and may be used; else its rules refuse commands. */
export async function containment(
  { args = [], env }: AgentSettings,
  machine: Machine,
): Promise<Containment | undefined> {
  if (args.some((arg) => OWN_RULES.test(arg))) return LOOSENED;
  const own = { ...machine, env: { ...machine.env, ...env } };
  if (machine.platform !== 'linux') return undefined;
  return (await canSandbox(own)) ? SANDBOXED : BY_RULES;
}

const SANDBOXED: Containment = {
  kind: 'system',
  words: 'a command it runs can neither write elsewhere nor use the network; its file tools are held by its own rules',
};

const BY_RULES: Containment = {
  kind: 'rules',
  words:
    'its file tools do not write elsewhere, and it runs no commands; where bubblewrap and socat can be used it runs them in a sandbox',
};

/** Some systems have bubblewrap and forbid its use, so it is tried. */
async function canSandbox({ env, cwd }: Machine): Promise<boolean> {
  const [bwrap, socat] = ['bwrap', 'socat'].map((program) => findProgram(program, env, cwd));
  if (bwrap === undefined || socat === undefined) return false;
  const child = start(
    { argv: [bwrap, '--ro-bind', '/', '/', '--dev', '/dev', '--unshare-net', '--unshare-pid', 'true'] },
    { cwd, env, stdio: 'ignore', timeout: 5_000 },
  );
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}
