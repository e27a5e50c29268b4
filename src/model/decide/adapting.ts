import { adaptation } from '../run/adapting.ts';
import { diagnose, type Diagnosis, failedTasks } from '../run/diagnosis.ts';
import type { Draft } from './draft.ts';

/**
 * Before a wave begins: what the one before it says about what is left. Where its failures lie in the plan, nothing more
 * is begun before a person says whether it is made anew. Whether anything was decided: then it is dispatched from that.
 */
export function adaptWaves(draft: Draft): boolean {
  const { state, now } = draft;
  const adapted = state.live.size === 0 && !state.candidate ? adaptation(state) : undefined;
  if (!adapted) return false;
  draft.conclude({ type: 'waves.adapted', ...adapted });
  const failed = failedTasks(state).filter(({ wave }) => wave === adapted.after);
  const inPlan = diagnose(state, failed, now)
    .filter(adviceIsReplan)
    .map(({ task: { task } }) => task.id);
  if (inPlan.length > 0) draft.conclude({ type: 'run.paused', reason: pauseWords(adapted.after, inPlan), halt: false });
  return true;
}

const adviceIsReplan = ({ options }: Diagnosis): boolean =>
  options.some(({ remedy, because }) => remedy === 'replan' && because !== undefined);

const pauseWords = (wave: number, tasks: readonly string[]): string =>
  `wave ${wave} is over, and what failed in it lies in the plan (${tasks.slice(0, 3).join(', ')}): have it made anew (orchestrate why ${tasks[0] ?? ''} says how), or resume`;
