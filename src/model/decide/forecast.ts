import type { Foreseen } from '../run/event.ts';
import { type Attempt, type RunState, taskOf } from '../run/state.ts';
import type { Draft } from './draft.ts';

/** Compares what an attempt has made so far with results that were accepted meanwhile, and warns who makes it. */
export function foresee(draft: Draft, attempt: Attempt): void {
  const { task, number, forecast, beside, foreseen, warned } = attempt;
  if (forecast === 'due' && !isCompared(draft.state, attempt)) {
    draft.intend({ type: 'forecast.intended', task, attempt: number, beside: [...beside] });
  }
  const conflicts = foreseen.filter((other) => !warned.has(other.task));
  if (conflicts.length === 0) return;
  const text = warning(draft.state, conflicts);
  draft.conclude({ type: 'conflict.foreseen', task, attempt: number, conflicts, text });
}

/** The comparison that is under way began before something else was accepted. */
const isCompared = ({ open }: RunState, { task, number }: Attempt): boolean =>
  [...open.values()].some(
    (intent) => intent.type === 'forecast.intended' && intent.task === task && intent.attempt === number,
  );

const warning = (state: RunState, conflicts: readonly Foreseen[]): string =>
  [
    'Another task was finished meanwhile, and what you have made so far could not be merged with it:',
    ...conflicts.map(
      ({ task, paths, commit }) =>
        `- "${taskOf(state, task).task.title}" in ${paths.join(', ')} (commit ${commit.slice(0, 12)})`,
    ),
    'Where your task allows it, leave the places that it changed as you found them. Where it does not, go on as you are:',
    'you will be asked to bring your change into what is merged. Do not merge, rebase or cherry-pick yourself.',
  ].join('\n');
