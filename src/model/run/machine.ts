import { heldNow } from '../crew/admission.ts';
import { percent, strainsOf, usedShare } from '../crew/strain.ts';
import type { Machine, Seen } from '../machine.ts';
import { sizeText } from '../text/size.ts';
import type { RunState } from './state.ts';

/** `memory 41 % used, processors 80 % busy, disk 31.0 GB free`; empty where nothing is told. */
export function machineWords(machine: Machine): string {
  const { memory, cpu, disk } = machine;
  return [
    ...(memory ? [`memory ${percent(usedShare(machine))} used`] : []),
    ...(cpu === undefined ? [] : [`processors ${percent(cpu)} busy`]),
    ...(disk === undefined ? [] : [`disk ${sizeText(disk)} free`]),
  ].join(', ');
}

/** Whether what the machine has left can change what is begun now. */
export const isWatched = ({ approval, ended, frontier }: RunState): boolean =>
  approval.kind === 'given' && !ended && frontier.unfinished > 0;

/**
 * Whether what was seen now is worth a line of the journal: it changes what may be begun, something waits for such a
 * change, or it is far from what was seen last.
 */
export function isNewsOf(state: RunState, machine: Machine, now: number): boolean {
  const { machine: last, config } = state;
  if (!last) return true;
  const short = (seen: Machine): string =>
    strainsOf(seen, config.limits)
      .map(({ of }) => of)
      .join();
  if (short(last) !== short(machine)) return true;
  const since = now - last.at;
  return heldNow(state) ? since >= OFTEN : since >= SELDOM && isFar(last, machine);
}

/** Milliseconds between two of them. */
const OFTEN = 1_000;
const SELDOM = 10_000;

const isFar = (last: Machine, next: Machine): boolean =>
  differs(last.memory?.free, next.memory?.free, (next.memory?.total ?? 0) / 20) ||
  differs(last.cpu, next.cpu, 0.25) ||
  differs(last.disk, next.disk, (last.disk ?? 0) / 10);

const differs = (a: number | undefined, b: number | undefined, by: number): boolean =>
  a === undefined || b === undefined ? a !== b : Math.abs(a - b) >= by && a !== b;

/** Past so many, every second one is forgotten: what is long ago is known more coarsely. */
const MOST = 600;

/** Keeps what was seen. */
export function see(state: RunState, seen: Seen): void {
  state.machine = seen;
  state.seen.push(seen);
  if (state.seen.length <= MOST) return;
  const kept = state.seen.filter((_, index) => index % 2 === 0 || index > MOST / 2);
  state.seen.splice(0, state.seen.length, ...kept);
}
