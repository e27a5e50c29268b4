import { rollbackOf, takenBack } from '../run/rollback.ts';
import { type Attempt, type RunState, taskOf } from '../run/state.ts';
import { type Draft, isMerging, openJobs } from './draft.ts';
import { cancelJob, stopAttempt } from './put-down.ts';

/**
 * Takes back what was asked for. First nothing may be half way into the result any more: the candidate is given up, and
 * attempts that stand on what goes are stopped, their work kept as that of any cancelled one. All others work on.
 */
export function takeBack(draft: Draft): void {
  const { state } = draft;
  if (!state.rollback) return;
  for (const { intent, purpose } of openJobs(state)) if (purpose.kind === 'candidateGate') cancelJob(draft, intent);
  if (isMerging(state)) return;
  if (state.candidate) {
    const reason = 'results are taken back';
    draft.conclude({ type: 'candidate.dissolved', candidate: state.candidate.number, reason });
  }
  const { from, to, stay, gone, kept, brought } = rollbackOf(state, state.rollback.tasks);
  const standing = [...state.live].filter(({ task }) => gone.includes(task));
  for (const attempt of standing) stopAttempt(draft, attempt, { failure: takenBack(false), next: { kind: 'again' } });
  if (draft.events.length > 0 || standing.length > 0) return;
  const number = state.rollbacks.length + 1;
  const publish = state.published !== undefined;
  draft.intend({ type: 'rollback.intended', number, publish, from, to, stay, gone, kept, brought });
}

/**
 * With `on_failure: rollback` a wave in which a task fails for good has a second chance: what it has merged goes back,
 * and it begins anew. Whether it has; the next failure is asked of a person.
 */
export function givesWaveAnother(draft: Draft, attempt: Attempt): boolean {
  const { state } = draft;
  const { wave } = taskOf(state, attempt.task);
  if (state.rollback || state.rollbacks.some((one) => one.wave === wave)) return false;
  const reason = `"${attempt.task}" failed for good`;
  draft.conclude({ type: 'wave.failed', wave, tasks: [...ofWave(state, wave), attempt.task], reason });
  return true;
}

/** Tasks of the wave that are over, in whatever way but by a person's word. */
const ofWave = ({ tasks }: RunState, wave: number): string[] =>
  [...tasks.values()].flatMap((one) =>
    one.wave === wave && (one.settled?.kind === 'done' || one.settled?.kind === 'failed') ? one.task.id : [],
  );
