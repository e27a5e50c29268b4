import type { FailureType, Stopped } from '../model/run/job.ts';

/** The outcome of an agent that was made to stop. A cancel is nobody's fault; the rest may be mended by the agent. */
export const stoppedOutcome = (stopped: Stopped): { kind: 'failed'; type: FailureType; message: string } => ({
  kind: 'failed',
  type: stopped === 'cancelled' ? 'transient' : 'fixable',
  message: `The attempt ${WHY[stopped]} and was ended.`,
});

const WHY: Record<Stopped, string> = {
  cancelled: 'was cancelled',
  timedOut: 'took longer than allowed',
  idle: 'showed no sign of life',
  noEffect: 'went on without any effect',
  flood: 'printed more than anybody can read',
  tools: 'used more tools than allowed',
  budget: 'spent its budget',
};
