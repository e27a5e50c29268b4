import type { FailureType } from '../model/job.ts';

/** The outcome of an agent that was made to stop. A cancel is nobody's fault; a time-out may be mended by the agent. */
export function stoppedOutcome(stopped: 'cancelled' | 'timedOut'): {
  kind: 'failed';
  type: FailureType;
  message: string;
} {
  return stopped === 'cancelled'
    ? { kind: 'failed', type: 'transient', message: 'The attempt was cancelled.' }
    : { kind: 'failed', type: 'fixable', message: 'The attempt took longer than allowed and was ended.' };
}
