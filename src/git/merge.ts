import { fail, ok, type Result } from '../model/failure.ts';
import { commitTree, type Author } from './commit.ts';
import { mergeContext } from './context.ts';
import { readDeltas, rememberDelta } from './delta.ts';
import { mergeTree } from './merge-tree.ts';
import { type Delta, fromBytes } from './objects.ts';
import { TouchedPaths } from './overlap.ts';
import { updateRefs } from './refs.ts';
import type { Repository } from './repository.ts';
import { isWhole, untilWhole } from './whole.ts';
import type { GitOptions } from './run.ts';
import { changeTree, treeOf } from './trees.ts';

export interface MergeMember {
  task: string;
  /** A result: one commit on its attempt's base, which is an ancestor of `onto`. */
  commit: string;
}

export interface CandidateOrder {
  /** The commit of integration. */
  onto: string;
  /** In plan order. */
  members: readonly MergeMember[];
  message: (members: readonly MergeMember[]) => string;
  author: Author;
  /** Epoch milliseconds. The same order gives the same commits. */
  date: number;
  /** Written to the commit built, so that git keeps it. */
  ref: string;
}

export type Candidate =
  | { kind: 'built'; commit: string }
  /** The member at which it stopped, and the earlier ones that touched the same paths (none: it is with `onto`). */
  | { kind: 'conflicted'; task: string; paths: string[]; with: string[] };

/**
 * Integration plus members, without a checkout. One member on top of `onto` is its own commit; members that touch
 * nothing in common become one commit; others are merged one by one. All three give the same tree.
 */
export async function buildCandidate(repo: Repository, order: CandidateOrder): Promise<Result<Candidate>> {
  const context = await mergeContext(repo, order.onto);
  if (!context.ok) return context;
  const changes = await readChanges(repo, context.value, order);
  if (!changes.ok) return changes;
  return untilWhole(
    () => buildOnce(repo, context.value, order, changes.value),
    async (built) => built.kind === 'conflicted' || isWhole(repo, { commit: built.commit, base: order.onto }),
  );
}

async function buildOnce(
  repo: Repository,
  context: GitOptions,
  order: CandidateOrder,
  changes: Changes,
): Promise<Result<Candidate>> {
  const built = await build(repo, context, order, changes);
  if (!built.ok || built.value.kind === 'conflicted') return built;
  const written = await updateRefs(repo, [{ ref: order.ref, new: built.value.commit }]);
  return written.ok ? built : written;
}

async function build(
  repo: Repository,
  context: GitOptions,
  order: CandidateOrder,
  { deltas, since }: Changes,
): Promise<Result<Candidate>> {
  const [only] = deltas;
  if (only === undefined) return ok({ kind: 'built', commit: order.onto });
  if (deltas.length === 1 && only.parent === order.onto) return ok({ kind: 'built', commit: only.commit });
  if (!areApart(deltas, since)) return mergeOneByOne(repo, context, order, deltas);
  const commit = await commitUnion(repo, context, order, deltas);
  return commit.ok ? ok({ kind: 'built', commit: commit.value }) : commit;
}

/** One commit with all changes and all parents, for members that are apart. Gives its oid. */
async function commitUnion(
  repo: Repository,
  context: GitOptions,
  { onto, members, message, author, date }: CandidateOrder,
  deltas: readonly Delta[],
): Promise<Result<string>> {
  const base = await treeOf(repo, onto);
  if (!base.ok) return base;
  const entries = deltas.flatMap((delta) => delta.entries);
  const tree = await changeTree(repo, base.value, entries);
  if (!tree.ok) return tree;
  const parents = [onto, ...deltas.map(({ commit }) => commit)];
  const made = await commitTree(context, { tree: tree.value, parents, message: message(members), author, date });
  if (!made.ok) return made;
  const paths = deltas.flatMap((delta) => delta.paths);
  rememberDelta(repo, { commit: made.value, parent: parents.join(' '), entries, paths });
  return made;
}

interface Changes {
  /** Each member's own. */
  deltas: Delta[];
  /** What happened on integration since each base that is not its tip: base → paths. */
  since: ReadonlyMap<string, readonly string[]>;
}

