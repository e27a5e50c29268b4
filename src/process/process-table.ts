import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { MILLISECONDS_A_TICK, procText, TICKS_PER_SECOND } from './proc.ts';

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
  /** Milliseconds of processor time it and the children it waited for have used. */
  cpu: number;
}

/** Every process this one may see. Linux reads /proc; macOS asks `ps`, Windows PowerShell: those two were not run. */
export async function processTable(): Promise<ProcessRow[]> {
  if (process.platform === 'linux') return rowsOf(linuxPids());
  return process.platform === 'win32' ? windowsTable() : psTable(['-A']);
}

/**
 * The processes that may be younger than `first`, which tells for certain only where there was no time for pids to come
 * round again; else all of them. Looking at a pid is cheap, looking at a process is not.
 */
export async function processesSince(first: Pick<ProcessRow, 'pid' | 'started'>): Promise<ProcessRow[]> {
  if (process.platform !== 'linux') return processTable();
  const pids = linuxPids();
  return rowsOf(pids.filter(youngerThan(first)));
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
    return `\0${readFileSync(`/proc/${pid}/environ`, 'utf8')}\0`.includes(`\0${variable}\0`);
  } catch {
    return false;
  }
}

const linuxPids = (): number[] => readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
const rowsOf = (pids: readonly number[]): ProcessRow[] => pids.flatMap((pid) => linuxRow(pid) ?? []);

/**
 * Linux gives out pids in a circle (proc(5): sys/kernel/pid_max, and the last one given stands at the end of loadavg).
 * Asked after the pids were listed, so that none of them is later than the last one. What cannot be read is NaN, and
 * then nothing is known.
 */
function youngerThan({ pid: first, started }: Pick<ProcessRow, 'pid' | 'started'>): (pid: number) => boolean {
  const age = Number(procText('/proc/uptime').split(' ')[0]) - Number(started) / TICKS_PER_SECOND;
  const mayHaveComeRound = !(age * MOST_STARTS_PER_SECOND < Number(procText('/proc/sys/kernel/pid_max')));
  const last = Number(procText('/proc/loadavg').split(' ')[4] ?? Number.NaN);
  if (mayHaveComeRound || Number.isNaN(last)) return () => true;
  return last < first ? (pid) => pid >= first || pid <= last : (pid) => pid >= first;
}

/** Several times what any machine does. */
const MOST_STARTS_PER_SECOND = 1_000_000;

/**
 * Read as UTF-8, which Node.js does in one step; for anything else it makes a buffer of 64 KiB for each file.
 * proc(5), stat: pid (comm) state ppid pgrp session … starttime is the 22nd. comm may hold spaces and brackets.
 */
function linuxRow(pid: number): ProcessRow | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
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
    cpu: fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * MILLISECONDS_A_TICK,
    command: stat.slice(stat.indexOf('(') + 1, end),
  };
}

async function psTable(which: readonly string[]): Promise<ProcessRow[]> {
  const args = [...which, '-o', 'pid=,ppid=,pgid=,stat=,time=,lstart=,comm='];
  const { stdout } = await promisify(execFile)('ps', args, { env: { ...process.env, LC_ALL: 'C' } }).catch(() => ({
    stdout: '',
  }));
  return stdout.split('\n').flatMap(psRow);
}

function psRow(line: string): ProcessRow[] {
  const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+([\d:.-]+)\s+(\S+ +\S+ +\d+ [\d:]+ \d+)\s+(.*)$/.exec(line);
  if (!match || match[4]?.startsWith('Z')) return [];
  const [, pid, parent, group, , time = '', started = '', command = ''] = match;
  const cpu = timeOf(time);
  return [{ pid: Number(pid), parent: Number(parent), group: Number(group), session: 0, started, command, cpu }];
}

/** `[[days-]hours:]minutes:seconds[.hundredths]` in milliseconds. */
function timeOf(text: string): number {
  const [rest = '', days = '0'] = text.split('-').toReversed();
  const seconds = rest.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return (Number(days) * 86_400 + seconds) * 1000;
}

async function windowsTable(): Promise<ProcessRow[]> {
  const query =
    'Get-CimInstance Win32_Process | ForEach-Object { "$($_.ProcessId) $($_.ParentProcessId) $($_.CreationDate.ToFileTimeUtc()) $($_.KernelModeTime + $_.UserModeTime) $($_.Name)" }';
  const { stdout } = await promisify(execFile)('powershell', ['-NoProfile', '-Command', query], {
    windowsHide: true,
    maxBuffer: 16 * 1024 * 1024,
  }).catch(() => ({ stdout: '' }));
  return stdout.split('\n').flatMap((line) => {
    const match = /^(\d+) (\d+) (\d*) (\d*) (.*)$/.exec(line.trim());
    if (!match) return [];
    const [, pid, parent, started = '', hundredNanoseconds, command = ''] = match;
    const cpu = Number(hundredNanoseconds) / 10_000;
    return [{ pid: Number(pid), parent: Number(parent), group: 0, session: 0, started, command, cpu }];
  });
}
