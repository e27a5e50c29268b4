import type { RunOutcome } from '../model/run/event.ts';
import type { Failure } from '../model/failure.ts';
import type { RunState } from '../model/run/state.ts';

/** What the process says when it ends. */
export const EXIT = { merged: 0, failed: 1, invalid: 2, waiting: 3, cancelled: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const OF_OUTCOME: Record<RunOutcome, ExitCode> = {
  merged: EXIT.merged,
  failed: EXIT.failed,
  rejected: EXIT.failed,
  cancelled: EXIT.cancelled,
};

/** Of a run that is at rest: how it ended, or that it waits for a person. */
export const exitOfRun = (state: RunState): ExitCode => (state.ended ? OF_OUTCOME[state.ended.outcome] : EXIT.waiting);

/** What a person asked for cannot be done as asked: 2. The machine let us down: 1. */
export function exitOfFailure({ kind }: Failure): ExitCode {
  switch (kind) {
    case 'gitMissing':
    case 'gitTooOld':
    case 'notARepository':
    case 'bareRepository':
    case 'noCommits':
    case 'invalid':
    case 'unreadable':
    case 'notFound':
    case 'newerFormat':
    case 'roundsSpent':
    case 'refused':
      return EXIT.invalid;
    case 'git':
    case 'diskFull':
    case 'io':
    case 'refMoved':
    case 'isolation':
    case 'fenced':
    case 'driven':
    case 'forge':
      return EXIT.failed;
  }
}
