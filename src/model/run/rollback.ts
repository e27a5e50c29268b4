import type { AttemptFailure, Event, Intent, Member, Rollback } from './event.ts';
import { attemptOf, type Attempt, latest, type RunState, type TakenBack, taskOf, type TaskState } from './state.ts';
import { enliven, forgive, move, rearrange } from './transitions.ts';

/** What goes and what stays. Pure: what a person is shown is what is done, as long as nothing more is merged. */
export function rollbackOf(state: RunState, tasks: Iterable<string>): Rollback {
  const gone = new Set(standingOn(state, tasks).filter((id) => hasBegun(taskOf(state, id))));
  const first = state.merges.findIndex(({ members }) => members.some(({ task }) => gone.has(task)));
  const stay = first < 0 ? state.merges.length : first;
  const bases = new Set([state.base, ...state.merges.slice(0, stay).map(({ commit }) => commit)]);
  const later = state.merges.slice(stay).flatMap(({ members }) => members.filter(({ task }) => !gone.has(task)));
  const [kept, moved] = parted(later, (member) => bases.has(attemptOf(state, member.task, member.attempt).base));
  const isUprooted = ({ task, base }: Attempt): boolean => !gone.has(task) && !bases.has(base);
  const queued = [...state.queued.values()].flatMap((ofWave) => [...ofWave]).filter(isUprooted);
  return {
    from: state.integration,
    to: stay === 0 ? state.base : (state.merges[stay - 1]?.commit ?? state.base),
    stay,
    gone: [...gone],
    kept,
    brought: [...moved, ...queued].map(({ task }) => task),
  };
}

/** Merged tasks: of a wave, or of all. */
export const mergedTasks = (state: RunState, wave?: number): string[] =>
  state.merges
    .flatMap(({ members }) => members.map(({ task }) => task))
    .filter((id) => wave === undefined || taskOf(state, id).wave === wave);

/** Whether something that it made is part of the result. */
export function isMerged(task: TaskState): boolean {
  const stage = latest(task)?.stage;
  return stage?.at === 'merged' && stage.commit !== null;
}

/** Whether an attempt began on a commit that is not part of the result any more. */
export const isStale = ({ base, merges, rollbacks }: RunState, attempt: Attempt): boolean =>
  rollbacks.length > 0 && attempt.base !== base && !merges.some(({ commit }) => commit === attempt.base);

/** Why an attempt is over although nothing was wrong with it. `brought`: its change is tried on today's tip. */
export const takenBack = (brought: boolean): AttemptFailure => ({
  kind: 'takenBack',
  type: 'transient',
  message: brought ? 'what it began on was taken back: its change is tried without that' : 'it was taken back',
  brought,
});

/** Whether the attempt only tries what the one before it made, which applied as it is: no agent is needed. */
export function isBrought(state: RunState, { task, number, carried }: Attempt): boolean {
  const former = taskOf(state, task).attempts[number - 2]?.stage;
  return (
    carried === 'applied' && former?.at === 'ended' && former.failure.kind === 'takenBack' && former.failure.brought
  );
}

/** Folds that the result is back where it was. */
export function rolledBack(state: RunState, intent: Event & Intent & { type: 'rollback.intended' }): void {
  const undone = state.merges.splice(intent.stay);
  state.integration = intent.to;
  for (const id of intent.gone) withdraw(state, taskOf(state, id), takenBack(false));
  for (const id of intent.brought) withdraw(state, taskOf(state, id), takenBack(true));
  for (const member of intent.kept) queueAgain(state, member);
  closeRollback(state, { from: intent.from, to: intent.to, gone: intent.gone, merges: undone, at: state.at });
  rearrange(state);
}

/** What was asked for is done. */
function closeRollback(state: RunState, done: TakenBack): void {
  const { rollback } = state;
  const wave = rollback?.wave === undefined ? {} : { wave: rollback.wave };
  state.rollbacks.push({ ...done, ...wave });
  delete state.rollback;
  for (const id of rollback?.tasks ?? []) if (rollback?.comment) taskOf(state, id).comment = rollback.comment;
  if (rollback?.afterwards === 'pause' && !state.cancelled)
    state.paused = { reason: rollback.reason, halt: false, at: state.at };
}

/** Tasks and all that depend on them, in plan order. */
function standingOn({ tasks }: RunState, named: Iterable<string>): string[] {
  const found = new Set(named);
  for (let before = -1; before < found.size;) {
    before = found.size;
    for (const { task } of tasks.values()) if (task.dependencies.some((id) => found.has(id))) found.add(task.id);
  }
  return [...tasks.keys()].filter((id) => found.has(id));
}

/** In this run; what a person skipped stays skipped. */
const hasBegun = ({ attempts, settled }: TaskState): boolean => attempts.length > 0 && settled?.kind !== 'skipped';

function withdraw(state: RunState, task: TaskState, failure: AttemptFailure): void {
  const attempt = latest(task);
  if (attempt) move(state, attempt, { at: 'ended', failure, next: { kind: 'again' } });
  forgive(state, task);
}

/** Its result is as good as it was; whether it goes together with the others is found out again. */
function queueAgain(state: RunState, { task, attempt: number, commit }: Member): void {
  const attempt = attemptOf(state, task, number);
  delete taskOf(state, task).settled;
  enliven(state, attempt);
  move(state, attempt, { at: 'queued', commit });
}

function parted<T>(all: readonly T[], isFirst: (one: T) => boolean): [T[], T[]] {
  return [all.filter(isFirst), all.filter((one) => !isFirst(one))];
}
