import { runCap, spentInRun, tokensOf } from '../crew/spending.ts';
import { failureKey } from '../run/failure-key.ts';
import type { RunState, TaskState } from '../run/state.ts';
import { isLive } from '../run/transitions.ts';

/** What may yet go wrong, and who or what it is about. */
export type Risk =
  /** It has no retry left. */
  | { of: 'lastTry'; task: string; message: string }
  /** It gets nowhere and tries another way. */
  | { of: 'stuck'; task: string; why: string }
  /** Attempts of these tasks failed for the same thing. */
  | { of: 'common'; tasks: readonly string[]; message: string }
  | { of: 'conflict'; task: string; with: readonly string[] }
  /** Share of the budget that is spent, 0 to 1. */
  | { of: 'budget'; share: number };

/** What is seen of it now, in plan order. */
export function risksOf(state: RunState): Risk[] {
  const open = [...state.tasks.values()].filter(({ settled }) => !settled);
  return [...commonFailures(state), ...open.flatMap((task) => ofTask(state, task)), ...ofBudget(state)];
}

/** In so many tasks a failure is no longer each one's own. */
const COMMON = 2;

function commonFailures({ tasks }: RunState): Risk[] {
  const byKey = new Map<string, { tasks: string[]; message: string }>();
  for (const { task, settled, attempts } of tasks.values()) {
    const stage = attempts.findLast((attempt) => !isLive(attempt))?.stage;
    // What waits to be merged has come over it.
    if (
      settled?.kind === 'done' ||
      attempts.at(-1)?.stage.at === 'queued' ||
      stage?.at !== 'ended' ||
      stage.failure.type !== 'fixable'
    )
      continue;
    const known = byKey.get(failureKey(stage.failure)) ?? { tasks: [], message: stage.failure.message };
    known.tasks.push(task.id);
    byKey.set(failureKey(stage.failure), known);
  }
  return [...byKey.values()].filter(({ tasks: ids }) => ids.length >= COMMON).map((one) => ({ of: 'common', ...one }));
}

function ofTask({ config }: RunState, { task: { id }, retries, stuck, attempts }: TaskState): Risk[] {
  const attempt = attempts.at(-1);
  if (!attempt) return [];
  const failed = attempts.findLast(({ stage }) => stage.at === 'ended')?.stage;
  const message = failed?.at === 'ended' ? failed.failure.message : '';
  const foreseen = isLive(attempt) ? attempt.foreseen.map((other) => other.task) : [];
  return [
    ...(stuck !== undefined ? [{ of: 'stuck', task: id, why: stuck } as const] : []),
    ...(stuck === undefined && retries > 0 && retries >= config.limits.retries
      ? [{ of: 'lastTry', task: id, message } as const]
      : []),
    ...(foreseen.length > 0 ? [{ of: 'conflict', task: id, with: foreseen } as const] : []),
  ];
}

/** From this share on a budget is told of. */
const NEARLY = 0.8;

function ofBudget(state: RunState): Risk[] {
  const [cap, spent] = [runCap(state), spentInRun(state)];
  if (!cap || !spent) return [];
  const shares = [cap.usd ? (spent.cost ?? 0) / cap.usd : 0, cap.tokens ? tokensOf(spent) / cap.tokens : 0];
  const share = Math.max(...shares);
  return share >= NEARLY ? [{ of: 'budget', share }] : [];
}
