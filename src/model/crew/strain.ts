import type { Config } from '../config/config.ts';
import type { Machine } from '../machine.ts';
import { sizeText } from '../text/size.ts';

/** A machine that is short of something, and how many agents and gates are begun on it all the same. */
export interface Strain {
  of: 'memory' | 'cpu' | 'disk';
  isShort: (machine: Machine, limits: Config['limits']) => boolean;
  /** Of as many as the limit allows. */
  agents: (most: number) => number;
  gates: (most: number) => number;
  /** `memory: 91 % of it is used`. */
  words: (machine: Machine) => string;
}

const half = (most: number): number => Math.ceil(most / 2);

/**
 * What is done on a machine that is short of something. Agents write and gates build on a disk, so without room nothing
 * new is begun at all; what is at work always goes on.
 */
const STRAINS: readonly Strain[] = [
  {
    of: 'disk',
    isShort: ({ disk }, { disk: least }) => disk !== undefined && least !== undefined && disk < least,
    agents: () => 0,
    gates: (most) => most,
    words: ({ disk = 0 }) => `disk: ${sizeText(disk)} free`,
  },
  {
    of: 'memory',
    isShort: (machine, { memory }) => memory?.share !== undefined && usedShare(machine) > memory.share,
    agents: () => 1,
    gates: () => 1,
    words: (machine) => `memory: ${percent(usedShare(machine))} of it is used`,
  },
  {
    of: 'cpu',
    isShort: ({ cpu = 0 }, { cpu: most }) => most !== undefined && cpu > most,
    agents: half,
    gates: half,
    words: ({ cpu = 0 }) => `the processors: ${percent(cpu)} busy`,
  },
];

/** What a machine is short of, by these limits. */
export const strainsOf = (machine: Machine | undefined, limits: Config['limits']): readonly Strain[] =>
  machine ? STRAINS.filter(({ isShort }) => isShort(machine, limits)) : [];

/** Share of the memory that is used, 0 to 1. */
export const usedShare = ({ memory }: Machine): number => (memory ? 1 - memory.free / memory.total : 0);

/** `91 %`. */
export const percent = (share: number): string => `${Math.round(share * 100)} %`;
