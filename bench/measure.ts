import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** One way of doing what a row measures. A fresh `T` for each time; only `run` is timed. */
export interface Variant<T> {
  name: string;
  prepare(): T | Promise<T>;
  run(given: T): unknown;
  /** What came of it, the same text for every variant; throws where something is missing. */
  answer(given: T): string | Promise<string>;
  release?(given: T): unknown;
}

/** Milliseconds of one time. `cpu` counts this process and its children that have ended; absent where nothing tells. */
export interface Sample {
  wall: number;
  cpu?: number;
}

export interface Ratio {
  median: number;
  min: number;
  max: number;
}

/** How long to go on: at most so many rounds, none begun once `budget` milliseconds are over, but at least one. */
export interface Turns {
  rounds: number;
  budget: number;
  /** A round before, which does not count. */
  warmUp: boolean;
  /** Garbage lies: what V8 compiled for objects that are collected goes with them, and a very short section is that code. */
  litter?: true;
}

/**
 * Runs the variants in turns, the order rotated each round, and compares what they answer. Gives for each variant its
 * samples, by round.
 */
export async function takeTurns<T>(variants: readonly Variant<T>[], turns: Turns): Promise<Sample[][]> {
  const samples: Sample[][] = variants.map(() => []);
  const deadline = performance.now() + turns.budget;
  let agreed: string | undefined;
  for (let round = turns.warmUp ? -1 : 0; isDue(round, turns, deadline); round += 1) {
    for (const at of variants.map((_, index) => (index + round + variants.length) % variants.length)) {
      const variant = variants[at];
      if (!variant) continue;
      const { sample, answer } = await once(variant, turns);
      agreed ??= answer;
      assert.equal(answer, agreed, `${variant.name} gives another result than ${variants[0]?.name}`);
      if (round >= 0) samples[at]?.push(sample);
    }
  }
  return samples;
}

const isDue = (round: number, { rounds }: Turns, deadline: number): boolean =>
  round <= 0 || (round < rounds && performance.now() < deadline);

async function once<T>(variant: Variant<T>, { litter }: Turns): Promise<{ sample: Sample; answer: string }> {
  const given = await variant.prepare();
  if (!litter) collectGarbage();
  // Reading the CPU's clock takes a tenth of a millisecond, which a short section must not be charged with.
  const cpu = cpuTime();
  const from = performance.now();
  await variant.run(given);
  const wall = performance.now() - from;
  const after = cpuTime();
  const sample = {
    wall,
    ...(cpu === undefined || after === undefined ? {} : { cpu: after - cpu }),
  };
  const answer = await variant.answer(given);
  await variant.release?.(given);
  return { sample, answer };
}

setFlagsFromString('--expose-gc');
/** Before the clock starts, so that nobody pays for what the variant before left in memory. */
const collectGarbage = runInNewContext('gc') as () => void;

/** `over` divided by `under`, round by round: what the machine did to one of them it did to the other. */
export function ratioOf(over: readonly number[], under: readonly number[]): Ratio {
  return spreadOf(over.map((value, round) => value / (under[round] ?? Number.NaN)));
}

export function spreadOf(values: readonly number[]): Ratio {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
  return { median: median ?? Number.NaN, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
}

export const wallsOf = (samples: readonly Sample[] | undefined): number[] => (samples ?? []).map(({ wall }) => wall);

/** Undefined unless every sample has it and it is more than the clock's grain. */
export function cpusOf(samples: readonly Sample[] | undefined): number[] | undefined {
  const all = (samples ?? []).flatMap(({ cpu }) => (cpu === undefined || cpu < 5 * TICK ? [] : [cpu]));
  return all.length > 0 && all.length === samples?.length ? all : undefined;
}

/** Milliseconds: the kernel counts CPU in hundredths of a second (proc(5), `sysconf(_SC_CLK_TCK)`). */
const TICK = 10;

/** proc(5), stat: utime stime cutime cstime are the fields 14 to 17. Node itself says nothing about children. */
function cpuTime(): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field) * TICK, 0);
}
