import { connect, createServer, type Server, type Socket } from 'node:net';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash8 } from '../model/text/names.ts';

/**
 * A pulse tells others of a process's end, without anybody asking again and again: it listens on a socket, the others
 * connect, and the system closes the connection when the process is gone, however it went. Nothing is ever sent.
 */
export interface Pulse {
  /** What others need to connect. */
  address: string;
  close(): void;
}

/**
 * Starts to listen. `onVisit` runs at every connection: whoever left something to read can knock.
 * The address is an abstract Unix socket on Linux, which leaves no file; a socket file or a named pipe elsewhere.
 */
export function openPulse(seed: string, onVisit: () => void): Promise<Pulse> {
  const address = addressFor(hash8(seed, process.pid, process.hrtime.bigint().toString()) + hash8(process.pid, seed));
  const visitors = new Set<Socket>();
  return new Promise((resolve, reject) => {
    const server = createServer((visitor) => {
      visitors.add(visitor);
      visitor.on('error', () => visitor.destroy());
      visitor.on('close', () => visitors.delete(visitor));
      visitor.resume();
      onVisit();
    });
    server.once('error', reject);
    server.listen(address, () => resolve({ address, close: () => closePulse(server, visitors, address) }));
  });
}

/** Connects; undefined when nobody listens any more, and so its process is gone. */
export function feelPulse(address: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once('connect', () => {
      socket.resume();
      resolve(socket);
    });
    socket.once('error', () => {
      socket.destroy();
      resolve(undefined);
    });
  });
}

/** Runs the other side's `onVisit`. Nothing happens when nobody listens. */
export async function knock(address: string): Promise<void> {
  (await feelPulse(address))?.destroy();
}

/**
 * A full address: older versions of Node.js bind and connect with all of it, newer ones with the name's own length, and
 * the two would not find each other.
 */
const ABSTRACT_LENGTH = 108;

function addressFor(name: string): string {
  if (process.platform === 'linux') return `\0orchestrate-${name}`.padEnd(ABSTRACT_LENGTH, '\0');
  return process.platform === 'win32' ? `\\\\.\\pipe\\orchestrate-${name}` : join(tmpdir(), `orchestrate-${name}.sock`);
}

/** Visitors are let go too: they would keep us alive, and feel a pulse that has stopped. */
function closePulse(server: Server, visitors: Iterable<Socket>, address: string): void {
  server.close();
  for (const visitor of visitors) visitor.destroy();
  if (!address.startsWith('\0')) rmSync(address, { force: true });
}
