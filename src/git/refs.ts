import { fail, ok, type Result } from '../model/failure.ts';
import { readLooseRef } from './loose.ts';
import { oidLength, type Repository } from './repository.ts';
import { failureOf, git, runGit } from './run.ts';

/** One change of a ref. `new: null` deletes it; `old: null` says it must not exist; no `old` says whatever it was. */
export interface RefChange {
  ref: string;
  new: string | null;
  old?: string | null;
}

/** Moves a ref by compare-and-swap. Fails as refMoved, with what was found there (empty: nothing). */
export function moveRef(
  repo: Repository,
  { ref, old, new: next }: { ref: string; old: string | null; new: string },
): Promise<Result<void>> {
  return updateRefs(repo, [{ ref, old, new: next }]);
}

/** All of the changes or none, in one transaction, with no hook of the repository run. */
export async function updateRefs(repo: Repository, changes: readonly RefChange[]): Promise<Result<void>> {
  if (changes.length === 0) return ok(undefined);
  const commands = changes.map((change) => command(repo, change));
  const options = { gitDir: repo.commonDir };
  let answer = '';
  const told = await repo.refWriter.ask(options, `start\0${commands.join('')}commit\0`, (chunk) => {
    answer += chunk.toString();
    return answer.length >= DONE.length;
  });
  if (!told.ok) return told;
  const reply = told.value;
  if (reply.kind === 'answered' && answer === DONE) return ok(undefined);
  const moved = await firstMoved(repo, changes);
  if (!moved.ok) return moved;
  const { code, stderr } = reply.kind === 'ended' ? reply : { code: 0, stderr: answer };
  return fail(moved.value ?? failureOf(['update-ref', '--stdin'], { code, stderr }, options));
}

/** What `update-ref --stdin` says to a transaction that came to pass; where one does not, it ends. */
const DONE = 'start: ok\ncommit: ok\n';

/** The oid a ref holds, or null where there is no such ref. */
export async function readRef(repo: Repository, ref: string): Promise<Result<string | null>> {
  const loose = await readLooseRef(repo.commonDir, ref);
  if (loose !== undefined) return ok(loose);
  const told = await runGit(['rev-parse', '--verify', '--quiet', '--end-of-options', ref], { gitDir: repo.commonDir });
  if (!told.ok) return told;
  const lines = told.value.stdout.trim().split('\n');
  return ok(told.value.code === 0 ? (lines.at(-1) ?? null) : null);
}

/** Every ref below a prefix (`refs/orchestrate/runs/x`), by name. */
export async function listRefs(repo: Repository, prefix: string): Promise<Result<Map<string, string>>> {
  const told = await git(['for-each-ref', '--format=%(refname) %(objectname)', prefix], { gitDir: repo.commonDir });
  if (!told.ok) return told;
  const lines = told.value.split('\n').filter((line) => line !== '');
  return ok(new Map(lines.map((line) => pair(line))));
}

/** Deletes every ref below a prefix. */
export async function deleteRefs(repo: Repository, prefix: string): Promise<Result<void>> {
  const refs = await listRefs(repo, prefix);
  if (!refs.ok) return refs;
  return updateRefs(
    repo,
    [...refs.value].map(([ref, old]) => ({ ref, old, new: null })),
  );
}

/** The first two words of a line, `name oid`. */
export function pair(line: string): [string, string] {
  const [name = '', oid = ''] = line.split(' ');
  return [name, oid];
}

export const noOid = (repo: Repository): string => '0'.repeat(2 * oidLength(repo));

function command(repo: Repository, { ref, old, new: next }: RefChange): string {
  const expected = old === undefined ? '' : (old ?? noOid(repo));
  return next === null ? `delete ${ref}\0${expected}\0` : `update ${ref}\0${next}\0${expected}\0`;
}

async function firstMoved(repo: Repository, changes: readonly RefChange[]) {
  for (const { ref, old } of changes) {
    if (old === undefined) continue;
    const found = await readRef(repo, ref);
    if (!found.ok) return found;
    if (found.value !== old) {
      return ok({ kind: 'refMoved' as const, ref, expected: old ?? '', found: found.value ?? '' });
    }
  }
  return ok(undefined);
}
