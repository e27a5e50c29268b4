import type { Config } from '../config/config.ts';
import { Frontier, type Node } from '../schedule/frontier.ts';
import { matesOf } from './contest.ts';
import { type Attempt, type Graph, rivalsOf, type RunState, type Stage, type TaskState } from './state.ts';

export function frontierOf(tasks: ReadonlyMap<string, TaskState>, graph: Graph, config: Config): Frontier {
  const frontier = new Frontier(nodesOf(tasks, graph), config.mode !== 'continuous');
  for (const { task, settled, attempts } of tasks.values()) {
    if (settled?.kind === 'failed') frontier.block(task.id);
    else if (settled) frontier.settle(task.id);
    else if (attempts.at(-1) && isLive(attempts.at(-1))) frontier.take(task.id);
  }
  return frontier;
}

/** What the frontier knows of the tasks. */
export const nodesOf = (tasks: ReadonlyMap<string, TaskState>, { urgency }: Graph): Node[] =>
  [...tasks.values()].map(({ task: { id, dependencies, priority }, wave }) => ({
    id,
    dependencies,
    priority,
    wave,
    urgency: urgency.get(id) ?? 0,
  }));

export const isLive = (attempt: Attempt | undefined): boolean =>
  attempt !== undefined && attempt.stage.at !== 'ended' && attempt.stage.at !== 'merged';

/** The one place where a task's end, or its reopening, reaches the frontier. */
export function settle(state: RunState, task: TaskState, settled: NonNullable<TaskState['settled']>): void {
  if (task.settled?.kind === settled.kind) return;
  const reopened = task.settled !== undefined;
  task.settled = settled;
  const attempt = task.attempts.at(-1);
  // A person skips it while it waits to be merged: it waits no more, and is put down.
  if (attempt && dequeue(state, attempt)) state.active.add(attempt);
  if (reopened) state.frontier = frontierOf(state.tasks, state.graph, state.config);
  else if (settled.kind === 'failed') state.frontier.block(task.task.id);
  else state.frontier.settle(task.task.id);
}

/** Moves an attempt to a stage and keeps the sets of attempts true. */
export function move(state: RunState, attempt: Attempt, stage: Stage): void {
  dequeue(state, attempt);
  attempt.stage = stage;
  if (stage.at === 'queued') return enqueue(state, attempt);
  if (isLive(attempt)) return enliven(state, attempt);
  state.live.delete(attempt);
  state.active.delete(attempt);
  if (attempt.worktree === 'there') state.leftovers.add(attempt);
}

/** An attempt has begun, or is at work again. */
export function enliven(state: RunState, attempt: Attempt): void {
  state.live.add(attempt);
  state.active.add(attempt);
}

function enqueue(state: RunState, attempt: Attempt): void {
  const wave = waveOf(state, attempt.task);
  state.active.delete(attempt);
  state.queued.set(wave, (state.queued.get(wave) ?? new Set()).add(attempt));
  contest(state, attempt);
}

/** A task of the same wave, or of an earlier one that was opened again, may wait for what is queued. */
function contest(state: RunState, attempt: Attempt): void {
  const wave = waveOf(state, attempt.task);
  const rivals = [...rivalsOf(state, attempt.task)];
  if (rivals.some((other) => waveOf(state, other) <= wave)) state.contested.add(attempt);
}

/** The tasks or what is between them are others than before. */
export function rearrange(state: RunState): void {
  state.frontier = frontierOf(state.tasks, state.graph, state.config);
  contestAll(state);
}

/**
 * Tasks that were seen not to go together: from now on each waits until the other is merged, as if the plan said so. Begun
 * before, it would be made without the change that it does not go with, and meet it again.
 */
export function keepApart(state: RunState, id: string, others: readonly string[]): void {
  const conflicts = new Map(state.graph.conflicts);
  const join = (a: string, b: string): unknown => conflicts.set(a, new Set(conflicts.get(a)).add(b));
  for (const other of others) {
    if (other === id || !state.tasks.has(other)) continue;
    join(id, other);
    join(other, id);
  }
  state.graph = { ...state.graph, conflicts };
  contestAll(state);
}

function contestAll(state: RunState): void {
  state.contested.clear();
  for (const ofWave of state.queued.values()) for (const attempt of ofWave) contest(state, attempt);
}

/** Whether it was in the queue. */
function dequeue(state: RunState, attempt: Attempt): boolean {
  const wave = waveOf(state, attempt.task);
  const ofWave = state.queued.get(wave);
  if (!ofWave?.delete(attempt)) return false;
  if (ofWave.size === 0) state.queued.delete(wave);
  state.contested.delete(attempt);
  return true;
}

const waveOf = ({ tasks }: RunState, id: string): number => tasks.get(id)?.wave ?? 0;

/** A person gives a settled task another chance: what it blocked waits for it again. */
export function reopen(state: RunState, task: TaskState, comment: string | undefined): void {
  forgive(state, task);
  if (comment) task.comment = comment;
  for (const mate of matesOf(state, task.task.id)) standBack(state, mate);
  state.cancelled = false;
  delete state.ended;
  state.frontier = frontierOf(state.tasks, state.graph, state.config);
}

/** Who gave up holds nothing up while another is at the same task again. */
function standBack(state: RunState, task: TaskState): void {
  if (task.settled?.kind !== 'failed') return;
  task.settled = { kind: 'skipped' };
  clearQuestions(state, task.task.id);
}

/** What was before does not count any more. */
export function forgive(state: RunState, task: TaskState): void {
  delete task.settled;
  delete task.retryAt;
  task.retries = 0;
  task.revisions = 0;
  task.countsFrom = task.attempts.length;
  delete task.stuck;
  clearQuestions(state, task.task.id);
}

export function clearQuestions(state: RunState, task: string): void {
  clearPick(state, task);
  for (const question of state.questions.values()) if (question.task === task) state.questions.delete(question.id);
}

/** One of the results that a person was to pick of is not what it was. */
export function clearPick({ questions }: RunState, task: string): void {
  for (const { id, kind, choices } of questions.values())
    if (kind === 'pick' && choices.some((choice) => choice.id === task)) questions.delete(id);
}

/** What was asked about a candidate that is no more. */
export function clearLooks({ questions }: RunState): void {
  for (const { id, kind, task } of questions.values())
    if (task === undefined && OF_CANDIDATES.has(kind)) questions.delete(id);
}

const OF_CANDIDATES: ReadonlySet<string> = new Set(['flaky', 'final', 'review', 'look', 'push']);

/** The run winds down, whatever it stood still for; what cannot be done on the way pauses it again. */
export function stop(state: RunState): void {
  state.cancelled = true;
  delete state.paused;
}
