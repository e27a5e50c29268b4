import { join } from 'node:path';
import type { Closing, Event, Intent } from '../../model/run/event.ts';
import { describe, fail, ok, type Result } from '../../model/failure.ts';
import { boundaryOf, crossed } from '../../model/crew/boundary.ts';
import { attemptOf, type Attempt, taskOf } from '../../model/run/state.ts';
import { publishBranch } from '../../git/branch.ts';
import { removeTree } from '../../git/checkout.ts';
import { foresee } from '../../git/forecast.ts';
import { buildCandidate } from '../../git/merge.ts';
import { pushCommit } from '../../git/push.ts';
import { moveRef, readRef, updateRefs } from '../../git/refs.ts';
import { takeResult } from '../../git/result.ts';
import { strayWrites } from '../../git/stray.ts';
import { removeWorktree } from '../../git/trash.ts';
import { createWorktree } from '../../git/worktree.ts';
import { sendOrder } from '../../process/job.ts';
import { putBack } from './anchor.ts';
import { keepBriefing } from './briefing.ts';
import { candidateMessage, resultMessage } from './messages.ts';
import { performJob } from './perform-job.ts';
import { asWritten } from '../plans/checkout-file.ts';
import { ownFiles } from '../plans/own-files.ts';
import { attemptFolder, gateTree, jobFolder, refs } from '../places.ts';
import type { IntentOf, Perform, PerformTable, Workshop } from './workshop.ts';

/** Performs one intent and says what came of it. Never throws for what can be expected. */
export function perform(shop: Workshop, intent: Event & Intent, known: 'fresh' | 'found'): Promise<Result<Closing>> {
  // The table pairs each type with its own function; the compiler cannot see that through the index.
  const work = TABLE[intent.type] as Perform<Intent['type']>;
  return work(shop, intent, known);
}

const TABLE: PerformTable = {
  'worktree.intended': makeWorktree,
  'job.intended': performJob,
  'cancel.intended': cancel,
  'steer.intended': steer,
  'result.intended': collect,
  'forecast.intended': compare,
  'candidate.intended': build,
  'merge.intended': merge,
  'rollback.intended': goBack,
  'removal.intended': remove,
  'branch.intended': publish,
  'push.intended': push,
  'tidying.intended': tidy,
};

async function makeWorktree({ ref, state }: Workshop, intent: IntentOf<'worktree.intended'>): Promise<Result<Closing>> {
  const { name, branch, base, carry } = intent;
  const path = join(state.root, state.config.worktrees.folder, name);
  const keep = attemptFolder(ref, name);
  const created = await createWorktree(ref.repository, {
    name,
    path,
    branch,
    base,
    keep,
    run: ref.run,
    copy: state.config.worktrees.copy,
    ...(carry ? { carry } : {}),
  });
  if (!created.ok) return created;
  const { carried, warnings } = created.value;
  const patch = created.value.carried === 'patch' ? created.value.patch : undefined;
  const briefed = await keepBriefing({
    ref,
    state,
    attempt: attemptOf(state, intent.task, intent.attempt),
    path,
    carried,
    ...(patch === undefined ? {} : { patch }),
  });
  return briefed.ok ? ok({ type: 'worktree.created', path, carried, warnings }) : briefed;
}

async function cancel(
  { ref, epoch }: Workshop,
  { intent, job }: IntentOf<'cancel.intended'>,
): Promise<Result<Closing>> {
  const sent = await sendOrder(jobFolder(ref, job), { id: intent, epoch, kind: 'cancel' });
  return sent.ok ? ok({ type: 'cancel.sent' }) : sent;
}

/** Sent again when it is found open: the runner follows it once and its reply is read again. */
async function steer(
  { ref, epoch, state, replies }: Workshop,
  { intent, job, steering }: IntentOf<'steer.intended'>,
): Promise<Result<Closing>> {
  if (!state.open.has(job)) return ok({ type: 'steer.replied', reply: { kind: 'missed' } });
  const reply = replies.to(intent, job);
  const sent = await sendOrder(jobFolder(ref, job), { id: intent, epoch, ...steering });
  return sent.ok ? ok({ type: 'steer.replied', reply: await reply }) : sent;
}

