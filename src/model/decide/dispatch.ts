import type { Config } from '../config/config.ts';
import type { Finding } from '../run/event.ts';
import { attemptName } from '../text/names.ts';
import { type Attempt, latest, rivalsOf, type RunState, type TaskState, taskOf } from '../run/state.ts';
import { adaptWaves } from './adapting.ts';
import { openings } from './batch.ts';
import { withinBudget } from './budget.ts';
import { consequence } from './consequence.ts';
import type { Draft } from './draft.ts';
import { hasPassed, matesOf } from '../run/contest.ts';
import { isInQuestion } from '../run/revision.ts';
import { mayDispatch } from './limits.ts';
import { Admission } from '../crew/admission.ts';
import { waitForMachine } from './room.ts';

/**
 * Starts what may start, most urgent first, up to the limit of agents and as many as the machine has room for; never two
 * tasks that conflict. Nobody overtakes one that waits for the machine, or it would wait for ever.
 */
export function dispatch(draft: Draft): void {
  const { state } = draft;
  if (!withinBudget(draft) || adaptWaves(draft)) return;
  const started = new Set<string>();
  const admission = new Admission(state, draft.now);
  if (admission.places <= 0) return;
  let fresh = openings(state);
  const held = heldWaves(state);
  state.frontier.offer((id) => {
    const task = taskOf(state, id);
    if (isInQuestion(state, id) || waits(draft, task) || conflictsWithLive(state, id, started)) return true;
    if (!draft.isAtHome(id) || !mayDispatch(draft, id)) return true;
    if (task.attempts.length === 0 && (held(task.wave) || (fresh -= 1) < 0)) return true;
    if (admission.heldBy(id)) {
      waitForMachine(draft);
      return false;
    }
    begin(draft, task);
    started.add(id);
    admission.begin(id);
    return admission.places > 0;
  });
}

/**
 * With `on_failure: pause`, of all or of the gate it failed at, no task of a wave is begun while a person is asked how a
 * failed one of it goes on; where waves follow each other, no later one either. What was begun goes on, its retries too.
 */
function heldWaves({ config, questions, tasks }: RunState): (wave: number) => boolean {
  const asked = [...questions.values()].filter(({ kind }) => kind === 'escalated');
  const failed = asked.flatMap(({ task = '' }) => tasks.get(task) ?? []);
  const held = new Set(failed.flatMap((task) => (isHolding(config, task) ? task.wave : [])));
  const first = Math.min(...held);
  return (wave) => held.has(wave) || (config.mode !== 'continuous' && wave > first);
}

function isHolding(config: Config, task: TaskState): boolean {
  const stage = latest(task)?.stage;
  return consequence(config, stage?.at === 'ended' ? stage.failure : undefined) === 'pause';
}

function waits(draft: Draft, task: TaskState): boolean {
  if (task.claimed) {
    askClaim(draft, task);
    return true;
  }
  if (task.task.leave !== undefined && !task.allowed && !draft.state.agents[task.task.id]?.manual) {
    askLeave(draft, task);
    return true;
  }
  if (task.retryAt === undefined || task.retryAt <= draft.now) return false;
  draft.wake(task.retryAt);
  return true;
}

/** A conflicting task waits until the other is merged, so that it starts from the other's result. */
function conflictsWithLive(state: RunState, id: string, started: ReadonlySet<string>): boolean {
  const isLive = (other: string): boolean => {
    const attempt = latest(taskOf(state, other));
    return attempt !== undefined && state.live.has(attempt) && !waitsForClosed(state, attempt);
  };
  return [...rivalsOf(state, id)].some((other) => started.has(other) || isLive(other));
}

/** A result that waits until others have been at its task, who may wait for the very task that would wait for it. */
const waitsForClosed = (state: RunState, attempt: Attempt): boolean =>
  hasPassed(attempt) && matesOf(state, attempt.task).some((mate) => !mate.settled && !mayGoOn(state, mate));

function mayGoOn({ live, frontier }: RunState, task: TaskState): boolean {
  const attempt = latest(task);
  return (attempt !== undefined && live.has(attempt)) || frontier.isReady(task.task.id);
}

function begin(draft: Draft, task: TaskState): void {
  const { state } = draft;
  const { id } = task.task;
  const former = latest(task);
  const attempt = task.attempts.length + 1;
  const name = attemptName(state.run, id, attempt);
  // Another way is not found by mending the one before.
  const carry =
    former && task.stuck === undefined && carries(former)
      ? { carry: { result: former.result?.commit ?? '', base: former.base } }
      : {};
  draft.intend({
    type: 'worktree.intended',
    task: id,
    attempt,
    name,
    branch: state.config.worktrees.branch.replaceAll('{name}', name).replaceAll('{task}', name.slice(0, -9)),
    base: state.integration,
    ...carry,
  });
}

/** What an agent mends in its change rather than begin anew. */
const MENDED: ReadonlySet<Finding['kind']> = new Set([
  'conflictMarkers',
  'outsideScope',
  'outsideRole',
  'protectedFile',
  'criteriaChanged',
]);

/** A change is carried into the next attempt unless it is half done by an accident or is itself what was wrong. */
function carries({ result, stage, gates }: Attempt): boolean {
  if (!result?.commit || stage.at !== 'ended') return false;
  const { kind } = stage.failure;
  if (kind === 'takenBack') return stage.failure.brought;
  if (kind === 'finding') return stage.failure.findings.every((finding) => MENDED.has(finding.kind));
  // What a person looked at and wants different is mended; what they did not allow is not.
  if (kind === 'rejected') return gates.at(-1)?.result === 'failed';
  return kind !== 'interrupted' && kind !== 'cancelled';
}

/** Once for all its attempts. A person who does it themselves needs no leave. */
function askLeave(draft: Draft, { task }: TaskState): void {
  draft.ask({
    id: `leave:${task.id}`,
    kind: 'leave',
    task: task.id,
    text: `"${task.title}" ${task.leave ?? ''}: may it begin?`,
    choices: [
      { id: 'accept', label: 'It may begin' },
      { id: 'reject', label: 'Go on without it' },
    ],
  });
}

function askClaim(draft: Draft, { task }: TaskState): void {
  draft.ask({
    id: `completed:${task.id}`,
    kind: 'completed',
    task: task.id,
    text: `The plan calls "${task.title}" completed, but ${draft.state.baseBranch ?? 'where the run begins'} has no commit of it. Was its result taken?`,
    choices: [
      { id: 'again', label: 'Run it' },
      { id: 'trust', label: 'It is done' },
    ],
  });
}
