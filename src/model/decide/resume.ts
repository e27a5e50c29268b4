import type { Attempt, RunState } from '../run/state.ts';
import type { Draft } from './draft.ts';
import { mayWork } from './limits.ts';

/** So often an attempt is taken up again before what cut it off has to be something else. */
const MOST = 3;

/**
 * An agent that was cut off goes on with its session in the same worktree: programs find a session by the folder it was
 * in, and nobody else is in there, since its processes are proven to be gone. A session that is not there any more is
 * begun anew. Neither spends a retry. Whether it was taken up.
 */
export function goOn(draft: Draft, attempt: Attempt): boolean {
  const how = resumption(draft.state, attempt);
  if (!how) return false;
  const { task, number } = attempt;
  // In a pause, and while a usage limit holds the agent back, it stays as it is.
  if (draft.state.paused || !mayWork(draft, task)) return true;
  draft.conclude({ type: 'attempt.resumed', task, attempt: number, ...how });
  draft.job({ kind: 'agent', task, attempt: number });
  return true;
}

function resumption({ agents }: RunState, attempt: Attempt): { session?: string } | undefined {
  const { task, end, resumed } = attempt;
  if (end?.kind !== 'interrupted') return forgot(attempt) ? {} : undefined;
  const { session, unproven } = end;
  const can = session !== undefined && !unproven && agents[task]?.resumes === true && resumed < MOST;
  return can ? { session } : undefined;
}

/** It was to go on with a session that its program does not know. */
function forgot({ end, resume }: Attempt): boolean {
  if (resume === undefined || end?.kind !== 'exited') return false;
  const { agent } = end.exit;
  return agent?.kind === 'failed' && agent.unknownSession === true;
}
