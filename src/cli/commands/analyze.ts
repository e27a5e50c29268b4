import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { type Analysis, analyze as analyzeTasks, type Prompt, type TaskAnalysis } from '../../analysis/analysis.ts';
import type { Conflict, Reason } from '../../analysis/conflicts.ts';
import type { Estimated } from '../../analysis/estimate.ts';
import { lasting, measuredText } from '../../analysis/plan-times.ts';
import { checkoutSize, readFiles, readPast } from '../../analysis/read-repository.ts';
import { readScanCache } from '../../analysis/scan-cache.ts';
import type { Targets } from '../../analysis/targets.ts';
import { assign } from '../../engine/performing/assign.ts';
import { measuredTasks } from '../../engine/past/past-runs.ts';
import { type Prepared, prepareRun } from '../../engine/runs.ts';
import { readIfAny, writeWhole } from '../../git/files.ts';
import { readHead, type Repository } from '../../git/repository.ts';
import { fail, ok, refuse, type Result } from '../../model/failure.ts';
import type { Plan } from '../../model/plan/plan.ts';
import { ioFailure } from '../../process/durable-now.ts';
import { type Call, type Command, inRepository } from '../call.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { planOf } from '../plan-file.ts';
import type { Style } from '../shown/style.ts';
import { count, plain } from '../shown/text.ts';
import { isMarked } from '../../formats/gadugi/prompt-tasks.ts';

export const analyze: Command = {
  summary: 'say what the tasks of a plan, a prompt file or a folder of prompts will touch',
  more: `Read from text and git, no model asked: type, complexity, target files, tests, imports, what changes together, who gets
in whose way and why, and an estimate. A task that names no file may touch any; that is the usual case.`,
  places: ['[plan.yaml|plan_id|prompt.md|folder]'],
  options: ['json'],
  run: (call) => inRepository(call, (repository) => analyzeIn(call, repository)),
};

/** Agents at work at once where no configuration says so. */
const AGENTS = 4;
const CACHE = 'imports.json';

async function analyzeIn(call: Call, repository: Repository): Promise<Result<ExitCode>> {
  const [what, files, history, past] = await Promise.all([
    subjectOf(call, repository),
    readFiles(repository),
    readPast(repository),
    measuredTasks(repository),
  ]);
  if (!what.ok) return what;
  if (!files.ok) return files;
  if (!history.ok) return history;
  const place = join(repository.state, CACHE);
  const cache = readScanCache(await readIfAny(place).catch(() => undefined));
  const checkoutMb = checkoutSize(repository.root, files.value.paths);
  const { tasks, ...crew } = what.value;
  const known = { files: files.value, history: history.value, cache, checkoutMb, past, ...crew };
  const analysis = analyzeTasks(tasks, known);
  if (cache.isChanged()) await writeWhole(place, cache.write()).catch(() => undefined); // next time reads more: no harm
  const { terminal, options } = call;
  if (options.json) terminal.print(JSON.stringify(analysis, undefined, 2));
  else terminal.print(...analysisLines(analysis, terminal.style));
  return ok(EXIT.merged);
}

interface Subject {
  tasks: Plan | readonly Prompt[];
  agents: number;
  /** The adapter of each task, where that is known. */
  adapters: Readonly<Record<string, { name: string }>>;
}

/** A folder or a Markdown file is prompts; anything else a plan, as for `run`. */
async function subjectOf(call: Call, repository: Repository): Promise<Result<Subject>> {
  const [named] = call.positionals;
  const path = resolve(call.cwd, named ?? '.');
  const isFolder = named !== undefined && ((await stat(path).catch(() => undefined))?.isDirectory() ?? false);
  if (isFolder || named?.endsWith('.md')) return prompts(path, isFolder, repository.root);
  const planFile = await planOf(call, repository.root);
  if (!planFile.ok) return planFile;
  const prepared = await prepareRun(repository, { planFile: planFile.value });
  if (!prepared.ok) return prepared;
  const { plan, config } = prepared.value;
  return ok({ tasks: plan, agents: config.limits.agents, adapters: await adaptersOf(repository, { plan, config }) });
}

/** None where that cannot be concluded; a run says why. */
async function adaptersOf(repository: Repository, of: Pick<Prepared, 'plan' | 'config'>): Promise<Subject['adapters']> {
  const head = await readHead(repository);
  const assigned = head.ok ? await assign(repository, of, head.value.commit) : undefined;
  return assigned?.ok ? assigned.value.agents : {};
}

