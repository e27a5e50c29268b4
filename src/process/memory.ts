import { MEGABYTE } from '../model/text/size.ts';
import { MILLISECONDS_A_TICK, procText } from './proc.ts';

/**
 * Bytes that a process held at most and nobody else could use: what it maps from files the system takes back when it
 * wants. Linux alone tells it; undefined elsewhere, and of a process that has ended. proc(5), status.
 */
export function memoryOf(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const status = procText(`/proc/${pid}/status`);
  const most = fieldOf(status, 'VmHWM');
  return most === undefined ? undefined : Math.max(0, most - (fieldOf(status, 'RssFile') ?? 0));
}

/**
 * Milliseconds of processor time of the children that this process had and that are over, with the children these had
 * waited for. Linux alone tells it. proc(5), stat: cutime and cstime.
 */
export function timeOfChildren(): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const stat = procText('/proc/self/stat');
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ', 15)
    .slice(13)
    .map(Number);
  return user === undefined || system === undefined ? undefined : (user + system) * MILLISECONDS_A_TICK;
}

/** `VmHWM:     1234 kB`. */
function fieldOf(status: string, name: string): number | undefined {
  const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
  return kilobytes === undefined ? undefined : (Number(kilobytes) * MEGABYTE) / 1024;
}
