import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { LedgerEntry } from '../model/run/job.ts';
import { steadyTime, wait } from './clock.ts';
import { processesSince, processTable, readProcess, startedWith, type ProcessRow } from './process-table.ts';

/** How the processes of a job are known. */
export interface ProcessSet {
  /** The value of ORCHESTRATE_JOB that every process of the job inherits. */
  job: string;
  /** Processes seen so far; the first is the program itself. */
  ledger: readonly LedgerEntry[];
  /**
   * The group the program was started in. Only the runner, which holds the program, may say it: after the program's
   * end the number can come round again.
   */
  group?: number;
}

/**
 * The processes of the job that are alive now: those in the ledger, everything below them, whoever shares their group
 * or session, and strays that carry the job's token. A process that left the session, lost its parent before it was
 * ever seen and wiped its environment cannot be found.
 */
export async function livingMembers(set: ProcessSet): Promise<ProcessRow[]> {
  const [program] = set.ledger;
  const all = await (program ? processesSince(program) : processTable());
  const rows = all.filter(({ pid }) => pid !== process.pid);
  const members = new Set(rows.filter((row) => isKnown(set, row) || isStray(set, row)));
  for (let before = -1; before !== members.size;) {
    before = members.size;
    const parents = new Set([...members].map(({ pid }) => pid));
    const groups = new Set(
      [...members].flatMap(({ group, session }) => [group, session]).filter((id) => ownsId(parents, id)),
    );
    for (const row of rows) {
      if (parents.has(row.parent) || groups.has(row.group) || groups.has(row.session)) members.add(row);
    }
  }
  return [...members];
}

/**
 * Ends every process of the job and resolves when none is left: the polite signal to the group and to whoever left it,
 * `grace` milliseconds, SIGKILL. Gives back those that were alive at the start.
 */
export async function killSet(set: ProcessSet, grace: number): Promise<LedgerEntry[]> {
  const members = await livingMembers(set);
  if (members.length === 0) return [];
  await signalMembers(members, 'SIGTERM');
  await waitUntilGone(members, grace);
  for (let pause = 2; ; pause = Math.min(pause * 2, 200)) {
    const left = await livingMembers({ ...set, ledger: [...set.ledger, ...members] });
    if (left.length === 0) return members.map(toEntry);
    await signalMembers(left, 'SIGKILL');
    await waitUntilGone(left, pause);
  }
}

export const toEntry = ({ pid, started, command }: ProcessRow): LedgerEntry => ({ pid, started, command });

/** Sends a signal to one process if it is still the one meant. False when it was gone. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

const isKnown = ({ ledger }: ProcessSet, row: ProcessRow): boolean =>
  ledger.some(({ pid, started }) => pid === row.pid && started === row.started);

/** Reading an environment is the dear part, so only processes younger than the program are asked. */
function isStray({ job, ledger, group }: ProcessSet, row: ProcessRow): boolean {
  if (group !== undefined && (row.group === group || row.session === group)) return true;
  const [program] = ledger;
  if (program && process.platform === 'linux' && Number(row.started) < Number(program.started)) return false;
  return startedWith(row.pid, `ORCHESTRATE_JOB=${job}`);
}

/** A group or session belongs to the job only if its leader does: the program is started as the leader of its own. */
const ownsId = (members: ReadonlySet<number>, id: number): boolean => id > 1 && members.has(id);

async function signalMembers(members: readonly ProcessRow[], signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (process.platform === 'win32') return killOnWindows(members, signal);
  const pids = new Set(members.map(({ pid }) => pid));
  const groups = new Set(members.map(({ group }) => group).filter((group) => pids.has(group)));
  for (const group of groups) signalProcess(-group, signal);
  for (const { pid, group } of members) if (!groups.has(group)) signalProcess(pid, signal);
}

/** There is no polite signal there: taskkill without /F only reaches programs with a window. Not run so far. */
async function killOnWindows(members: readonly ProcessRow[], signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const force = signal === 'SIGKILL' ? ['/F'] : [];
  for (const { pid } of members) {
    await promisify(execFile)('taskkill', ['/T', ...force, '/PID', String(pid)], { windowsHide: true }).catch(
      () => null,
    );
  }
}

/** Looks at the given processes only, ever more seldom; nothing tells us of the end of a process that is not our child. */
async function waitUntilGone(members: readonly ProcessRow[], limit: number): Promise<void> {
  const deadline = steadyTime() + limit;
  for (let pause = 1; steadyTime() < deadline; pause = Math.min(pause * 2, 64)) {
    await wait(pause);
    const found = await Promise.all(members.map(isStillThere));
    if (!found.includes(true)) return;
  }
}

const isStillThere = async ({ pid, started }: ProcessRow): Promise<boolean> =>
  (await readProcess(pid))?.started === started;
