import { type Attempt, latest, type RunState, taskOf } from './state.ts';

/** How far it came that a person takes a task over: its agent is being stopped, or a worktree is made ready for them. */
export type Taking = { is: 'yours'; attempt: Attempt } | { is: 'underWay' } | { is: 'lost'; why: string };

/** What became of an accepted `takeover`. */
export function takenOf(state: RunState, id: string): Taking {
  const task = taskOf(state, id);
  const attempt = latest(task);
  if (attempt?.stage.at === 'working')
    return attempt.stage.intent === undefined ? { is: 'yours', attempt } : { is: 'underWay' };
  if (task.settled || state.agents[id]?.manual !== true)
    return { is: 'lost', why: 'was over before it could be taken' };
  return state.paused ? { is: 'lost', why: `waits: the run is paused (${state.paused.reason})` } : { is: 'underWay' };
}
