import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/** One process of this machine. A process that has ended and only waits for its parent is not one. */
export interface ProcessRow {
  pid: number;
  parent: number;
  /** Process group and session; 0 where the system has none or does not say. */
  group: number;
  session: number;
  /** Differs for a later process with the same pid; on Linux clock ticks since the boot. */
  started: string;
  command: string;
}

/** Every process this one may see. Linux reads /proc; macOS asks `ps`, Windows PowerShell: those two were not run. */
export async function processTable(): Promise<ProcessRow[]> {
  if (process.platform === 'linux') return linuxTable();
  return process.platform === 'win32' ? windowsTable() : psTable(['-A']);
}

/** One process, or undefined when it has ended. */
export async function readProcess(pid: number): Promise<ProcessRow | undefined> {
  if (process.platform === 'linux') return linuxRow(pid);
  const rows = process.platform === 'win32' ? await windowsTable() : await psTable(['-p', String(pid)]);
  return rows.find((row) => row.pid === pid);
}

/** Whether `NAME=value` stands in the environment a process was started with, where the system lets us look. */
export function startedWith(pid: number, variable: string): boolean {
  if (process.platform !== 'linux') return false;
  try {
    return `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}\0`.includes(`\0${variable}\0`);
  } catch {
    return false;
  }
}

function linuxTable(): ProcessRow[] {
  return readdirSync('/proc').flatMap((name) => {
    const first = name.codePointAt(0) ?? 0;
    if (first < 48 || first > 57) return [];
    return linuxRow(Number(name)) ?? [];
  });
}

/** proc(5), stat: pid (comm) state ppid pgrp session … starttime is the 22nd. comm may hold spaces and brackets. */
function linuxRow(pid: number): ProcessRow | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  const end = stat.lastIndexOf(')');
  const fields = stat.slice(end + 2).split(' ', 20);
  const [state, parent, group, session] = fields;
  if (state === 'Z' || state === 'X') return undefined;
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    started: fields[19] ?? '',
    command: stat.slice(stat.indexOf('(') + 1, end),
  };
}

async function psTable(which: readonly string[]): Promise<ProcessRow[]> {
  const args = [...which, '-o', 'pid=,ppid=,pgid=,stat=,lstart=,comm='];
  const { stdout } = await promisify(execFile)('ps', args, { env: { ...process.env, LC_ALL: 'C' } }).catch(() => ({
    stdout: '',
  }));
  return stdout.split('\n').flatMap(psRow);
}

function psRow(line: string): ProcessRow[] {
  const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+ +\S+ +\d+ [\d:]+ \d+)\s+(.*)$/.exec(line);
  if (!match || match[4]?.startsWith('Z')) return [];
  const [, pid, parent, group, , started = '', command = ''] = match;
  return [{ pid: Number(pid), parent: Number(parent), group: Number(group), session: 0, started, command }];
}

async function windowsTable(): Promise<ProcessRow[]> {
  const query =
    'Get-CimInstance Win32_Process | ForEach-Object { "$($_.ProcessId) $($_.ParentProcessId) $($_.CreationDate.ToFileTimeUtc()) $($_.Name)" }';
  const { stdout } = await promisify(execFile)('powershell', ['-NoProfile', '-Command', query], {
    windowsHide: true,
    maxBuffer: 16 * 1024 * 1024,
  }).catch(() => ({ stdout: '' }));
  return stdout.split('\n').flatMap((line) => {
    const match = /^(\d+) (\d+) (\d*) (.*)$/.exec(line.trim());
    if (!match) return [];
    const [, pid, parent, started = '', command = ''] = match;
    return [{ pid: Number(pid), parent: Number(parent), group: 0, session: 0, started, command }];
  });
}
