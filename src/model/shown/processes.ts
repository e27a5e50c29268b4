import type { JobPurpose } from '../run/event.ts';
import type { Claim, JobExit, JobSpec, LedgerEntry } from '../run/job.ts';
import type { RunState } from '../run/state.ts';

/** What the folder of a job says of its processes, and whether its runner is there. */
export interface JobSigns {
  spec?: JobSpec;
  claim?: Claim;
  ledger: readonly LedgerEntry[];
  exit?: JobExit;
  /** Whether the runner lives; unknown for one on another host or in another container. */
  runner?: 'alive' | 'dead' | 'unknown';
  /** When it last printed something or was seen to start a process, epoch milliseconds. */
  lastSign?: number;
}

/**
 * starting: no runner has claimed it yet; ended: it wrote its exit, which the engine has not taken yet; lost: the runner
 * is gone and left no exit; elsewhere: it cannot be asked from here.
 */
export type Liveness = 'starting' | 'alive' | 'ended' | 'lost' | 'elsewhere';

/** A job that is open, and the processes that do it. Times are epoch milliseconds; absent = not known. */
export interface OpenJob {
  /** The intent that asked for it: the name of its folder. */
  job: string;
  kind: JobPurpose['kind'];
  /** What it is of, in words. */
  what: string;
  task?: string;
  attempt?: number;
  liveness: Liveness;
  /** The process of its runner. */
  runner?: number;
  /** The process of its program, as the runner saw it start. */
  pid?: number;
  /** What was started; a line for the shell stands for itself. */
  command?: readonly string[] | string;
  cwd?: string;
  /** Since when it is asked for. */
  since: number;
  lastSign?: number;
}

/** The open jobs of a run, in the order in which they were asked for, with what their folders say. */
export function processesOf(state: RunState, signsOf: (job: string) => JobSigns): OpenJob[] {
  return [...state.open.values()].flatMap((open) => {
    if (open.type !== 'job.intended') return [];
    const { intent: job, purpose, at: since } = open;
    const signs = signsOf(job);
    const { spec, claim, lastSign } = signs;
    return {
      job,
      kind: purpose.kind,
      what: purposeWords(state, purpose),
      ...('task' in purpose ? { task: purpose.task, attempt: purpose.attempt } : {}),
      liveness: livenessOf(signs),
      ...(claim?.kind === 'runner' ? { runner: claim.pid } : {}),
      ...programOf(signs),
      ...(spec ? { command: 'line' in spec.command ? spec.command.line : spec.command.argv, cwd: spec.cwd } : {}),
      since,
      ...(lastSign === undefined ? {} : { lastSign }),
    };
  });
}

/** `claude of a, attempt 2`, `gate test of a, attempt 2`, `gate test on candidate 3`. */
function purposeWords(state: RunState, purpose: JobPurpose): string {
  const reviewer = 'gate' in purpose ? state.reviewers[purpose.gate]?.name : undefined;
  const kind = reviewer === undefined ? 'gate' : `${reviewer} for gate`;
  switch (purpose.kind) {
    case 'agent':
      return `${state.agents[purpose.task]?.name ?? 'agent'} of ${purpose.task}, attempt ${purpose.attempt}`;
    case 'setup':
      return `set-up of ${purpose.task}, attempt ${purpose.attempt}`;
    case 'taskGate':
      return `${kind} ${purpose.gate} of ${purpose.task}, attempt ${purpose.attempt}`;
    case 'candidateGate':
      return `${kind} ${purpose.gate} on candidate ${purpose.candidate}`;
    case 'baseline':
      return `gate ${purpose.gate} on the base`;
  }
}

/** The first process in the ledger is the program itself. */
const programOf = ({ ledger: [program] }: JobSigns): Pick<OpenJob, 'pid'> => (program ? { pid: program.pid } : {});

/** What is written is believed before what is seen: a runner ends a moment after its exit file. */
function livenessOf({ exit, claim, runner }: JobSigns): Liveness {
  if (exit) return 'ended';
  if (claim?.kind !== 'runner') return 'starting';
  if (runner === 'unknown') return 'elsewhere';
  return runner === 'alive' ? 'alive' : 'lost';
}
