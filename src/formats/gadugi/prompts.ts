import { at, type Problem } from '../../model/text/problem.ts';
import { slug } from '../../model/text/names.ts';
import { problem } from '../../model/text/yaml-text.ts';
import { type Draft, finishDraft } from '../draft.ts';
import { type Imported, type ImportOptions, nothingSaid, type SourceFile } from '../imported.ts';
import { invocationFiles } from './invocation.ts';
import { type PromptTask, promptTasks, stemOf } from './prompt-tasks.ts';

const LONGEST_PROMPT = 10_000_000;

/**
 * Reads prompt files as one plan: a task each, or several for a file with `## Task N:` blocks. Where one of them is
 * given as the invocation, it says which of the others are meant.
 */
export function readPrompts(given: readonly SourceFile[], { invocation }: ImportOptions = {}): Imported {
  const base = { format: 'prompts' as const, files: given.map(({ path }) => path), ...nothingSaid };
  const problems: Problem[] = [];
  const files = chosen(given, invocation, problems).filter((file) => isReadable(file, problems));
  const tasks = withUniqueIds(resolveBlocks(files.flatMap(promptTasks), problems));
  if (tasks.length === 0)
    return { ...base, problems: [...problems, problem(given[0]?.path ?? '', at(1), 'There is no prompt here.')] };
  const draft = toDraft(tasks, problems);
  const finished = finishDraft(draft, `From ${files.length === 1 ? files[0]?.path : `${files.length} prompt files`}.`);
  // That the usual prompt names no files was said once for all.
  const told = finished.problems.filter(({ message }) => !message.includes('do not say which files they change'));
  return { ...base, ...finished, problems: [...problems, ...told] };
}

function chosen(given: readonly SourceFile[], path: string | undefined, problems: Problem[]): readonly SourceFile[] {
  const invocation = given.find((file) => file.path === path);
  const others = given.filter((file) => file !== invocation);
  if (!invocation) return given;
  return invocationFiles(invocation.text).flatMap(({ name, line }) => {
    const file = others.find((one) => one.path === name || one.path.endsWith(`/${name}`));
    if (!file)
      problems.push(problem(invocation.path, at(line), `There is no prompt file "${name}". Name one that is there.`));
    return file ? [file] : [];
  });
}

function isReadable({ path, text }: SourceFile, problems: Problem[]): boolean {
  if (text.trim() !== '' && text.length <= LONGEST_PROMPT && !text.includes('\0')) return true;
  const message =
    text.trim() === ''
      ? 'This prompt is empty.'
      : text.includes('\0')
        ? 'This is no text.'
        : 'The prompt is longer than 10 MB. Split it.';
  problems.push(problem(path, at(1), message));
  return false;
}

/** A block that stands for another prompt file of the set is that prompt, with the block's priority. */
function resolveBlocks(tasks: readonly PromptTask[], problems: Problem[]): PromptTask[] {
  const byStem = new Map(tasks.filter(({ promptFile }) => promptFile === undefined).map((task) => [task.id, task]));
  const blocks = tasks.filter(({ promptFile }) => promptFile !== undefined && byStem.has(stemOf(promptFile)));
  for (const block of blocks) {
    const stem = stemOf(block.promptFile ?? '');
    const own = byStem.get(stem);
    if (own && block.priority) byStem.set(stem, { ...own, priority: block.priority });
    problems.push(
      problem(
        block.file,
        at(block.line),
        `"${block.title}" stands for ${own?.file ?? stem} and is read there.`,
        'info',
      ),
    );
  }
  return tasks.filter((task) => !blocks.includes(task)).map((task) => byStem.get(task.id) ?? task);
}

function withUniqueIds(tasks: readonly PromptTask[]): PromptTask[] {
  const taken = new Set<string>();
  return tasks.map((task) => {
    const folder = slug(task.file.split('/').at(-2) ?? '');
    let id = taken.has(task.id) ? `${folder}-${task.id}` : task.id;
    for (let n = 2; taken.has(id); n += 1) id = `${task.id}-${n}`;
    taken.add(id);
    return { ...task, id };
  });
}

