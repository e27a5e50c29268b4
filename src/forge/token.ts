import { homedir } from 'node:os';
import { fail, ok, type Result } from '../model/failure.ts';
import { type Environment, homeOf } from '../model/run/site.ts';
import { start } from '../process/spawn.ts';

/**
 * The token that a person has for just this host: in the environment, under the names that GitHub Actions and gh have
 * for it, else what gh was signed in with. What is meant for one host is never given for another.
 */
export async function tokenFor(host: string, env: Environment): Promise<Result<string>> {
  const token = tokenIn(host, env) ?? (await tokenOfGh(host, env));
  if (token !== undefined) return ok(token);
  const name = host === homeOf(env) ? 'set GITHUB_TOKEN' : `set GH_HOST=${host} and GH_ENTERPRISE_TOKEN`;
  return fail({
    kind: 'refused',
    reason: `There is no token for ${host}: ${name}, or sign in (gh auth login --hostname ${host}).`,
  });
}

const OF_HOME = ['GH_TOKEN', 'GITHUB_TOKEN'];
const OF_GH_HOST = ['GH_ENTERPRISE_TOKEN', 'GITHUB_ENTERPRISE_TOKEN'];

function tokenIn(host: string, env: Environment): string | undefined {
  const names = [...(host === homeOf(env) ? OF_HOME : []), ...(host === env['GH_HOST'] ? OF_GH_HOST : [])];
  return names.map((name) => env[name]?.trim()).find((token) => token !== undefined && token !== '');
}

/** A program that says nothing for so long is asked no longer. */
const PATIENCE = 10_000;

/** gh would answer with a token of the environment, whatever the host: it is asked without. Undefined without gh. */
function tokenOfGh(host: string, env: Environment): Promise<string | undefined> {
  const others = Object.entries(env).filter(([name]) => !OF_HOME.includes(name) && !OF_GH_HOST.includes(name));
  return new Promise((resolve) => {
    // In the home folder: where programs are looked for in the current one, it must not be a repository's.
    const child = start(
      { argv: ['gh', 'auth', 'token', '--hostname', host] },
      { cwd: homedir(), env: Object.fromEntries(others), stdio: ['ignore', 'pipe', 'ignore'], timeout: PATIENCE },
    );
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.once('error', () => resolve(undefined));
    child.once('close', (code) => resolve(code === 0 && said.trim() !== '' ? said.trim() : undefined));
  });
}
