import { readPlan } from '../../model/plan/reader.ts';
import { type FileStatus, sameStatus } from '../../model/plan/plan.ts';
import { writeStatuses } from '../../model/plan/writer.ts';
import type { Path, Problem } from '../../model/text/problem.ts';
import { problem } from '../../model/text/yaml-text.ts';
import { carryBack, originalRange } from '../text/aligned.ts';
import { finishDraft, placeIn } from '../draft.ts';
import { recomputedMetrics } from './metrics.ts';
import { draftOfShape } from './shape.ts';
import { keptKeys } from './keys.ts';
import { type Imported, nothingSaid, type SourceFile } from '../imported.ts';
import { readRepaired, type RepairedYaml } from '../text/repair-yaml.ts';
import { isMapping, isNothing, listOf } from '../../model/text/values.ts';

/**
 * Reads a plan.yaml of gem-team in every version seen (FORMATS.md 1.2 to 1.9). A plan with `tasks:` at its top stays
 * the text it is, repairs apart; one whose tasks are under waves or phases is written anew, with every key it has.
 */
export function readGemPlan({ path: file, text }: SourceFile): Imported {
  const base = { format: 'gem-plan' as const, files: [file] };
  const repaired = readRepaired(text, file);
  const { yaml } = repaired;
  if (!yaml) return { ...base, ...nothingSaid, problems: repaired.problems };
  const shaped = isMapping(yaml.value) ? draftOfShape(yaml.value, yaml, file) : undefined;
  const kept = keptKeys(yaml, file);
  if (shaped) {
    const finished = finishDraft(shaped.draft, `From ${file} of gem-team.`);
    const recomputed = finished.plan ? recomputedMetrics(yaml, finished.plan, file) : [];
    return { ...base, ...finished, repairs: [...repaired.repairs, ...shaped.repairs], recomputed, kept };
  }
  const { native, repairs } = inOurWords(repaired, file);
  const read = readPlan(native, file);
  const before = text.split('\n');
  const after = native.split('\n');
  const place = (one: Problem): Problem => ({ ...one, range: originalRange(before, after, one.range) });
  return {
    ...base,
    ...(read.plan ? { plan: read.plan } : {}),
    native,
    origin: (path: Path) => placeIn(file, yaml.rangeAt(path)),
    repairs: [...repaired.repairs, ...repairs],
    recomputed: read.plan ? recomputedMetrics(yaml, read.plan, file) : [],
    kept,
    // What the repair told already is not told again.
    problems: read.problems.map(place).filter(({ message }) => !message.startsWith('This key is here twice')),
  };
}

/** The states of some tasks written into the file as it is, broken or not: only their lines change. */
export function writeGemStatuses(text: string, statuses: ReadonlyMap<string, FileStatus>, planStatus?: string): string {
  const { yaml, text: repaired } = readRepaired(text, 'plan.yaml');
  if (!yaml) return text;
  if (!isMapping(yaml.value) || listOf(yaml.value['tasks']).length > 0)
    return carryBack(text, repaired, writeStatuses(repaired, statuses, planStatus));
  return carryBack(text, repaired, writeNested(repaired, statuses, planStatus));
}

/** Under waves or phases every list of tasks is a small plan of its own to the writer. */
function writeNested(text: string, statuses: ReadonlyMap<string, FileStatus>, planStatus?: string): string {
  const lines = writeStatuses(text, new Map(), planStatus).split('\n');
  for (let start = 0; start < lines.length; start += 1) {
    const column = /^( *(?:- +)?)tasks:\s*$/.exec(lines[start] ?? '')?.[1]?.length;
    if (column === undefined || column === 0) continue;
    const below = lines.slice(start + 1);
    const outside = below.findIndex((line) => line.trim() !== '' && !isInside(line, column));
    const own = outside === -1 ? below : below.slice(0, outside);
    if (comesAgain(below.slice(own.length), column)) continue;
    const written = writeBlock(own, column, statuses);
    lines.splice(start + 1, own.length, ...written);
    start += written.length;
  }
  return lines.join('\n');
}

