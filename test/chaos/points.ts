import { readFileSync } from 'node:fs';

/** A fault point, and which of its visits. */
export type Point = readonly [name: string, nth: number];

/** Every visit that `ORCHESTRATE_FAULT_COUNT` wrote down, those of one point together. */
export function pointsIn(file: string): Point[] {
  const counts = new Map<string, number>();
  for (const name of readFileSync(file, 'utf8').split('\n').filter(Boolean))
    counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].flatMap(([name, count]) => Array.from({ length: count }, (_, index): Point => [name, index + 1]));
}

/**
 * All points with `CHAOS=all`, every fourth from the second on with `CHAOS=2/4`; else so many, evenly spread, that the
 * suite takes minutes.
 */
export function chosenOf(points: readonly Point[], most: number): readonly Point[] {
  const wish = process.env['CHAOS'] ?? '';
  const [part, parts] = wish === 'all' ? [1, 1] : wish.split('/').map(Number);
  if (part && parts) return points.filter((_, index) => index % parts === part - 1);
  const stride = Math.max(1, points.length / most);
  return points.filter((_, index) => Math.floor(index / stride) !== Math.floor((index - 1) / stride));
}

/** Kills at each, and fails with those that were not recovered from. */
export async function killAtEach(
  chosen: readonly Point[],
  all: readonly Point[],
  killedAt: (point: Point) => Promise<void>,
): Promise<void> {
  const failed: string[] = [];
  for (const point of chosen) {
    await killedAt(point).catch((error: unknown) => {
      failed.push(`${point.join(':')} ${String(error)}`);
      console.log(`      ${failed.at(-1)}`);
    });
  }
  console.log(`      ${chosen.length} of ${all.length} points, ${failed.length} not recovered`);
  if (failed.length > 0) throw new Error(failed.join('\n'));
}
