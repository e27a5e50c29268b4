import { cpusOf, ratioOf, wallsOf, type Ratio, type Sample } from './measure.ts';

/** What a line must reach: at most a cost, or at least a gain. `ms` is of absolute time, on a quiet machine; `lost` counts. */
export type Target = { atMost: number; unit: 'x' | 'ms' | 'kB' | 'lost' } | { atLeast: number; unit: 'x' };

/** One line of the table. */
export interface Line {
  row: number;
  what: string;
  /** What it was compared with. */
  against: string;
  value: Ratio;
  /** The same of CPU time, where it can be told. */
  cpu?: Ratio;
  /** None: only to compare the others with. */
  target?: Target;
}

export interface Row {
  number: number;
  title: string;
  /** At most so many rounds; fewer where they take long. */
  run(rounds: number): Promise<Line[]>;
}

export const passes = ({ value, target }: Line): boolean => {
  if (target === undefined) return true;
  return 'atMost' in target ? value.median <= target.atMost : value.median >= target.atLeast;
};

/** How much more `ours` costs than `theirs`: walls, and CPU where it can be told. */
export function costs(ours: readonly Sample[] | undefined, theirs: readonly Sample[] | undefined) {
  return compared(ours, theirs);
}

/** How many times faster `ours` is than `theirs`. */
export function gains(ours: readonly Sample[] | undefined, theirs: readonly Sample[] | undefined) {
  return compared(theirs, ours);
}

function compared(
  over: readonly Sample[] | undefined,
  under: readonly Sample[] | undefined,
): Pick<Line, 'value' | 'cpu'> {
  const [overCpu, underCpu] = [cpusOf(over), cpusOf(under)];
  return {
    value: ratioOf(wallsOf(over), wallsOf(under)),
    ...(overCpu && underCpu ? { cpu: ratioOf(overCpu, underCpu) } : {}),
  };
}
