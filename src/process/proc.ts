import { readFileSync } from 'node:fs';

/** The text of one of the kernel's own files, proc(5); `unreadable`, which is no number, where there is none. */
export function procText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return 'unreadable';
  }
}

/** The kernel tells user space in hundredths of a second, whatever it counts in itself. */
export const TICKS_PER_SECOND = 100;
export const MILLISECONDS_A_TICK = 1000 / TICKS_PER_SECOND;
