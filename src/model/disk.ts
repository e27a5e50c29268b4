import { sizeText } from './text/size.ts';

/** What a run, or a worktree that was removed, still takes on the disk. */
export interface Kept {
  kind: 'run' | 'trash';
  /** Of the run, or of the entry in the trash. */
  id: string;
  /** The run that it is of. */
  run: string;
  /** When it ended, or was removed; epoch milliseconds. */
  at: number;
  bytes: number;
  /** Nobody would miss it: the result of the run was taken, or what was in the worktree is in a commit as well. */
  spare: boolean;
  /** Why it stays, however old it is and whatever it takes. */
  stays?: Stay;
}

/** `work`: nothing else holds what is in it, so only a person lets it go. */
export type Stay = 'inUse' | 'unfinished' | 'worktrees' | 'unreadable' | 'work';

/** How long is kept what runs leave, in milliseconds, and how many bytes it may take; absent = without end. */
export interface DiskLimits {
  keep?: number;
  budget?: number;
}

export interface Pressure {
  limits: DiskLimits;
  /** Bytes that it takes with all that is not listed. */
  total: number;
  now: number;
}

/** Whether anything may have to go at all, before it is looked at what each thing is. */
export const isDue = (ages: readonly number[], { limits, total, now }: Pressure): boolean =>
  total > (limits.budget ?? Infinity) || ages.some((at) => isOld(at, limits, now));

/**
 * What goes, the oldest first: what is older than is kept, and what nobody would miss until the rest is within the
 * budget. `work` goes only with `force`, and by the same rules.
 */
export function whatGoes(kept: readonly Kept[], pressure: Pressure, force = false): Kept[] {
  const { limits, now } = pressure;
  let left = pressure.total;
  return kept
    .toSorted((a, b) => a.at - b.at)
    .filter(({ at, bytes, spare, stays }) => {
      const isForced = force && stays === 'work';
      if (stays !== undefined && !isForced) return false;
      const goes = isOld(at, limits, now) || ((spare || isForced) && left > (limits.budget ?? Infinity));
      if (goes) left -= bytes;
      return goes;
    });
}

const isOld = (at: number, { keep }: DiskLimits, now: number): boolean => at < now - (keep ?? Infinity);

/** `2 runs and 1 removed worktree, 1.2 GB`. */
export function keptText(kept: readonly Kept[]): string {
  const runs = kept.filter(({ kind }) => kind === 'run').length;
  const trash = kept.length - runs;
  const words = [
    ...(runs > 0 ? [`${runs} run${runs === 1 ? '' : 's'}`] : []),
    ...(trash > 0 ? [`${trash} removed worktree${trash === 1 ? '' : 's'}`] : []),
  ];
  return `${words.join(' and ') || 'nothing'}, ${sizeText(kept.reduce((sum, { bytes }) => sum + bytes, 0))}`;
}

/** What becomes of it, for a person. */
export const mayText = ({ spare, stays }: Kept): string =>
  stays === undefined ? (spare ? 'may go' : 'goes when it is old') : STAY_WORDS[stays];

/** What hinders it from going, for a person. */
const STAY_WORDS = {
  inUse: 'in use',
  unfinished: 'not ended',
  worktrees: 'has a worktree',
  unreadable: 'its journal cannot be read',
  work: 'holds work that nothing else has',
} as const satisfies Record<Stay, string>;

/** What went, in one line, and in another what a person would have to let go; none where there is nothing to say. */
export const prunedLines = ({ gone, asking }: { gone: readonly Kept[]; asking: readonly Kept[] }): string[] => [
  ...(gone.length > 0 ? [`made room: ${keptText(gone)}`] : []),
  ...(asking.length > 0
    ? [`${keptText(asking)}: kept, for nothing else has that work. To let it go: orchestrate disk --prune --force`]
    : []),
];
