import { isVerdict, remarkLine } from '../review.ts';
import { latestRuns } from '../gate.ts';
import { pickedBefore } from '../run/contest.ts';
import { diagnose, type Diagnosis, failedTasks } from '../run/diagnosis.ts';
import { diagnosisWords, REMEDY } from '../shown/diagnosis-words.ts';
import { FINDING } from '../shown/failure-words.ts';
import { testedWhole } from '../shown/measure.ts';
import { currentPush } from '../run/push.ts';
import { latest, type RunState, type TaskState } from '../run/state.ts';
import { proofsOf, trace, type Traced } from '../run/trace.ts';
import { listed } from '../text/listed.ts';

/** Something that a run leaves behind for a person to know or to do. Plain text in which agents, gates and plans had a say. */
export interface Unresolved {
  text: string;
  details: readonly string[];
}

/** What failed or is not done, requirements without proof, and what was let pass; the gravest first. */
export function unresolvedIn(state: RunState, now: number): Unresolved[] {
  const all = failedTasks(state);
  const failed = diagnose(state, all.slice(0, MOST_DIAGNOSED), now);
  const told = new Set(failed.flatMap(({ impact }) => impact.requirements));
  return [
    ...failed.map(failedItem),
    ...moreFailed(all.length - MOST_DIAGNOSED),
    ...leftOut(state),
    ...trace(state)
      .filter(({ requirement }) => !told.has(requirement.id))
      .flatMap((one) => requirementItem(state, one)),
    ...letPass(state),
    ...[...state.tasks.values()].flatMap(accepted),
    ...pushItem(state),
  ];
}

/** A failure is diagnosed in milliseconds where tasks are thousands, and nobody reads more of them. */
const MOST_DIAGNOSED = 30;

const moreFailed = (many: number): Unresolved[] => (many <= 0 ? [] : [{ text: `${many} more failed.`, details: [] }]);

function failedItem(found: Diagnosis): Unresolved {
  const { task, cause, options } = found;
  const words = diagnosisWords(found);
  const [first = '', ...evidence] = words.cause;
  const advised = options.find(({ because }) => because !== undefined);
  const tried = cause.attempts === 1 ? '1 attempt' : `${cause.attempts} attempts`;
  return {
    text: `${task.task.id} failed after ${tried}: ${first}`,
    details: [
      ...evidence,
      ...words.impact,
      ...(advised ? [`Advised: ${REMEDY[advised.remedy].toLowerCase()}, because ${advised.because}.`] : []),
    ],
  };
}

/** Tasks that nobody did; those that wait for a failed one are told of there. */
function leftOut(state: RunState): Unresolved[] {
  const { tasks, ended, frontier } = state;
  const all = [...tasks.values()];
  const skipped = all.filter(({ settled, task }) => settled?.kind === 'skipped' && !pickedBefore(state, task.id));
  const open = ended ? all.filter(({ settled, task }) => !settled && !frontier.isBlocked(task.id)) : [];
  return [...named('skipped', skipped), ...named('not done when the run ended', open)];
}

function named(what: string, tasks: readonly TaskState[]): Unresolved[] {
  if (tasks.length === 0) return [];
  const ids = tasks.map(({ task }) => task.id);
  return [{ text: `${listed(ids)} ${ids.length === 1 ? 'was' : 'were'} ${what}.`, details: [] }];
}

function requirementItem(state: RunState, { requirement, tasks, standing }: Traced): Unresolved[] {
  const name = requirement.text === '' ? requirement.id : `${requirement.id} (${requirement.text})`;
  const ids = tasks.map(({ task }) => task.id);
  if (standing === 'uncovered') return [{ text: `No task covers ${name}.`, details: [] }];
  if (standing === 'missed')
    return [{ text: `Not met: ${name}, for which ${listed(ids)} was to be done.`, details: [] }];
  const isProven = tasks.some((task) => proofsOf(state, task).length > 0);
  return standing === 'met' && !isProven ? [{ text: `No gate speaks for ${name}.`, details: [] }] : [];
}

/** Gates that were red, or did not run, on what is merged. */
function letPass(state: RunState): Unresolved[] {
  if (state.planning || state.merges.length === 0) return [];
  const gates = latestRuns(testedWhole(state));
  const red = gates.filter(({ result }) => result !== 'passed');
  const before = (gate: string): string =>
    state.baselines.get(gate)?.result === 'failed' ? ', as it was before the first task' : '';
  return [
    ...(gates.length === 0 ? [{ text: 'Merged untested: no gate ran on the merged tree.', details: [] }] : []),
    ...red.map(({ gate, result }) => ({
      text: `Gate ${gate} ${result === 'error' ? 'could not run' : 'is red'} on what is merged${before(gate)}.`,
      details: [],
    })),
  ];
}

/** What was found in a merged result and did not hold it up. */
function accepted(task: TaskState): Unresolved[] {
  const attempt = latest(task);
  if (task.settled?.kind !== 'done' || !attempt) return [];
  const remarks = latestRuns(attempt.gates).flatMap(({ gate, review }) =>
    review && isVerdict(review) ? review.remarks.map((remark) => `${gate}: ${remarkLine(remark)}`) : [],
  );
  const details = [
    ...[...attempt.waivedGates].map((gate) => `gate ${gate} did not pass it, and a person accepted it`),
    ...[...attempt.waived].map((kind) => `${FINDING[kind]}, and a person accepted it`),
    ...attempt.warnings,
    ...remarks,
  ];
  return details.length === 0 ? [] : [{ text: `${task.task.id} was merged with this:`, details }];
}

function pushItem(state: RunState): Unresolved[] {
  const push = currentPush(state);
  return push?.kind === 'refused' ? [{ text: `Not pushed: ${push.reason}`, details: [] }] : [];
}