/** Whether the same phase has tasks again further down: of a key that is there twice the last one counts. */
function comesAgain(below: readonly string[], column: number): boolean {
  for (const line of below) {
    if (line.trim() === '') continue;
    const indent = line.search(/[^ ]/);
    if (indent < column) return false;
    if (indent === column && /^tasks:\s*$/.test(line.slice(column))) return true;
  }
  return false;
}

/** The lines of a list of tasks, written as if it stood at the top. */
function writeBlock(own: readonly string[], column: number, statuses: ReadonlyMap<string, FileStatus>): string[] {
  // The last line of a block has no end of its own, so ends are taken off and put back.
  const end = own[0]?.endsWith('\r') ? '\r' : '';
  const block = own.map((line) => line.slice(column).replace(/\r$/, ''));
  const written = writeStatuses(['tasks:', ...block].join('\n'), statuses)
    .split('\n')
    .slice(1);
  let next = 0;
  return written.map((line, i) => {
    const isAdded = written.length - i > block.length - next && line !== block[next];
    if (!isAdded) next += 1;
    const isSame = !isAdded && line === block[next - 1];
    return isSame ? (own[next - 1] ?? '') : ' '.repeat(column) + line + end;
  });
}

const isInside = (line: string, column: number): boolean => {
  const indent = line.search(/[^ ]/);
  return indent > column || (indent === column && line.startsWith('- ', column));
};

function inOurWords(repaired: RepairedYaml, file: string): { native: string; repairs: Problem[] } {
  const value = repaired.yaml?.value;
  const tasks = isMapping(value) ? listOf(value['tasks']) : [];
  const words: Words = { ...repaired, file, tasks, repairs: [], statuses: new Map(), native: repaired.text };
  for (const [i, task] of tasks.entries()) {
    if (!isMapping(task)) continue;
    sameWord(words, task, i);
    filesAsContext(words, task, i);
  }
  const { native, statuses, repairs } = words;
  return { native: statuses.size > 0 ? writeStatuses(native, statuses) : native, repairs };
}

interface Words extends RepairedYaml {
  file: string;
  tasks: readonly unknown[];
  statuses: Map<string, FileStatus>;
  native: string;
}

function told({ yaml, file, repairs }: Words, path: Path, message: string): void {
  repairs.push({ ...problem(file, yaml?.rangeAt(path) ?? NOWHERE, message, 'info'), code: 'repaired' });
}

function sameWord(words: Words, task: Record<string, unknown>, i: number): void {
  const { status } = task;
  const id = isNothing(task['id']) ? task['task_id'] : task['id'];
  const meant = typeof status === 'string' ? sameStatus(status) : undefined;
  if (typeof id !== 'string' || typeof status !== 'string' || meant === undefined || meant === status) return;
  words.statuses.set(id, meant);
  told(words, ['tasks', i, 'status'], `The status "${status}" is read as ${meant}.`);
}

function filesAsContext(words: Words, task: Record<string, unknown>, i: number): void {
  const { dependencies } = task;
  if (!isMapping(dependencies) || namesTasks(dependencies, words.tasks)) return;
  const line = words.yaml?.keyRangeAt(['tasks', i, 'dependencies']).line ?? 0;
  words.native = renamed(words.native, line, 'context_files' in task);
  told(words, ['tasks', i, 'dependencies'], 'These dependencies are files, not tasks: they are read as context.');
}

const NOWHERE = { line: 1, column: 1, endLine: 1, endColumn: 2 };

function namesTasks(dependencies: Record<string, unknown>, tasks: readonly unknown[]): boolean {
  const ids = new Set(tasks.flatMap((task) => (isMapping(task) ? [task['id'] ?? task['task_id']] : [])));
  return Object.keys(dependencies).some((key) => ids.has(key) || !/[./]/.test(key));
}

/** The key alone changes, on its line. */
function renamed(text: string, line: number, hasContext: boolean): string {
  const lines = text.split('\n');
  const old = lines[line - 1] ?? '';
  lines[line - 1] = old.replace(/dependencies(?=["']?\s*:)/, hasContext ? 'dependency_files' : 'context_files');
  return lines.join('\n');
}
