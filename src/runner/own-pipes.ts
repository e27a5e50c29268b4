import type { ChildProcess } from 'node:child_process';
import { constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';

/** What a program prints. */
export type Output = Readonly<Record<'stdout' | 'stderr', Readable>>;

/**
 * The beginning of a stub that gives its program pipes to print into. Node gives sockets, and Linux opens no socket by
 * its name: `echo oops > /dev/stderr` would fail. A here-document is a pipe, and costs no process as `mkfifo` would; in
 * a shell that makes a file of it (bash before 5.1) the sockets stay, and the stub says so with an empty line.
 */
export const OWN_PIPES =
  process.platform === 'linux'
    ? `exec 4<<. 5<<.
.
.
if [ -p /proc/self/fd/4 ] && [ -p /proc/self/fd/5 ]; then exec >/proc/self/fd/4 2>/proc/self/fd/5; else echo; fi
exec 4<&- 5<&-
`
    : '';

/** What a stub and its program print; the stub waits meanwhile. */
export async function outputOf(child: ChildProcess, { stdout, stderr }: Output): Promise<Output> {
  if (OWN_PIPES === '' || !(await isOver(stdout))) return { stdout, stderr };
  return ownPipes(child) ?? { stdout, stderr };
}

/** Undefined where the stub has died meanwhile. A pid that Node has not reaped is surely still the stub's. */
function ownPipes({ pid, exitCode, signalCode }: ChildProcess): Output | undefined {
  if (exitCode !== null || signalCode !== null) return undefined;
  try {
    return { stdout: readEnd(`/proc/${pid}/fd/1`), stderr: readEnd(`/proc/${pid}/fd/2`) };
  } catch {
    return undefined;
  }
}

/** Its first word or its end: it has an end when the stub has pipes of its own, or died. */
const isOver = (stream: Readable): Promise<boolean> =>
  new Promise((resolve) => stream.once('readable', () => resolve(stream.read() === null)));

function readEnd(pipe: string): Readable {
  const fd = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  return new Socket({ fd, readable: true, writable: false });
}