async function prompts(path: string, isFolder: boolean, root: string): Promise<Result<Subject>> {
  try {
    const found = isFolder ? (await readdir(path)).filter((name) => name.endsWith('.md')).toSorted() : [''];
    const read = await Promise.all(found.map((name) => promptAt(join(path, name), root)));
    const open = read.filter(({ text }) => !isMarked(text.split('\n', 1)[0] ?? ''));
    if (open.length > 0) return ok({ tasks: open, agents: AGENTS, adapters: {} });
    return refuse(`There is no open prompt (*.md) in ${path}.`);
  } catch (error) {
    return fail(ioFailure(path, error));
  }
}

const promptAt = async (path: string, root: string): Promise<Prompt> => ({
  id: basename(path, '.md'),
  file: relative(root, path),
  text: await readFile(path, 'utf8'),
});

function analysisLines({ tasks, conflicts, span, measured, repository }: Analysis, style: Style): string[] {
  const { paint } = style;
  const told = conflicts.filter(({ reasons }) => reasons.some(({ kind }) => kind !== 'unknownTargets'));
  const unknown = tasks.filter(({ targets }) => !targets.known);
  return [
    ...tasks.flatMap((task) => taskLines(task, style)),
    ...(told.length === 0 ? [] : ['', paint('bold', 'Conflicts')]),
    ...told.map((conflict) => conflictLine(conflict, style)),
    '',
    ...(unknown.length === 0
      ? []
      : [`${count(unknown.length, 'task names', 'tasks name')} no target: may conflict with every other.`]),
    `About ${minutes(span.oneByOne)} one after the other; ${minutes(span.parallel)} with ${count(span.agents, 'agent')}, nine times out of ten at most ${minutes(span.atMost)}.`,
    measuredText(measured),
    paint(
      'dim',
      `${count(repository.files, 'file')} (${repository.scanned} read, ${repository.remembered} remembered), ${count(repository.commits, 'commit')}`,
    ),
  ];
}

function taskLines(task: TaskAnalysis, { paint }: Style): string[] {
  const { estimate, times } = task;
  const facts: [string, string][] = [
    ['targets', targetText(task.targets)],
    ['tests', names(task.tests)],
    ['imports', names(task.imports)],
    ['imported by', names(task.importedBy)],
    ['changes with', names(task.companions)],
    ['collided lately', names(task.collided)],
    ['after', names(task.dependencies)],
    [
      'takes',
      `${lasting(times.p50)}, nine times out of ten at most ${lasting(times.p90)}, by ${times.samples > 0 ? `${times.samples} ` : ''}${times.by}`,
    ],
    [
      'needs',
      `${ranged(estimate.cpu, 'CPU')}, ${ranged(estimate.memoryMb, 'MB memory')}, ${ranged(estimate.diskMb, 'MB disk')}`,
    ],
  ];
  return [
    `${paint('bold', plain(task.id))}  ${plain(task.title)}`,
    `  ${task.type.replaceAll('_', ' ')}, ${task.complexity}, ${task.order}  ${paint('dim', plain(because(task)))}`,
    ...facts.filter(([, text]) => text !== '').map(([name, text]) => `  ${paint('dim', name.padEnd(15))} ${text}`),
  ];
}

const because = ({ typeBecause, complexityBecause }: TaskAnalysis): string =>
  [...typeBecause.slice(0, 2), ...complexityBecause.slice(1, 3)].join('; ');

function targetText(targets: Targets): string {
  if (!targets.known) return 'unknown: may touch anything';
  const fresh = targets.fresh.map((path) => `${path} (new)`);
  return names([...targets.files, ...targets.globs, ...fresh], 6);
}

function names(list: readonly string[], most = 4): string {
  const more = list.length - most;
  return plain([...list.slice(0, most), ...(more > 0 ? [`${more} more`] : [])].join(', '));
}

const ranged = ({ value, low, high }: Estimated, unit: string): string => `${value} ${unit} (${low}–${high})`;

const minutes = (value: number): string => lasting(value * 60_000);

const COLOURS = { certain: 'red', likely: 'yellow', possible: 'dim' } as const;

function conflictLine({ tasks, weight, types, reasons }: Conflict, { paint }: Style): string {
  return `  ${plain(tasks.join(' × '))}  ${paint(COLOURS[weight], weight)}, ${types.join(' and ')}: ${plain(reasons.map(reasonText).join('; '))}`;
}

function reasonText(reason: Reason): string {
  switch (reason.kind) {
    case 'declared':
      return 'the plan says so';
    case 'unknownTargets':
      return `${reason.tasks.join(' and ')} names no target`;
    case 'sameFile':
      return `both change ${names(reason.files, 2)}`;
    case 'scopeOverlap':
      return 'their scopes overlap';
    case 'imports':
      return `${reason.from} imports ${reason.to}${reason.more > 0 ? ` and ${reason.more} more` : ''}`;
    case 'changesTogether':
      return `${reason.files.join(' and ')} changed together ${reason.times} times (${Math.round(reason.share * 100)} %)`;
  }
}
