import { statfsSync } from 'node:fs';
import { cpus, freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import { defined } from '../model/defined.ts';
import type { Machine } from '../model/machine.ts';
import { steadyTime } from './clock.ts';
import { MILLISECONDS_A_TICK, procText } from './proc.ts';

/**
 * Reads what the machine has left: memory, processors, and the disk that a folder is on. It remembers how busy the
 * processors had been when it was last read, because a share needs two moments.
 */
export class Gauge {
  readonly #folder: string;
  #times = timesOfProcessors();
  #readAt = steadyTime();
  #busy: number | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Milliseconds since it was read. */
  get age(): number {
    return steadyTime() - this.#readAt;
  }

  read(): Machine {
    this.#readAt = steadyTime();
    return defined({ memory: memoryLeft(), cpu: this.#share(), disk: diskLeft(this.#folder) });
  }

  /** Of less than a second nothing can be told; then it is as it was. */
  #share(): number | undefined {
    const times = timesOfProcessors();
    const all = times.all - this.#times.all;
    if (all < SECOND * times.processors) return this.#busy;
    this.#busy = 1 - (times.idle - this.#times.idle) / all;
    this.#times = times;
    return this.#busy;
  }
}

const SECOND = 1000;

/** Milliseconds since the machine was started, of all processors together. */
interface Times {
  processors: number;
  idle: number;
  all: number;
}

/** proc(5), stat: user nice system idle iowait irq softirq steal. `os.cpus` reads much more than that on Linux. */
function timesOfProcessors(): Times {
  const lines = procText('/proc/stat').split('\n');
  const [, ...ticks] = lines[0]?.split(/\s+/, 9).map(Number) ?? [];
  if (process.platform === 'linux' && ticks.length === 8) {
    const processors = lines.filter((line) => /^cpu\d/.test(line)).length;
    const idle = (ticks[3] ?? 0) + (ticks[4] ?? 0);
    const all = ticks.reduce((sum, some) => sum + some, 0);
    return { processors, idle: idle * MILLISECONDS_A_TICK, all: all * MILLISECONDS_A_TICK };
  }
  const all = cpus().map(({ times: { user, nice, sys, idle, irq } }) => ({
    idle,
    all: user + nice + sys + idle + irq,
  }));
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  return { processors: all.length, idle: sum(all.map(({ idle }) => idle)), all: sum(all.map((one) => one.all)) };
}

/**
 * Of the machine, or of the container that we are in. macOS tells Node.js only what nobody uses at all, which is next to
 * nothing on a machine that is well: there nothing is known.
 */
function memoryLeft(): Machine['memory'] {
  if (process.platform === 'darwin') return undefined;
  const machine = { total: totalmem(), free: freemem() };
  const own = process.platform === 'linux' ? leftInContainer() : undefined;
  return own && own.free < machine.free ? own : machine;
}

/** Control groups, version 2. What is cached of files counts as used there, and can be had all the same. */
function leftInContainer(): Machine['memory'] {
  const path = /^0::(\/.*)$/m.exec(procText('/proc/self/cgroup'))?.[1];
  if (path === undefined) return undefined;
  const file = (name: string): string => procText(join('/sys/fs/cgroup', path, name));
  const [total, used] = [Number(file('memory.max')), Number(file('memory.current'))];
  if (Number.isNaN(total) || Number.isNaN(used)) return undefined;
  const cached = [...file('memory.stat').matchAll(/^(?:in)?active_file (\d+)$/gm)];
  const spare = cached.reduce((sum, [, bytes]) => sum + Number(bytes), 0);
  return { total, free: Math.max(0, total - used + spare) };
}

function diskLeft(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