function toDraft(tasks: readonly PromptTask[], problems: Problem[]): Draft {
  const [only] = tasks;
  const folder = only?.file.split('/').at(-2) ?? 'prompts';
  const single = new Set(tasks.map(({ file }) => file)).size === 1;
  const id = single && only ? stemOf(only.file) : folder;
  const objective = single && only ? only.title : `The ${tasks.length} prompts of ${folder}/`;
  const origin = { format: 'prompts', file: only?.file ?? '' };
  const draft: Draft = { data: { plan_id: id, objective, origin, tasks: [] }, places: new Map() };
  if (only) draft.places.set('', { file: only.file, line: only.line, column: 1 });
  const depths = new Map<string, number>();
  const order = new Map(tasks.map((task) => [task.id, dependenciesOf(task, tasks)]));
  draft.data['tasks'] = tasks.map((task, i) => {
    const place = { file: task.file, line: task.line, column: 1 };
    draft.places.set(`tasks/${i}`, place);
    if (task.files.line !== undefined) draft.places.set(`tasks/${i}/scope`, { ...place, line: task.files.line });
    sayOpenList(task, problems);
    const before = order.get(task.id) ?? [];
    const [first] = before;
    if (first) draft.places.set(`tasks/${i}/dependencies`, { ...place, line: first.line });
    const dependencies = before.map(({ id: other }) => other);
    return toData(task, { dependencies, wave: depthOf(task.id, order, depths) });
  });
  sayUnknown(tasks, problems);
  return draft;
}

function sayOpenList({ files, file }: PromptTask, problems: Problem[]): void {
  if (!files.open) return;
  const message = `"${files.open.text}" is no path: the list of files is taken for incomplete, and the task may change any file.`;
  problems.push(problem(file, at(files.open.line), message, 'warning'));
}

function sayUnknown(tasks: readonly PromptTask[], problems: Problem[]): void {
  const unknown = tasks.filter(({ files, isDone }) => files.targets === undefined && !isDone);
  const [first] = unknown;
  if (!first || tasks.length < 2) return;
  const message = `${unknown.length} of ${tasks.length} prompts do not say which files they change: each may conflict with any other. A list under "## Target Files" keeps them apart.`;
  problems.push(problem(first.file, at(first.line), message, 'warning'));
}

type Order = ReadonlyMap<string, readonly { id: string }[]>;

/** How many tasks come one after the other up to this one; a ring is told by the reader of plans. */
function depthOf(id: string, order: Order, known: Map<string, number>): number {
  const found = known.get(id);
  if (found !== undefined) return found;
  known.set(id, 0);
  const depth = 1 + Math.max(0, ...(order.get(id) ?? []).map((one) => depthOf(one.id, order, known)));
  known.set(id, depth);
  return depth;
}

function toData(
  task: PromptTask,
  { dependencies, wave }: { dependencies: readonly string[]; wave: number },
): Record<string, unknown> {
  const mentioned = task.files.mentioned.slice(0, 50).map((path) => ({ path, description: 'named in the prompt' }));
  return {
    id: task.id,
    title: task.title,
    description: task.text.replaceAll(/(?<![ \t])[ \t]+$/gm, ''),
    wave,
    status: task.isDone ? 'completed' : 'pending',
    ...(task.priority ? { priority: task.priority } : {}),
    dependencies,
    ...(task.files.targets ? { scope: task.files.targets } : {}),
    ...(mentioned.length > 0 ? { context_files: mentioned } : {}),
    ...(task.acceptanceCriteria.length > 0 ? { acceptance_criteria: task.acceptanceCriteria } : {}),
    source: task.file,
    ...(task.issue === undefined ? {} : { issue: task.issue }),
    ...(task.promptFile === undefined ? {} : { prompt_file: task.promptFile }),
  };
}

/** Words that name an issue, a prompt or a file of this set; any other word behind "depends on" is noise. */
function dependenciesOf(task: PromptTask, tasks: readonly PromptTask[]): { id: string; line: number }[] {
  const found = new Map<string, number>();
  for (const { text, line } of task.afterWords) {
    for (const other of tasks)
      if (other.id !== task.id && names(text, other, task) && !found.has(other.id)) found.set(other.id, line);
  }
  return [...found].map(([id, line]) => ({ id, line }));
}

function names(text: string, other: PromptTask, task: PromptTask): boolean {
  const after = text.replace(/^.*?\b(?:depends? on|blocked by|(?:run|come) after|requires|prerequisites?:)/i, '');
  if (other.issue !== undefined && new RegExp(`#${other.issue}\\b`).test(after)) return true;
  const number = /-task-(\d+)$/.exec(other.id)?.[1];
  if (number !== undefined && other.file === task.file && new RegExp(`\\btask ${number}\\b`, 'i').test(after))
    return true;
  // A stem of one word is a word like any other.
  const stem = stemOf(other.file);
  const words = new Set(after.split(/[^\w.-]+/).map((word) => word.replace(/\.$/, '')));
  return number === undefined && (words.has(`${stem}.md`) || (stem.includes('-') && words.has(stem)));
}
