import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readProcesses } from '../../engine/processes.ts';
import type { RunRef } from '../../engine/session.ts';
import { processRegistry } from '../../formats/gadugi/registry.ts';
import { ok, refuse, type Result } from '../../model/failure.ts';
import type { OpenJob } from '../../model/shown/processes.ts';
import type { RunState } from '../../model/run/state.ts';
import { writeByRename } from '../../process/durable.ts';
import type { Call } from '../call.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { clip, count, pad, plain, timeText, widthOf } from '../shown/text.ts';
import { parseObject } from '../../agents/json.ts';

/** `orchestrate status --processes`: what runs now for a run, one block a job; or the same as one object, or a file. */
export async function showProcesses(call: Call, ref: RunRef, state: RunState): Promise<Result<ExitCode>> {
  const { terminal, options } = call;
  const jobs = await readProcesses(ref, state);
  if (options.export !== undefined) return exportRegistry(call, state, jobs);
  const { columns } = terminal.size();
  if (options.json) terminal.print(JSON.stringify({ run: ref.run, processes: jobs }, undefined, 2));
  else terminal.print(...processLines(jobs, { columns, now: Date.now() }), ` run ${ref.run}`);
  return ok(EXIT.merged);
}

/** A line for each job and one for its command, at most `columns` wide. */
export function processLines(jobs: readonly OpenJob[], { columns, now }: { columns: number; now: number }): string[] {
  if (jobs.length === 0) return [' Nothing runs now.'];
  const names = Math.min(48, Math.max(...jobs.map(({ what }) => widthOf(plain(what)))));
  const lines = jobs.flatMap((job) => [
    ` ${pad(plain(job.what), names)}  ${pad(WORDS[job.liveness], 9)}  ${numbers(job)}  ${times(job, now)}`,
    `   ${commandLine(job)}`,
  ]);
  return [
    ...lines.map((line) => clip(line.trimEnd(), columns)),
    ...(jobs.some(({ task }) => task !== undefined) ? ['', clip(HOW_TO_END, columns)] : []),
  ];
}

const HOW_TO_END = ' End one: orchestrate skip <task>, or takeover <task> to go on yourself. All: orchestrate cancel.';

const WORDS = {
  starting: 'starting',
  alive: 'alive',
  ended: 'ended',
  lost: 'lost',
  elsewhere: 'elsewhere',
} as const satisfies Record<OpenJob['liveness'], string>;

const numbers = ({ pid, runner }: OpenJob): string =>
  [pid === undefined ? [] : `pid ${pid}`, runner === undefined ? [] : `runner ${runner}`].flat().join(', ');

const times = ({ since, lastSign }: OpenJob, now: number): string =>
  `for ${timeText(now - since)}${lastSign === undefined ? '' : `, last sign ${timeText(now - lastSign)} ago`}`;

const commandLine = ({ command = '' }: OpenJob): string =>
  plain(typeof command === 'string' ? command : command.join(' '));

/** Written over an older registry, and over nothing else. */
async function exportRegistry(call: Call, state: RunState, jobs: readonly OpenJob[]): Promise<Result<ExitCode>> {
  const file = call.options.export ?? '';
  const path = resolve(call.cwd, file);
  const there = await readFile(path, 'utf8').catch(() => undefined);
  if (there !== undefined && !isRegistry(there))
    return refuse(`${file} is there already and is no process registry: name another file.`);
  const text = `${JSON.stringify(processRegistry(state, jobs, Date.now()), undefined, 2)}\n`;
  const written = await writeByRename(path, text);
  if (!written.ok) return written;
  call.terminal.print(
    `wrote ${plain(file)}: ${count(state.tasks.size, 'task')}, ${count(jobs.length, 'process', 'processes')}`,
  );
  return ok(EXIT.merged);
}

const isRegistry = (text: string): boolean => 'processes' in (parseObject(text.trimStart()) ?? {});
