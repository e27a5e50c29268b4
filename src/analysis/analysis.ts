import type { Plan, Task } from '../model/plan/plan.ts';
import { type Complexity, complexityOf } from './complexity.ts';
import { type Conflict, conflictMatrix, type Footprint } from './conflicts.ts';
import { type Estimate, estimateOf, spanOf } from './estimate.ts';
import { companions, type History } from './history.ts';
import { type ImportGraph, importGraph } from './import-graph.ts';
import { nameOfFile } from './paths.ts';
import { type PromptText, readPrompt } from './prompt-text.ts';
import { type FileIndex, indexFiles, type RepositoryFiles } from './repository-files.ts';
import type { ScanCache } from './scan-cache.ts';
import { filesOf, scopeOf, type Targets, targetsOf } from './targets.ts';
import { type TaskType, typeOf } from './task-type.ts';
import { promptOf } from './task-words.ts';
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
  estimate: Estimate;
}

/** Plain data: what `analyze --json` prints. */
export interface Analysis {
  tasks: readonly TaskAnalysis[];
  conflicts: readonly Conflict[];
  /** Minutes of everything after one another, and with so many agents at once. */
  span: { oneByOne: number; parallel: number; agents: number };
  repository: { files: number; scanned: number; remembered: number; commits: number };
}

export interface Repository {
  files: RepositoryFiles;
  history: History;
  cache?: ScanCache;
  /** Megabytes of one checkout. */
  checkoutMb: number;
  agents: number;
}

interface Subject {
  task: Pick<Task, 'id' | 'title' | 'dependencies' | 'conflictsWith'>;
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
  const tasks = subjects.map((subject) => taskAnalysis(subject, { index, graph, repository, held }));
  return {
    tasks,
    conflicts,
    span: { ...spanOf(steps(tasks, conflicts), repository.agents), agents: repository.agents },
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
}

function taskAnalysis({ task, prompt, targets }: Subject, { index, graph, repository, held }: Known): TaskAnalysis {
  const files = filesOf(targets, index);
  const tests = [...new Set(files.flatMap((file) => testsOf(file, index, graph)))];
  const type = typeOf(prompt);
  const size = complexityOf(prompt, type.type, scopeOf(targets) ?? []);
  const work = { type: type.type, complexity: size.complexity, tests: tests.length, checkoutMb: repository.checkoutMb };
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
    estimate: estimateOf({ ...work, targets: targets.known ? files.length + targets.fresh.length : undefined }),
  };
}

function neighbours(files: readonly string[], edges: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const own = new Set(files);
  return [...new Set(files.flatMap((file) => [...(edges.get(file) ?? [])]))].filter((file) => !own.has(file));
}

/** Each task after what it depends on and after the earlier tasks it must not meet. */
function steps(
  tasks: readonly TaskAnalysis[],
  conflicts: readonly Conflict[],
): { id: string; minutes: number; after: string[] }[] {
  const apart = conflicts.filter(({ weight }) => weight !== 'possible');
  return tasks.map(({ id, estimate, dependencies }) => ({
    id,
    minutes: estimate.minutes.value,
    after: [...dependencies, ...apart.flatMap(({ tasks: [first, second] }) => (second === id ? [first] : []))],
  }));
}
