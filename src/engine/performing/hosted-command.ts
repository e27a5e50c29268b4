import type { ChildProcess } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { ledgerFile } from '../../process/job-folder.ts';
import { killSet, toEntry } from '../../process/process-set.ts';
import { readProcess } from '../../process/process-table.ts';
import { programEnvironment } from '../../process/program-environment.ts';
import { secretsIn, withoutSecrets } from '../../process/secrets.ts';
import { start } from '../../process/spawn.ts';

interface Place {
  /** The job's folder and id: whoever finds this process dead finds its commands by them. */
  folder: string;
  job: string;
  cwd: string;
  env: Readonly<Record<string, string>>;
  stop: AbortSignal;
}

/** Milliseconds. A command that takes longer waits for something that does not come. */
const LONGEST = 10 * 60_000;
const GRACE = 3000;
/** Characters of its output, the last ones. */
const KEPT = 30_000;

/** Runs a line in the worktree for a hosted agent, and ends whatever it leaves behind. */
export async function runLine(line: string, place: Place): Promise<{ code: number | null; output: string }> {
  const { cwd, job, env, stop } = place;
  const detached = process.platform !== 'win32';
  const environment = programEnvironment({ job, env }, undefined);
  const child = start({ line }, { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'], detached });
  const ended = endOf(child);
  const output = collect(child);
  const row = child.pid === undefined ? undefined : await readProcess(child.pid);
  if (row) appendFileSync(ledgerFile(place.folder), `${JSON.stringify(toEntry(row))}\n`);
  const processes = {
    job,
    ledger: row ? [toEntry(row)] : [],
    ...(child.pid === undefined ? {} : { group: child.pid }),
  };
  const limit = AbortSignal.any([stop, AbortSignal.timeout(LONGEST)]);
  const end = (): void => void killSet(processes, GRACE);
  if (limit.aborted) end();
  else limit.addEventListener('abort', end, { once: true });
  const code = await ended;
  limit.removeEventListener('abort', end);
  await killSet(processes, GRACE);
  const printed = withoutSecrets(output(), secretsIn(environment));
  return { code, output: limit.aborted && !stop.aborted ? `${printed}\nended after 10 minutes` : printed };
}

/** Not at the close of its streams: what it left running may hold them. */
const endOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.once('error', () => resolve(null));
  });

function collect(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (piece: string) => {
      text = (text + piece).slice(-KEPT);
    });
  child.once('error', ({ message }) => {
    text += message;
  });
  return () => text;
}