async function collect({ ref, state }: Workshop, intent: IntentOf<'result.intended'>): Promise<Result<Closing>> {
  const { run, repository } = ref;
  const attempt = attemptOf(state, intent.task, intent.attempt);
  const { task } = taskOf(state, intent.task);
  const [taken, stray] = await Promise.all([
    takeResult(repository, {
      path: attempt.path ?? '',
      branch: attempt.branch,
      base: attempt.base,
      keep: attemptFolder(ref, attempt.name),
      ref: refs.result(run, attempt.name),
      headRef: refs.head(run, attempt.name),
      message: resultMessage(state, task, attempt.number),
      author: state.author,
      date: intent.at,
      ...(state.planning ? {} : { planFile: state.planFile }),
      ...(task.scope ? { scope: task.scope } : {}),
      exempt: state.config.guard.exempt,
      integration: { ref: refs.integration(run), isKnown: (oid) => wasPutThere(state, oid) },
      startedAt: attempt.startedAt,
    }),
    strayWrites(repository, {
      since: attempt.startedAt,
      besides: ownFiles(state),
      worktrees: state.config.worktrees.folder,
      isOthers: asWritten(repository),
    }),
  ]);
  if (taken.ok) {
    const back = taken.value.findings.some(({ kind }) => kind === 'refsMoved')
      ? await putBack(ref, (oid) => wasPutThere(state, oid), state.integration)
      : ok(undefined);
    if (!back.ok) return back;
    const findings = [
      ...taken.value.findings,
      ...crossed(taken.value.paths, boundaryOf(state, task)),
      ...(stray.ok ? stray.value : []),
    ];
    return ok({ type: 'result.taken', ...taken.value, findings });
  }
  return taken.failure.kind === 'notFound' ? ok(gone(attempt)) : taken;
}

/** Integration is at a commit that the run merged, or is merging at this moment. */
const wasPutThere = (state: Workshop['state'], oid: string): boolean =>
  oid === state.base ||
  state.merges.some(({ commit }) => commit === oid) ||
  state.rollbacks.some(({ from }) => from === oid) ||
  [...state.open.values()].some((intent) => intent.type === 'merge.intended' && intent.new === oid);

/** Somebody removed the folder while the agent was in it: nothing can be taken, and another attempt is due. */
const gone = ({ path }: Attempt): Closing => ({
  type: 'result.taken',
  commit: null,
  paths: [],
  findings: [{ kind: 'worktreeGone', paths: [], detail: `its worktree ${path ?? ''} is gone` }],
});

/** Advice, which holds nothing up: what was removed or is over meanwhile conflicts with nothing. */
async function compare(
  { ref, state, note }: Workshop,
  { task, attempt: number, beside }: IntentOf<'forecast.intended'>,
): Promise<Result<Closing>> {
  const { path, base, name, stage } = attemptOf(state, task, number);
  if (path === undefined || stage.at === 'ended') return ok({ type: 'forecast.made', conflicts: [] });
  const results = beside.map((other) => ({
    ...other,
    paths: attemptOf(state, other.task, other.attempt).result?.paths ?? [],
  }));
  const foreseen = await foresee(ref.repository, { path, base, keep: attemptFolder(ref, name) }, results);
  if (!foreseen.ok) note(`It is not known what ${task} would conflict with: ${describe(foreseen.failure)}`);
  return ok({ type: 'forecast.made', conflicts: foreseen.ok ? foreseen.value : [] });
}

async function build({ ref, state }: Workshop, intent: IntentOf<'candidate.intended'>): Promise<Result<Closing>> {
  const { candidate, key, onto, members, at } = intent;
  const built = await buildCandidate(ref.repository, {
    onto,
    members,
    message: (merged) => candidateMessage(state, merged),
    author: state.author,
    date: at,
    ref: refs.candidate(ref.run, candidate, key),
  });
  if (!built.ok) return built;
  if (built.value.kind === 'built') return ok({ type: 'candidate.built', commit: built.value.commit });
  const { task, paths } = built.value;
  return ok({
    type: 'candidate.conflicted',
    task,
    paths,
    with: conflictPartners({ state, intent, task, paths, found: built.value.with }),
  });
}

