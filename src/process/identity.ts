import { execFile } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { promisify } from 'node:util';
import type { ProcessIdentity } from '../model/run/job.ts';
import { readProcess } from './process-table.ts';

export type Liveness = 'alive' | 'dead' | 'unknown';

/** This process, so that a later one can ask whether it still lives. */
export async function ownIdentity(): Promise<ProcessIdentity> {
  const own = await identityOf(process.pid);
  return own ?? { ...(await place()), pid: process.pid, started: 'unknown' };
}

/** A process of this machine; undefined when there is none, or only its unreaped remains. */
export async function identityOf(pid: number): Promise<ProcessIdentity | undefined> {
  const row = await readProcess(pid);
  return row && { ...(await place()), pid, started: row.started };
}

/**
 * Whether a process recorded earlier still lives. Another boot of the same host: dead. Another host, or another pid
 * namespace of this boot: unknown, because its pids mean nothing here.
 */
export async function isAlive(identity: ProcessIdentity): Promise<Liveness> {
  const here = await place();
  if (identity.host !== here.host) return 'unknown';
  if (identity.boot !== here.boot) return 'dead';
  if (identity.namespace !== here.namespace) return 'unknown';
  const row = await readProcess(identity.pid);
  return row?.started === identity.started ? 'alive' : 'dead';
}

type Place = Pick<ProcessIdentity, 'boot' | 'host' | 'namespace'>;

async function place(): Promise<Place> {
  const host = hostname();
  if (process.platform !== 'linux') return { host, boot: await bootTime(), namespace: '' };
  return { host, boot: linuxBoot(), namespace: linuxNamespace() };
}

function linuxBoot(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    // Some sandboxes hide it; the time of the boot in seconds tells boots apart just as well.
    return /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? '';
  }
}

function linuxNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

/** macOS and Windows; written from their manuals, not run so far. */
async function bootTime(): Promise<string> {
  const [program, ...args] =
    process.platform === 'win32'
      ? [
          'powershell',
          '-NoProfile',
          '-Command',
          '(Get-CimInstance Win32_OperatingSystem).LastBootUpTime.ToFileTimeUtc()',
        ]
      : ['sysctl', '-n', 'kern.boottime'];
  const { stdout } = await promisify(execFile)(program, args, { windowsHide: true });
  return /sec = (\d+)/.exec(stdout)?.[1] ?? stdout.trim();
}
