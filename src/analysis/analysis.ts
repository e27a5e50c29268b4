import type { Plan, Task } from '../model/plan/plan.ts';
import type { Duration } from '../model/schedule/duration.ts';
import { makespan } from '../model/schedule/makespan.ts';
import type { Complexity } from './complexity.ts';
import { type Conflict, conflictMatrix, type Footprint } from './conflicts.ts';
import { type Estimate, estimateOf, rounded } from './estimate.ts';
import { taskTimes } from './plan-times.ts';
import { companions, type History } from './history.ts';
import { type ImportGraph, importGraph } from './import-graph.ts';
import { type Accuracy, accuracyOf, estimator, type TaskTimes, type Took } from './measured.ts';
import { nameOfFile } from './paths.ts';
import { type PromptText, readPrompt } from './prompt-text.ts';
import { type FileIndex, indexFiles, type RepositoryFiles } from './repository-files.ts';
import type { ScanCache } from './scan-cache.ts';
import { filesOf, scopeOf, type Targets, targetsOf } from './targets.ts';
import { type TaskType, typeOf } from './task-type.ts';
import { promptOf, sizeOf } from './task-words.ts';
import { testsOf } from './tests-of.ts';

/** One file of orders; its id is the name of the file without its ending. */
export interface Prompt {
  id: string;
  file: string;
  text: string;
}

export interface TaskAnalysis {
  id: string;
  title: string;
  type: TaskType;
  typeBecause: readonly string[];
  complexity: Complexity;
  complexityBecause: readonly string[];
  targets: Targets;
  /** Files of today among the targets. */
  files: readonly string[];
  tests: readonly string[];
  /** What its files import, and who imports them: what a change may break. */
  imports: readonly string[];
  importedBy: readonly string[];
  /** Files that mostly changed when these did, and are no targets. */
  companions: readonly string[];
  /** Files of it that both sides of a recent merge had changed. */
  collided: readonly string[];
  dependencies: readonly string[];
  /** `sequential` where a certain or likely conflict, or a dependency, holds it back from some other task. */
  order: 'parallel' | 'sequential';
  /** Its minutes are those of past runs, where there are any. */
  estimate: Estimate;
  /** Milliseconds that half, and nine of ten, of such tasks take, and how many of which were measured. */
  times: ReturnType<typeof taskTimes>;
}

/** Plain data: what `analyze --json` prints. */
export interface Analysis {
  tasks: readonly TaskAnalysis[];
  conflicts: readonly Conflict[];
  /** Minutes of everything after one another, with so many agents at once, and what nine of ten should end within so. */
  span: { oneByOne: number; parallel: number; atMost: number; agents: number };
  /** Tasks of past runs that were measured, and how good what was said of the last of them was. */
  measured: { tasks: number; accuracy: Accuracy };
  repository: { files: number; scanned: number; remembered: number; commits: number };
}

export interface Repository {
  files: RepositoryFiles;
  history: History;
  cache?: ScanCache;
  /** Megabytes of one checkout. */
  checkoutMb: number;
  agents: number;
  /** Tasks of past runs. */
  past: readonly Took[];
  /** The adapter of each task, where that is known. */
  adapters: Readonly<Record<string, { name: string }>>;
}

interface Subject {
  task: Pick<Task, 'id' | 'title' | 'dependencies' | 'conflictsWith' | 'estimate'>;
  prompt: PromptText;
  targets: Targets;
}

/** What each task will touch, and who gets in whose way; decided from text and git alone, no model asked. */
export function analyze(what: Plan | readonly Prompt[], repository: Repository): Analysis {
  const index = indexFiles(repository.files);
  const graph = importGraph(repository.files, repository.cache, index);
  const subjects =
    'tasks' in what ? what.tasks.map((task) => fromTask(task, index)) : what.map((one) => fromPrompt(one, what, index));
  const footprints = subjects.map((subject) => footprintOf(subject, index));
  const conflicts = conflictMatrix(footprints, { graph, history: repository.history });
  const held = new Set(conflicts.filter(({ weight }) => weight !== 'possible').flatMap(({ tasks }) => tasks));
  for (const { task } of subjects)
    for (const id of [task.id, ...task.dependencies]) if (task.dependencies.length > 0) held.add(id);
  const estimate = estimator(repository.past);
  const durations = new Map<string, Duration>();
  const tasks = subjects.map((subject) =>
    taskAnalysis(subject, { index, graph, repository, held, estimate, durations }),
  );
  return {
    tasks,
    conflicts,
    span: spanOf(tasks, { conflicts, durations, agents: repository.agents }),
    measured: { tasks: repository.past.length, accuracy: accuracyOf(repository.past) },
    repository: {
      files: repository.files.paths.length,
      scanned: graph.scanned,
      remembered: graph.remembered,
      commits: repository.history.commits,
    },
  };
}

/** A declared scope is believed; else the task's words are read as a prompt's would be. */
function fromTask(task: Task, index: FileIndex): Subject {
  const prompt = promptOf(task);
  const declared =
    task.scope === undefined
      ? undefined
      : ({ known: true, files: [], fresh: [], globs: task.scope, from: 'section' } as const);
  return { task, prompt, targets: declared ?? targetsOf(prompt, index) };
}

