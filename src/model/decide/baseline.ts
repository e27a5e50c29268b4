import type { Question } from '../run/event.ts';
import { type Baseline, type Gate, isProgram, isUnusable } from '../gate.ts';
import type { RunState } from '../run/state.ts';
import { type Draft, openJobs } from './draft.ts';

/**
 * Every gate is run on the base before any task, one after the other in the run's gate worktree: only so a task is not
 * blamed for what was red before. Agents wait for it: a gate that can tell nothing is said before they cost anything.
 * A reviewer and a person have nothing to look at there. Returns whether all are known and, where red, accepted by a person.
 */
export function checkBaselines(draft: Draft): boolean {
  const { state } = draft;
  const unknown = state.config.gates.find((gate) => hasBaseline(gate) && !state.baselines.has(gate.name));
  if (unknown) {
    const busy = openJobs(state).some(({ purpose }) => purpose.kind === 'baseline');
    if (!busy) draft.job({ kind: 'baseline', gate: unknown.name, commit: state.base });
    return false;
  }
  const red = redBaselines(state);
  if (red.length === 0 || state.approval.kind !== 'given' || state.approval.baseline) return true;
  draft.ask(question(red));
  return false;
}

/** Neither what is asked of an agent nor what is only for plans says anything about the base. */
const hasBaseline = (gate: Gate): boolean => isProgram(gate) && gate.on.some((moment) => moment !== 'plan');

const redBaselines = (state: RunState): readonly Baseline[] =>
  [...state.baselines.values()].filter(({ result }) => result !== 'passed');

/** The gates that count: those that are not silent about what fails on the base. */
export const isUsable = (state: RunState, gate: string): boolean => {
  const baseline = state.baselines.get(gate);
  return !baseline || !isUnusable(baseline);
};

const question = (red: readonly Baseline[]): Question => ({
  id: 'baseline',
  kind: 'baseline',
  text: red.map(told).join('\n'),
  choices: [
    { id: 'accept', label: 'Go on' },
    { id: 'stop', label: 'Stop the run' },
  ],
});

function told(baseline: Baseline): string {
  const gate = `Gate "${baseline.gate}"`;
  const [first] = baseline.problems;
  if (baseline.result === 'error')
    return `${gate} could not run on the base commit${first ? ` (${first.message})` : ''}: it will not be used.`;
  return isUnusable(baseline)
    ? `${gate} fails on the base commit and does not say what fails: it will not be used.`
    : `${gate} is red on the base commit: ${known(baseline)}. Tasks must not make it worse.`;
}

const known = ({ tests, problems }: Baseline): string =>
  tests ? `${tests.failed.length} of ${tests.total} tests fail` : `${problems.length} problems`;
