import { attention, statusOf } from '../../model/view.ts';
import type { RunState } from '../../model/state.ts';
import { failureWords, latestRuns, span, STATUS } from '../words.ts';
import type { Target } from './row.ts';

/** What hovering over a row says: lines of plain text, then the end of a program's output. */
export interface Tooltip {
  lines: readonly string[];
  output?: string;
}

/** Made when it is asked for, so it may say how long something has been waiting. */
export function tooltipOf(state: RunState, target: Target, now: number): Tooltip {
  if (target.attention !== undefined) return attentionTooltip(state, target.attention, now);
  if (target.task !== undefined) return taskTooltip(state, target.task, target.attempt);
  return {
    lines: [state.plan.objective, `Run ${state.run}`, state.planFile, state.ended?.reason ?? ''].filter(Boolean),
  };
}

function attentionTooltip(state: RunState, id: string, now: number): Tooltip {
  const item = attention(state).find((one) => one.id === id);
  if (!item) return { lines: [] };
  return {
    lines: [item.text, `Waiting for ${span(now - item.since)}.`, item.choices.map(({ label }) => label).join(' / ')],
  };
}

function taskTooltip(state: RunState, id: string, number: number | undefined): Tooltip {
  const known = state.tasks.get(id);
  if (!known) return { lines: [] };
  const { task } = known;
  const attempt = number === undefined ? known.attempts.at(-1) : known.attempts[number - 1];
  const failed = attempt && latestRuns(attempt.gates).find(({ result }) => result !== 'passed');
  const failure = attempt?.stage.at === 'ended' ? attempt.stage.failure : undefined;
  const lines = [
    task.title,
    task.description,
    `${STATUS[statusOf(state, known)].word} · ${state.agents[id]?.name ?? task.agent ?? ''} · ${id}`,
    task.scope ? `Scope: ${task.scope.join(', ')}` : 'Scope unknown',
    task.dependencies.length > 0 ? `After: ${task.dependencies.join(', ')}` : '',
    failure ? `${failureWords(failure)}: ${failure.message}` : '',
    attempt?.path ?? '',
  ];
  return { lines: lines.filter(Boolean), ...(failed ? { output: failed.tail } : {}) };
}
