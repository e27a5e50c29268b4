/** Expected failures are values. `kind` is the truth; `describe` is the only place with words. */
export type Result<T, F = Failure> = { ok: true; value: T } | { ok: false; failure: F };

export type Failure =
  | { kind: 'git'; args: readonly string[]; exitCode: number | null; stderr: string }
  | { kind: 'gitMissing' }
  | { kind: 'gitTooOld'; found: string; needed: string }
  | { kind: 'notARepository'; path: string }
  | { kind: 'bareRepository'; path: string }
  | { kind: 'noCommits'; path: string }
  | {
      kind: 'invalid';
      file: string;
      problems: readonly { file?: string; line: number; column: number; message: string }[];
    }
  | { kind: 'unreadable'; file: string; message: string }
  | { kind: 'diskFull'; path: string }
  | { kind: 'io'; path: string; code: string; message: string }
  /** `back`: it was put where it was expected. */
  | { kind: 'refMoved'; ref: string; expected: string; found: string; back?: true }
  | { kind: 'isolation'; path: string; finding: string }
  | { kind: 'notFound'; what: string; name: string }
  | { kind: 'newerFormat'; file: string; found: number; known: number }
  | { kind: 'fenced'; epoch: number; by: number }
  | { kind: 'driven'; run: string; pid: number; host: string }
  | { kind: 'roundsSpent'; rounds: number }
  /** What a forge answered to what a person asked of it; without a status it could not be reached. */
  | { kind: 'forge'; host: string; status: number | null; message: string }
  | { kind: 'refused'; reason: string };

export const ok = <T>(value: T): { ok: true; value: T } => ({ ok: true, value });
export const fail = <F = Failure>(failure: F): { ok: false; failure: F } => ({ ok: false, failure });
/** What cannot be done as asked, with the reason for whoever asked. */
export const refuse = (reason: string): { ok: false; failure: Failure } => fail({ kind: 'refused', reason });

/** What to tell a person: what happened and, where we know it, what to do. */
export function describe(failure: Failure): string {
  switch (failure.kind) {
    case 'git':
      return `git ${failure.args.join(' ')} failed (${failure.exitCode ?? 'killed'}): ${failure.stderr.trim() || 'no message'}`;
    case 'gitMissing':
      return 'git was not found on PATH. Install git 2.38 or later.';
    case 'gitTooOld':
      return `git ${failure.found} is too old: Orchestrate needs git ${failure.needed} or later.`;
    case 'notARepository':
      return `${failure.path} is not inside a git repository. Run "git init" and make a first commit.`;
    case 'bareRepository':
      return `${failure.path} is a bare repository: open a checkout of it.`;
    case 'noCommits':
      return `The repository at ${failure.path} has no commit yet. Tasks start from a commit and see only what is in it: add your files and make one (git commit -m "Start", with --allow-empty where there are none).`;
    case 'invalid':
      return failure.problems.map((p) => `${p.file ?? failure.file}:${p.line}:${p.column}: ${p.message}`).join('\n');
    case 'unreadable':
      return `${failure.file} cannot be read: ${failure.message}`;
    case 'diskFull':
      return `The disk is full (${failure.path}). Free some space, then try again: nothing was lost.`;
    case 'io':
      return `${failure.path}: ${failure.message} (${failure.code})`;
    case 'refMoved':
      return `${failure.ref} is at ${failure.found.slice(0, 10)}, not at ${failure.expected.slice(0, 10)}: somebody else moved it${failure.back ? ', and it was put back' : ''}.`;
    case 'isolation':
      return `The worktree ${failure.path} is not isolated: ${failure.finding}`;
    case 'notFound':
      return `There is no ${failure.what} "${failure.name}".`;
    case 'newerFormat':
      return `${failure.file} was written by a newer Orchestrate (format ${failure.found}, this one knows ${failure.known}). Update Orchestrate.`;
    case 'fenced':
      return `Another Orchestrate took over this run (epoch ${failure.by} after ${failure.epoch}).`;
    case 'driven':
      return `Run ${failure.run} is driven by process ${failure.pid} on ${failure.host}.`;
    case 'roundsSpent':
      return `The plan was made anew ${failure.rounds === 1 ? 'once' : `${failure.rounds} times`} (planning.rounds). Edit its file, approve it, or have it made once more.`;
    case 'forge':
      return `${failure.host} ${forgeWords(failure.status)}: ${failure.message}`;
    case 'refused':
      return failure.reason;
  }
}

function forgeWords(status: number | null): string {
  if (status === null) return 'could not be reached';
  if (status === 401) return 'does not know the token (401)';
  if (status === 403) return 'does not allow it to this token, which needs pull requests and checks (403)';
  return status === 404 ? 'shows no such repository to this token (404)' : `did not do it (${status})`;
}