async function readChanges(
  repo: Repository,
  context: GitOptions,
  { onto, members }: CandidateOrder,
): Promise<Result<Changes>> {
  const read = await readDeltas(
    repo,
    context,
    members.map(({ commit }) => commit),
  );
  if (!read.ok) return read;
  const deltas = read.value;
  const odd = deltas.find(({ parent }) => parent === '' || parent.includes(' '));
  if (odd) return fail({ kind: 'refused', reason: `${odd.commit} is not one commit on one base.` });
  const bases = basesBeside(
    onto,
    deltas.map(({ parent }) => parent),
  );
  const known = bases.map((base) => touchedSince(repo, onto, base));
  const unknown = bases.filter((_, i) => known[i] === undefined);
  const asked = await readDeltas(
    repo,
    context,
    unknown.map((base) => `${onto} ${base}`),
  );
  if (!asked.ok) return asked;
  const rest = asked.value.values();
  return ok({ deltas, since: new Map(bases.map((base, i) => [base, known[i] ?? rest.next().value?.paths ?? []])) });
}

/**
 * Every path that a step from `base` to `onto` touched, where each of them was seen here: more than a comparison of the
 * two would tell, should one have been touched and put back.
 */
function touchedSince({ deltas }: Repository, onto: string, base: string): string[] | undefined {
  const paths: string[] = [];
  for (let at = onto; at !== base;) {
    const step = deltas.get(at);
    if (step === undefined) return undefined;
    paths.push(...step.paths);
    at = step.parent.split(' ', 1)[0] ?? '';
  }
  return paths;
}

const basesBeside = (onto: string, bases: readonly string[]): string[] =>
  [...new Set(bases)].filter((base) => base !== onto);

/** Whether no two members, and no member and what came before it, touch the same path or a folder of it. */
function areApart(deltas: readonly Delta[], since: ReadonlyMap<string, readonly string[]>): boolean {
  const before = new Map([...since].map(([base, paths]) => [base, touchedBy('', paths)]));
  const members = new TouchedPaths();
  return deltas.every((delta) => {
    const apart = members.whoTouched(delta.paths).size === 0 && !before.get(delta.parent)?.whoTouched(delta.paths).size;
    members.add(delta.commit, delta.paths);
    return apart;
  });
}

function touchedBy(owner: string, paths: readonly string[]): TouchedPaths {
  const touched = new TouchedPaths();
  touched.add(owner, paths);
  return touched;
}

interface Step {
  from: string;
  to: string;
  delta: Delta;
}

async function mergeOneByOne(
  repo: Repository,
  context: GitOptions,
  order: CandidateOrder,
  deltas: readonly Delta[],
): Promise<Result<Candidate>> {
  const touched = new TouchedPaths();
  const steps: Step[] = [];
  let tip = order.onto;
  for (const [i, member] of order.members.entries()) {
    const delta = deltas[i];
    if (delta === undefined) break;
    const merged = await mergeOne(context, order, tip, { delta, member });
    if (!merged.ok) return merged;
    if (typeof merged.value !== 'string') {
      const paths = merged.value;
      return ok({
        kind: 'conflicted',
        task: member.task,
        paths: paths.map(fromBytes),
        with: [...touched.whoTouched(paths)],
      });
    }
    touched.add(member.task, delta.paths);
    steps.push({ from: tip, to: merged.value, delta });
    tip = merged.value;
  }
  const sound = await verify(repo, context, steps);
  return sound.ok ? ok({ kind: 'built', commit: tip }) : sound;
}

/** The new tip, or the paths in conflict. */
async function mergeOne(
  context: GitOptions,
  order: CandidateOrder,
  tip: string,
  { delta, member }: { delta: Delta; member: MergeMember },
): Promise<Result<string | string[]>> {
  if (delta.parent === tip) return ok(delta.commit);
  const merged = await mergeTree(context, tip, delta.commit);
  if (!merged.ok) return merged;
  if ('conflicts' in merged.value) return ok(merged.value.conflicts);
  const { author, date } = order;
  return commitTree(context, {
    tree: merged.value.tree,
    parents: [tip, delta.commit],
    message: order.message([member]),
    author,
    date,
  });
}

/** No merge may change a path neither side changed. */
async function verify(repo: Repository, context: GitOptions, steps: readonly Step[]): Promise<Result<void>> {
  const merges = steps.filter(({ to, delta }) => to !== delta.commit);
  const read = await readDeltas(
    repo,
    context,
    merges.flatMap(({ from, to, delta }) => [`${to} ${from}`, `${from} ${delta.parent}`]),
  );
  if (!read.ok) return read;
  for (const [i, { delta }] of merges.entries()) {
    const allowed = new Set([...delta.paths, ...(read.value[2 * i + 1]?.paths ?? [])]);
    const stray = read.value[2 * i]?.paths.find((path) => !allowed.has(path));
    if (stray !== undefined) {
      return fail({ kind: 'refused', reason: `Merging changed ${fromBytes(stray)}, which neither side had changed.` });
    }
  }
  return ok(undefined);
}
