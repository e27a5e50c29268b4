import { usedByAttempt, usedText } from '../../model/crew/used.ts';
import { latestRuns } from '../../model/gate.ts';
import { failureWords } from '../../model/shown/failure-words.ts';
import { attention, statusOf } from '../../model/run/view.ts';
import { type Attempt, latest, type RunState, type TaskState } from '../../model/run/state.ts';
import { short, span, STATUS } from '../words.ts';
import type { Target } from '../target.ts';

/** What hovering over a row says: lines of plain text, then the end of a program's output. */
export interface Tooltip {
  lines: readonly string[];
  output?: string;
}

/** Made when it is asked for, so it may say how long something has been waiting. */
export function tooltipOf(state: RunState, target: Target, now: number): Tooltip {
  if (target.attention !== undefined) return attentionTooltip(state, target.attention, now);
  if (target.task !== undefined) return taskTooltip(state, target.task, target.attempt);
  const { adapted, plan, run, planFile, ended } = state;
  const why = adapted && adapted.wave === target.wave ? adapted.reasons : [];
  return { lines: [...why, plan.objective, `Run ${run}`, planFile, ended?.reason ?? ''].filter(Boolean) };
}

/** As many as a tooltip shows of a program's output. */
const MOST_LINES = 24;

function attentionTooltip(state: RunState, id: string, now: number): Tooltip {
  const item = attention(state).find((one) => one.id === id);
  if (!item) return { lines: [] };
  const detail = item.detail?.split('\n') ?? [];
  const more = detail.length > MOST_LINES ? [`… ${detail.length - MOST_LINES} more lines, see its terminal`] : [];
  return {
    ...(detail.length > 1 ? { output: [...detail.slice(0, MOST_LINES), ...more].join('\n') } : {}),
    lines: [item.text, `Waiting for ${span(now - item.since)}.`, item.choices.map(({ label }) => label).join(' / ')],
  };
}

function taskTooltip(state: RunState, id: string, number: number | undefined): Tooltip {
  const known = state.tasks.get(id);
  if (!known) return { lines: [] };
  const attempt = number === undefined ? latest(known) : known.attempts[number - 1];
  const failed = attempt && latestRuns(attempt.gates).find(({ result }) => result !== 'passed');
  const lines = [...planLines(state, known), ...(attempt ? attemptLines(attempt) : [])].filter(Boolean);
  return { lines, ...(failed ? { output: failed.tail } : {}) };
}

function planLines(state: RunState, known: TaskState): string[] {
  const { id, title, description, scope, dependencies } = known.task;
  return [
    title,
    description,
    `${STATUS[statusOf(state, known)].word} · ${state.agents[id]?.name ?? ''} · ${id}`,
    scope ? `Scope: ${scope.join(', ')}` : 'Scope unknown',
    dependencies.length > 0 ? `After: ${dependencies.join(', ')}` : '',
    known.settled?.kind === 'done' && known.settled.commit ? `Commit ${short(known.settled.commit)}` : '',
  ];
}

function attemptLines(attempt: Attempt): string[] {
  const { stage, path, worktree } = attempt;
  const used = usedByAttempt(attempt);
  const why = stage.at === 'ended' ? `${failureWords(stage.failure)}: ${stage.failure.message}` : '';
  return [why, used ? `Took ${usedText(used)}` : '', worktree === 'there' ? (path ?? '') : ''];
}
