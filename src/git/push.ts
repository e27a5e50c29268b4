import { ok, type Result } from '../model/failure.ts';
import type { Repository } from './repository.ts';
import { type Exit, type GitOptions, runGit } from './run.ts';

export interface PushOrder {
  remote: string;
  branches: readonly string[];
  commit: string;
  signal: AbortSignal;
}

export type Pushed = { kind: 'pushed'; url: string } | { kind: 'refused'; reason: string };

/**
 * Moves branches of a remote to a commit, all or none, and only forwards: never forced. Done twice it is done once. It
 * asks nobody for anything: where a password is wanted, it is refused. The repository's own hooks are not run, since its
 * gates have; those of the remote are, and what they say is the reason.
 */
export async function pushCommit(
  repo: Repository,
  { remote, branches, commit, signal }: PushOrder,
): Promise<Result<Pushed>> {
  const asked = { cwd: repo.root, gitDir: repo.gitDir };
  const address = await runGit(['remote', 'get-url', '--push', remote], asked);
  if (!address.ok) return address;
  if (address.value.code !== 0) return noRemote(asked, remote);
  const command = await sshCommand(asked);
  if (!command.ok) return command;
  const refspecs = branches.map((branch) => `${commit}:refs/heads/${branch}`);
  const args = [...QUIETLY, 'push', '--porcelain', ...PLAINLY, ...(branches.length > 1 ? ['--atomic'] : []), remote];
  const env = { ...SILENT, GIT_SSH_COMMAND: command.value };
  const told = await runGit([...args, ...refspecs], { ...asked, env, signal });
  if (!told.ok) return told;
  if (told.value.code === 0) return ok({ kind: 'pushed', url: withoutSecrets(address.value.stdout.trim()) });
  return ok({ kind: 'refused', reason: withoutSecrets(whyRefused(remote, told.value)) });
}

/** Nobody waits for a server that has fallen silent. */
const QUIETLY = ['-c', 'credential.interactive=false', '-c', 'http.lowSpeedLimit=1', '-c', 'http.lowSpeedTime=60'];
/** Whatever is configured: no tags with it, no submodules, no signature that asks for a key. */
const PLAINLY = ['--no-follow-tags', '--recurse-submodules=no', '--no-signed'];
/** An empty program to ask with is none, and stands above every other one. */
const SILENT = { GIT_ASKPASS: '', SSH_ASKPASS_REQUIRE: 'never', GCM_INTERACTIVE: 'never' };

async function noRemote(asked: GitOptions, remote: string): Promise<Result<Pushed>> {
  const listed = await runGit(['remote'], asked);
  if (!listed.ok) return listed;
  const known = listed.value.stdout.split('\n').filter((name) => name !== '');
  const others = known.length > 0 ? `known are ${known.join(', ')}` : `git remote add ${remote} <address>`;
  return ok({ kind: 'refused', reason: `there is no remote "${remote}" here: ${others}` });
}

/** The user's own program, told to ask nothing and to notice when nobody answers. */
async function sshCommand(asked: GitOptions): Promise<Result<string>> {
  const configured = await runGit(['config', '--get', 'core.sshCommand'], asked);
  if (!configured.ok) return configured;
  const own = process.env['GIT_SSH_COMMAND'] ?? (configured.value.stdout.trim() || 'ssh');
  return ok(
    /plink/i.test(own) ? `${own} -batch` : `${own} -oBatchMode=yes -oConnectTimeout=30 -oServerAliveInterval=30`,
  );
}

/** `!<tab>from:to<tab>[rejected] (fetch first)`, and what the remote says; else git's own words. */
function whyRefused(remote: string, { stdout, stderr }: Exit): string {
  const refused = stdout.split('\n').flatMap((line) => {
    const [flag, refs = '', why = ''] = line.split('\t');
    const branch = refs.slice(refs.indexOf(':') + 1).replace(/^refs\/heads\//, '');
    return flag === '!' ? [`${branch} ${why}`] : [];
  });
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('hint: '));
  const said = lines.filter((line) => line.startsWith('remote: ')).map((line) => line.slice(8).trim());
  if (refused.length === 0)
    return `${lines.slice(-5).join('; ')}. Nothing was pushed, and nobody is asked for a password`;
  return [`${remote} did not take ${refused.join(', ')}`, ...said.slice(0, 5), 'Nothing was pushed'].join('. ');
}

/** An address may hold a password, and git repeats it. */
const withoutSecrets = (text: string): string => text.replaceAll(/(\w:\/\/)[^/@\s]+@/g, '$1');
