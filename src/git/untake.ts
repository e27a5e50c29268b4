import { join } from 'node:path';
import * as z from 'zod';
import { fail, ok, type Result } from '../model/failure.ts';
import { writeDurably } from '../process/durable.ts';
import { exists, io, readIfAny, removeFile } from './files.ts';
import { readHead, type Repository } from './repository.ts';
import { failureOf, git, runGit } from './run.ts';

const takingSchema = z.object({
  /** The checkout, by its root. */
  root: z.string(),
  /** The result's branch. */
  branch: z.string(),
  how: z.enum(['merge', 'checkout']),
  /** Where HEAD was, and where taking it led to; no branch where it was detached. */
  before: z.object({ commit: z.string(), branch: z.string().optional() }),
  after: z.object({ commit: z.string(), branch: z.string().optional() }),
});

/** How a result was last brought into a checkout of the repository. */
export type Taking = z.infer<typeof takingSchema>;

const fileOf = ({ state }: Repository): string => join(state, 'taken.json');

/** Keeps how it was, so that it can be undone. */
export const rememberTaking = (repo: Repository, taking: Taking): Promise<Result<unknown>> =>
  writeDurably(fileOf(repo), JSON.stringify(taking));

/**
 * Undoes the last taking of a result, where the checkout is as that left it: HEAD is where it was, nothing of it was
 * pushed, and no local change is in the way. Otherwise refused in words, and nothing is touched.
 */
export async function undoTaking(repo: Repository): Promise<Result<Taking>> {
  const known = await lastTaking(repo);
  if (!known.ok) return known;
  const taking = known.value;
  const reason = await objection(repo, taking);
  if (!reason.ok) return reason;
  if (reason.value !== undefined) return refuse(reason.value);
  const undone = await runGit(undoing(taking), { cwd: repo.root });
  if (!undone.ok) return undone;
  if (undone.value.code !== 0) return fail(failureOf(undoing(taking), undone.value, { cwd: repo.root }));
  const forgotten = await io(repo.state, async () => removeFile(fileOf(repo)));
  return forgotten.ok ? ok(taking) : forgotten;
}

async function lastTaking(repo: Repository): Promise<Result<Taking>> {
  const text = await io(repo.state, () => readIfAny(fileOf(repo)));
  if (!text.ok) return text;
  const taking = takingSchema.safeParse(parsed(text.value));
  if (!taking.success || taking.data.root !== repo.root) return refuse('No result was taken into this checkout.');
  return ok(taking.data);
}

/** Whoever wrote something else there took nothing. */
function parsed(text = 'null'): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Why it is too late; undefined where it is not. */
async function objection(repo: Repository, { branch, how, after }: Taking): Promise<Result<string | undefined>> {
  const [head, busy] = await Promise.all([
    readHead(repo),
    io(repo.gitDir, () => exists(join(repo.gitDir, 'MERGE_HEAD'))),
  ]);
  if (!head.ok) return head;
  if (!busy.ok) return busy;
  if (busy.value) return ok('A merge is in progress in this checkout: finish it first.');
  if (head.value.commit !== after.commit || head.value.branch !== after.branch)
    return ok(`The checkout is not where taking ${branch} left it: it is for you to undo, e.g. with git revert.`);
  if (how === 'checkout') return ok(undefined);
  const shared = await git(
    ['for-each-ref', '--count=1', '--contains', after.commit, '--format=%(refname:short)', 'refs/remotes'],
    {
      cwd: repo.root,
    },
  );
  if (!shared.ok || shared.value.trim() === '') return shared.ok ? ok(undefined) : shared;
  return ok(`It is on ${shared.value.trim()} already, where others may have it: undo it with git revert.`);
}

/** Both leave local changes alone, and refuse where one is in the way. */
function undoing({ how, before }: Taking): string[] {
  if (how === 'merge') return ['reset', '--keep', '--quiet', before.commit];
  return before.branch === undefined
    ? ['switch', '--quiet', '--detach', before.commit]
    : ['switch', '--quiet', before.branch];
}

const refuse = (reason: string) => fail({ kind: 'refused', reason } as const);
