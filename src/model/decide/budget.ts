import { capText, isOver, runCap, spentInRun, usageText } from '../crew/spending.ts';
import type { Draft } from './draft.ts';

/** Nothing more is begun by a run that spent its budget, until a person raises it or stops the run. */
export function withinBudget(draft: Draft): boolean {
  const { state } = draft;
  const cap = runCap(state);
  // Counting goes through all attempts: only where there is something to compare with.
  const spent = cap && spentInRun(state);
  if (!cap || !spent || !isOver(cap, spent)) return true;
  if (state.frontier.unfinished === 0) return false;
  draft.ask({
    id: `budget:${state.budgets}`,
    kind: 'budget',
    text: `The run spent its budget: ${usageText(spent)} of ${capText(cap)}. What is at work goes on, nothing new is begun.`,
    choices: [
      { id: 'raise', label: `Grant another ${capText(state.config.limits.budget?.run ?? {})}` },
      { id: 'stop', label: 'Stop the run' },
    ],
  });
  return false;
}