/** A prompt waits for another only where it names its file, or its name as a whole, after a word that says so. */
function fromPrompt(prompt: Prompt, all: readonly Prompt[], index: FileIndex): Subject {
  const text = readPrompt(prompt.text);
  const waits = [
    ...prompt.text.matchAll(/\b(?:depends on|requires|after|blocked by|prerequisites?:?)\s+`?([\w./-]{3,120})/giu),
  ];
  const named = new Set(
    waits.map((match) =>
      (match[1] ?? '')
        .replace(/^.*\//u, '')
        .replace(/\.md\.?$/u, '')
        .replace(/\.$/u, ''),
    ),
  );
  const dependencies = all.filter(({ id }) => id !== prompt.id && named.has(id)).map(({ id }) => id);
  const task = { id: prompt.id, title: text.title, dependencies, conflictsWith: [] };
  return { task, prompt: text, targets: withoutPrompts(targetsOf(text, index), all) };
}

/** A prompt that names another one waits for it: it does not change it. */
function withoutPrompts(targets: Targets, all: readonly Prompt[]): Targets {
  if (!targets.known || targets.from === 'section') return targets;
  const prompts = new Set(all.map(({ file }) => nameOfFile(file)));
  const [files, fresh] = [targets.files, targets.fresh].map((list) =>
    list.filter((path) => !prompts.has(nameOfFile(path))),
  );
  if (!files || !fresh || files.length + fresh.length + targets.globs.length === 0) return { known: false };
  return { ...targets, files, fresh };
}

const footprintOf = ({ task, targets }: Subject, index: FileIndex): Footprint => ({
  id: task.id,
  scope: scopeOf(targets),
  files: filesOf(targets, index),
  listed: targets.known && targets.from === 'section',
  conflictsWith: task.conflictsWith,
});

interface Known {
  index: FileIndex;
  graph: ImportGraph;
  repository: Repository;
  held: ReadonlySet<string>;
  estimate: ReturnType<typeof estimator>;
  /** What is found, by task. */
  durations: Map<string, Duration>;
}

function taskAnalysis({ task, prompt, targets }: Subject, known: Known): TaskAnalysis {
  const { index, graph, repository, held } = known;
  const files = filesOf(targets, index);
  const tests = [...new Set(files.flatMap((file) => testsOf(file, index, graph)))];
  const type = typeOf(prompt);
  const size = sizeOf(prompt, type.type, { targets: scopeOf(targets) ?? [], stated: task.estimate });
  const work = { type: type.type, complexity: size.complexity, tests: tests.length, checkoutMb: repository.checkoutMb };
  const stated = estimateOf({ ...work, targets: targets.known ? files.length + targets.fresh.length : undefined });
  const agent = repository.adapters[task.id]?.name;
  const measured = known.estimate({ ...work, minutes: stated.minutes, ...(agent === undefined ? {} : { agent }) });
  known.durations.set(task.id, measured.duration);
  return {
    id: task.id,
    title: task.title,
    type: type.type,
    typeBecause: type.because,
    complexity: size.complexity,
    complexityBecause: size.because,
    targets,
    files,
    tests,
    imports: neighbours(files, graph.imports),
    importedBy: neighbours(files, graph.importedBy),
    companions: companions(repository.history, files),
    collided: files.filter((file) => repository.history.collided.has(file)),
    dependencies: task.dependencies,
    order: held.has(task.id) ? 'sequential' : 'parallel',
    estimate: { ...stated, minutes: minutesOf(measured) },
    times: taskTimes(measured),
  };
}

function neighbours(files: readonly string[], edges: ImportGraph['imports']): string[] {
  const own = new Set(files);
  return [...new Set(files.flatMap((file) => edges.get(file) ?? []))].filter((file) => !own.has(file));
}

/** Half of them, with the range in which four of five should end. */
function minutesOf(times: TaskTimes): Estimate['minutes'] {
  const { p50, p90 } = taskTimes(times);
  const [value, high] = [p50 / 60_000, p90 / 60_000];
  return { value: rounded(value), low: rounded(value ** 2 / Math.max(high, 0.001)), high: rounded(high) };
}

interface Spanned {
  conflicts: readonly Conflict[];
  durations: ReadonlyMap<string, Duration>;
  agents: number;
}

/** Each task after what it depends on and after the earlier tasks it must not meet. */
function spanOf(tasks: readonly TaskAnalysis[], { conflicts, durations, agents }: Spanned): Analysis['span'] {
  const apart = conflicts.filter(({ weight }) => weight !== 'possible');
  const nodes = tasks.map(({ id, dependencies }) => ({
    id,
    dependencies: [...dependencies, ...apart.flatMap(({ tasks: [first, second] }) => (second === id ? [first] : []))],
    wave: 1,
    priority: 'medium' as const,
    urgency: 0,
  }));
  const course = { nodes, barrier: false, conflicts: new Map() };
  const minutes = (milliseconds: number): number => rounded(milliseconds / 60_000);
  const { p50, p90 } = makespan({ ...course, slots: agents }, durations);
  const oneByOne = makespan({ ...course, slots: 1 }, durations).p50;
  return { oneByOne: minutes(oneByOne), parallel: minutes(p50), atMost: minutes(p90), agents };
}
