import { percent } from '../../model/crew/strain.ts';
import type { Load, Point } from '../../model/shown/load.ts';
import { sizeText } from '../../model/text/size.ts';
import { placeOf, type Scale } from './layout.ts';

/** What each is now, and what agents took at their most. */
export function wordsOf({ agents, memory, cpu }: Load): [kind: string, words: string][] {
  const peak = Math.max(0, ...agents.map(([, bytes]) => bytes));
  const [taken, used, busy] = [agents, memory, cpu].map((points) => points.at(-1)?.[1]);
  return [
    ...said('agents', taken, (bytes) => `agents ${bytes > 0 ? `${sizeText(bytes)}, ` : ''}at most ${sizeText(peak)}`),
    ...said('memory', used, (share) => `memory ${percent(share)} used`),
    ...said('cpu', busy, (share) => `processors ${percent(share)} busy`),
  ];
}

const said = (kind: string, value: number | undefined, words: (value: number) => string): [string, string][] =>
  value === undefined ? [] : [[kind, words(value)]];

/** What the height stands for, and until when the last value holds. */
interface Frame {
  scale: Scale;
  most: number;
  now: number;
}

/** A value holds until the next one: steps, from left to right, in percent of width and height. */
export function stepsOf(points: readonly Point[], { scale, most, now }: Frame): string {
  const [first] = points;
  if (!first) return '';
  const x = (at: number): string => placeOf(at, scale).toFixed(2);
  const y = (value: number): string => (100 - 100 * Math.min(1, Math.max(0, value / most))).toFixed(1);
  return [
    `M${x(first[0])} ${y(first[1])}`,
    ...points.slice(1).map(([at, value]) => `H${x(at)}V${y(value)}`),
    `H${x(now)}`,
  ].join('');
}

/** The same down to the ground. */
export const areaOf = (points: readonly Point[], frame: Frame): string => {
  const [first] = points;
  return first ? `${stepsOf(points, frame)}V100H${placeOf(first[0], frame.scale).toFixed(2)}Z` : '';
};
