import { type Attempt, latest, type RunState, taskOf } from '../run/state.ts';

/** What became of a person's wish to take a task over. */
export type Taking = { is: 'yours'; attempt: Attempt } | { is: 'lost'; why: string };

/** Of an accepted `takeover`; undefined while the agent is being stopped, or a worktree is made ready. */
export function takenOf(state: RunState, id: string): Taking | undefined {
  const task = taskOf(state, id);
  const attempt = latest(task);
  if (attempt?.stage.at === 'working') return attempt.stage.intent === undefined ? { is: 'yours', attempt } : undefined;
  if (task.settled || state.agents[id]?.manual !== true)
    return { is: 'lost', why: 'was over before it could be taken' };
  return state.paused ? { is: 'lost', why: `waits: the run is paused (${state.paused.reason})` } : undefined;
}
