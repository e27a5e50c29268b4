import { REVIEWER } from './role.ts';
import type { Cap } from '../config/cap.ts';
import type { Usage } from '../run/job.ts';
import type { Attempt, RunState, TaskState } from '../run/state.ts';

/**
 * What an attempt has spent when its agent was started more than once in it. Numbers that count the whole session
 * (`totals`) hold what the starts before spent; the others are added.
 */
export function withUsage(former: Usage | undefined, usage: Usage, totals: readonly ('tokens' | 'cost')[] = []): Usage {
  if (!former) return usage;
  const tokens = totals.includes('tokens')
    ? usage
    : {
        inputTokens: former.inputTokens + usage.inputTokens,
        outputTokens: former.outputTokens + usage.outputTokens,
      };
  const cost = totals.includes('cost') ? (usage.cost ?? former.cost) : plus(former.cost, usage.cost);
  return {
    inputTokens: tokens.inputTokens,
    outputTokens: tokens.outputTokens,
    ...(cost === undefined ? {} : { cost }),
  };
}

export const spentByTask = ({ attempts }: Pick<TaskState, 'attempts'>): Usage | undefined => sum(attempts);

export function spentInRun({ tasks, reviewed }: Pick<RunState, 'tasks' | 'reviewed'>): Usage | undefined {
  const spent = [...reviewed.values()] as (Usage | undefined)[];
  // Most of ten thousand tasks have not begun.
  for (const { attempts } of tasks.values()) if (attempts.length > 0) spent.push(sum(attempts));
  return total(spent);
}

/** By the role the agents played, the dearest first; a task without one counts for its agent. */
export function spentByRole(state: RunState): readonly (readonly [string, Usage])[] {
  const attempts = new Map<string, Attempt[]>();
  for (const task of state.tasks.values()) {
    const { role, name = '' } = state.agents[task.task.id] ?? {};
    const key = role ?? name;
    attempts.set(key, [...(attempts.get(key) ?? []), ...task.attempts]);
  }
  const byRole = new Map([...attempts].map(([role, of]) => [role, total(of.map(spentByAttempt))]));
  const reviews = [...[...attempts.values()].flat().map(({ reviewed }) => reviewed), ...state.reviewed.values()];
  byRole.set(REVIEWER, total([byRole.get(REVIEWER), ...reviews]));
  const spent = [...byRole].flatMap(([role, usage]) => (usage ? [[role, usage] as const] : []));
  return spent.toSorted(([, a], [, b]) => (b.cost ?? 0) - (a.cost ?? 0) || tokensOf(b) - tokensOf(a));
}

export const tokensOf = ({ inputTokens, outputTokens }: Usage): number => inputTokens + outputTokens;

export const isOver = (cap: Cap | undefined, spent: Usage | undefined): boolean =>
  cap !== undefined &&
  spent !== undefined &&
  ((cap.usd !== undefined && (spent.cost ?? 0) >= cap.usd) ||
    (cap.tokens !== undefined && tokensOf(spent) >= cap.tokens));

/** What is left of a task's cap, counted from a person's last word on the task; absent where nothing is capped. */
export function leftOf(cap: Cap | undefined, task: TaskState): Cap | undefined {
  if (!cap) return undefined;
  const spent = sum(task.attempts.filter(({ number }) => number > task.countsFrom));
  return {
    ...(cap.usd === undefined ? {} : { usd: Math.max(0, cap.usd - (spent?.cost ?? 0)) }),
    ...(cap.tokens === undefined ? {} : { tokens: Math.max(0, cap.tokens - (spent ? tokensOf(spent) : 0)) }),
  };
}

/** The cap of the whole run: what was configured, as often as a person granted it. */
export function runCap({ config, budgets }: RunState): Cap | undefined {
  const cap = config.limits.budget?.run;
  return (
    cap && {
      ...(cap.usd === undefined ? {} : { usd: cap.usd * budgets }),
      ...(cap.tokens === undefined ? {} : { tokens: cap.tokens * budgets }),
    }
  );
}

/** `$0.42, 12.3k tokens`. */
export const usageText = (usage: Usage): string =>
  [...(usage.cost === undefined ? [] : [dollars(usage.cost)]), `${countText(tokensOf(usage))} tokens`].join(', ');

export const capText = ({ usd, tokens }: Cap): string =>
  [...(usd === undefined ? [] : [dollars(usd)]), ...(tokens === undefined ? [] : [`${countText(tokens)} tokens`])].join(
    ' or ',
  );

const dollars = (usd: number): string => `$${usd < 1 ? usd.toFixed(4).replace(/0{1,2}$/, '') : usd.toFixed(2)}`;
const countText = (count: number): string =>
  count < 10_000
    ? String(count)
    : count < 1_000_000
      ? `${(count / 1000).toFixed(1)}k`
      : `${(count / 1_000_000).toFixed(2)}M`;

/** What an attempt has spent so far, with what its agent says while it works. */
export const spentByAttempt = ({ spent, spending }: Attempt): Usage | undefined => spending ?? spent;

/** Whether so much more was spent since it was last told that it is worth a line of the journal. */
export const hasGrown = (told: Usage | undefined, usage: Usage): boolean =>
  !told || tokensOf(usage) > tokensOf(told) * 1.25 || (usage.cost ?? 0) > Math.max(0.01, (told.cost ?? 0) * 1.25);

/** With what their reviewers spent. */
const sum = (attempts: readonly Attempt[]): Usage | undefined =>
  total(attempts.flatMap((attempt) => [spentByAttempt(attempt), attempt.reviewed]));

const total = (all: readonly (Usage | undefined)[]): Usage | undefined =>
  all.reduce((sofar, usage) => (usage ? withUsage(sofar, usage) : sofar), undefined);

const plus = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0);