/** Earlier members that touch the same paths, and tasks merged since the member's base that do. */
function conflictPartners({
  state,
  intent,
  task,
  paths,
  found,
}: {
  state: Workshop['state'];
  intent: IntentOf<'candidate.intended'>;
  task: string;
  paths: readonly string[];
  found: readonly string[];
}): string[] {
  const mine = intent.members.find((member) => member.task === task);
  const since = mine ? attemptOf(state, task, mine.attempt).startedAt : 0;
  const merged = state.merges.filter(({ at }) => at >= since).flatMap(({ members }) => members);
  const touching = merged.filter((member) =>
    attemptOf(state, member.task, member.attempt).result?.paths.some((path) => paths.includes(path)),
  );
  return [...new Set([...found, ...touching.map((member) => member.task)])];
}

/** Done before, to be done, or somebody else's doing: the ref itself tells. That is undone, and a person is told. */
async function merge({ ref }: Workshop, { old, new: tip }: IntentOf<'merge.intended'>): Promise<Result<Closing>> {
  const name = refs.integration(ref.run);
  const found = await readRef(ref.repository, name);
  if (!found.ok) return found;
  if (found.value === tip) return ok({ type: 'merge.done' });
  if (found.value !== old) {
    const back = await putBack(ref, (oid) => oid === old, old);
    const failure = {
      kind: 'refMoved',
      ref: name,
      expected: old,
      found: found.value ?? 'nothing',
      back: true,
    } as const;
    return back.ok ? fail(failure) : back;
  }
  const moved = await moveRef(ref.repository, { ref: name, old, new: tip });
  return moved.ok ? ok({ type: 'merge.done' }) : moved;
}

/** What was there stays under a ref of its own, written in the same step. */
async function goBack(
  { ref: { repository, run }, state }: Workshop,
  { number, from, to, publish: too }: IntentOf<'rollback.intended'>,
): Promise<Result<Closing>> {
  const name = refs.integration(run);
  const found = await readRef(repository, name);
  if (!found.ok) return found;
  const moves = [
    { ref: refs.undone(run, number), new: from },
    { ref: name, old: from, new: to },
  ];
  const moved = found.value === to ? ok(undefined) : await updateRefs(repository, moves);
  if (!moved.ok && moved.failure.kind === 'refMoved') await putBack({ repository, run }, (oid) => oid === from, from);
  if (!moved.ok || !too) return moved.ok ? ok({ type: 'rollback.done' }) : moved;
  const published = await publishBranch(repository, { planId: state.plan.id, commit: to, run });
  return published.ok ? ok({ type: 'rollback.done', branch: published.value.branch }) : published;
}

async function remove({ ref, state }: Workshop, intent: IntentOf<'removal.intended'>): Promise<Result<Closing>> {
  const { name, branch } = intent;
  const attempt = attemptOf(state, intent.task, intent.attempt);
  const removed = await removeWorktree(ref.repository, {
    run: ref.run,
    name,
    branch,
    path: attempt.path ?? join(state.root, state.config.worktrees.folder, name),
    ...(attempt.result?.commit ? { ref: attempt.result.commit } : {}),
  });
  return removed.ok ? ok({ type: 'worktree.removed', ...removed.value }) : removed;
}

async function publish({ ref, state }: Workshop, { commit }: IntentOf<'branch.intended'>): Promise<Result<Closing>> {
  const published = await publishBranch(ref.repository, { planId: state.plan.id, commit, run: ref.run });
  return published.ok ? ok({ type: 'branch.moved', branch: published.value.branch }) : published;
}

/** What the remote says is its outcome, whatever it says. */
async function push(
  { ref, leaving: { signal } }: Workshop,
  { remote, branches, commit }: IntentOf<'push.intended'>,
): Promise<Result<Closing>> {
  const pushed = await pushCommit(ref.repository, { remote, branches, commit, signal });
  // Cut short it has no outcome: whoever drives next sees it through.
  if (signal.aborted) return new Promise(() => undefined);
  if (!pushed.ok) return ok({ type: 'push.refused', reason: describe(pushed.failure) });
  const { value } = pushed;
  return ok(
    value.kind === 'pushed' ? { type: 'push.done', url: value.url } : { type: 'push.refused', reason: value.reason },
  );
}

async function tidy({ ref, state }: Workshop): Promise<Result<Closing>> {
  const removed = await removeTree(ref.repository, gateTree(state));
  return removed.ok ? ok({ type: 'tidying.done' }) : removed;
}
