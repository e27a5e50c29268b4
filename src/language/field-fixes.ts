import { slug } from '../model/text/names.ts';
import type { Edit, Fix } from '../model/text/problem.ts';
import { entriesOf, type TextFile } from './document.ts';
import { change, type Placed, without } from './edit.ts';
import { tasksOf } from './mentions.ts';
import type { Entry } from './entry.ts';

/** What is written for a field that is missing: the lines behind its key, ready to be changed. */
const MISSING: Readonly<Record<string, { key: string; value: string }>> = {
  'agent-missing': { key: 'agent', value: ' auto' },
  'run-missing': { key: 'run', value: ' echo "what to run"' },
  'verification-missing': { key: 'verification', value: '\n  - How the result is checked' },
  'acceptance-criteria-missing': { key: 'acceptance_criteria', value: '\n  - What must hold at the end' },
  'failure-modes-missing': {
    key: 'failure_modes',
    value:
      '\n  - scenario: What may go wrong\n    likelihood: low\n    impact: medium\n    mitigation: What is done about it',
  },
};

/** Fields of a plan that are missing, or are there twice. */
export function fieldFixes(at: Placed): Fix[] {
  const { file, problem } = at;
  const code = problem.code ?? (problem.message.startsWith('This key is here twice') ? 'key-twice' : '');
  const missing = MISSING[code];
  if (missing) return withFields(file, tasksWithout(at, missing.key), missing);
  switch (code) {
    case 'key-twice':
      return oneOnly(at);
    case 'id-missing':
      return withFields(file, tasksWithout(at, 'id'), { key: 'id', value: ` ${newId(file, titleAt(at))}` });
    case 'id-twice':
      return otherId(at);
    case 'objective-missing':
      return [atTop(file, 'objective: What the whole is for')];
    case 'pre-mortem-missing':
      return [
        atEnd(file, 'pre_mortem:\n  overall_risk_level: low\n  assumptions:\n    - What the plan takes for granted\n'),
      ];
    case 'tasks-missing':
      return file.text.match(/^(?:tasks|waves|phases):/m)
        ? []
        : [atEnd(file, 'tasks:\n  - id: first\n    title: The first task\n')];
    default:
      return [];
  }
}

/** The task that a problem is in. */
const taskAt = ({ file, offset }: Placed): Entry | undefined =>
  entriesOf(file).findLast(
    ({ path, start, end }) => path.length === 2 && path[0] === 'tasks' && start <= offset && offset <= end,
  );

/** The keys of an entry, without those further in: what is inside an entry stands directly behind it. */
function keysOf(file: TextFile, entry: Entry): Entry[] {
  const entries = entriesOf(file);
  const depth = entry.path.length;
  const keys: Entry[] = [];
  for (let i = entries.indexOf(entry) + 1; (entries[i]?.path.length ?? 0) > depth; i += 1) {
    const inside = entries[i];
    if (inside?.key && inside.path.length === depth + 1) keys.push(inside);
  }
  return keys;
}

/** The task a problem is about; all that lack the key where the problem is told once for all of them. */
function tasksWithout(at: Placed, key: string): Entry[] {
  const own = taskAt(at);
  if (at.problem.severity !== 'info') return own ? [own] : [];
  const tasks = entriesOf(at.file).filter(({ path }) => path.length === 2 && path[0] === 'tasks');
  return tasks.filter((task) => {
    const keys = keysOf(at.file, task);
    const isOfAgents = !keys.some(
      ({ path, word }) => path[2] === 'run' || (path[2] === 'agent' && /^(?:shell|manual)$/.test(word ?? '')),
    );
    return isOfAgents && keys.length > 0 && !keys.some(({ path }) => path[2] === key);
  });
}

interface Field {
  key: string;
  /** With the blank in front of it, or lines below the key. */
  value: string;
}

function withFields(file: TextFile, tasks: readonly Entry[], field: Field): Fix[] {
  const edits = tasks.map((task) => withField(file, keysOf(file, task), field));
  if (edits.length === 0 || edits.some((edit) => edit === undefined)) return [];
  return [{ title: `Add "${field.key}"`, edits: edits.filter((edit) => edit !== undefined), isCertain: false }];
}

/** One key more, below the id, or beside it where the task stands in braces. */
function withField(file: TextFile, keys: readonly Entry[], { key, value }: Field): Edit | undefined {
  const [first] = keys;
  if (!first) return undefined;
  const lead = file.text.slice(file.text.lastIndexOf('\n', first.start) + 1, first.start);
  const isBlock = /^[ -]*$/.test(lead);
  if (!isBlock) {
    const insert = { start: first.start, end: first.start };
    return value.includes('\n') ? undefined : change(file, insert, `${key}:${value}, `);
  }
  const indent = ' '.repeat(lead.length);
  const lines = `${key}:${value.replaceAll('\n', `\n${indent}`)}`;
  const id = keys.find(({ path, word }) => /^(?:task_)?id$/.test(String(path.at(-1))) && word);
  if (!id) return change(file, { start: first.start, end: first.start }, `${lines}\n${indent}`);
  const end = file.text.slice(id.start).search(/\r?\n|$/) + id.start;
  return change(file, { start: end, end }, `\n${indent}${lines}`);
}

const titleAt = (at: Placed): string => {
  const task = taskAt(at);
  const title = task && keysOf(at.file, task).find(({ path }) => ['title', 'name'].includes(String(path.at(-1))));
  return title?.word ?? 'task';
};

function newId(file: TextFile, words: string): string {
  const taken = new Set(tasksOf(file).map(({ id }) => id));
  const plain = slug(words);
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? plain : `${plain}-${n}`;
    if (!taken.has(id)) return id;
  }
}

/** The later of two tasks gets an id of its own; who names the id goes on to mean the first. */
function otherId(at: Placed): Fix[] {
  const { file, offset } = at;
  const task = tasksOf(file).find(({ name }) => name.start <= offset + 1 && offset <= name.end);
  const id = task && newId(file, task.id);
  return task && id ? [{ title: `Change to "${id}"`, edits: [change(file, task.name, id)], isCertain: false }] : [];
}

/** Of a key that is there twice the last one counts, if any does: the one above it goes. */
function oneOnly({ file, offset, problem }: Placed): Fix[] {
  const entries = entriesOf(file);
  const last = entries.findLast(({ key }) => key && key.start <= offset + 1 && offset <= key.end);
  const path = last?.path.join('\0');
  const first = entries.find((entry) => entry !== last && entry.path.join('\0') === path && entry.key);
  if (!first || !last) return [];
  const [above, below] = first.start < last.start ? [first, last] : [last, first];
  const title = `Remove the first "${String(below.path.at(-1))}"`;
  return [{ title, edits: [without(file, above)], isCertain: problem.severity !== 'error' }];
}

function atTop(file: TextFile, line: string): Fix {
  const first = entriesOf(file)[0]?.start ?? 0;
  const title = `Add "${line.split(':')[0] ?? ''}"`;
  return { title, edits: [change(file, { start: first, end: first }, `${line}\n`)], isCertain: false };
}

function atEnd(file: TextFile, lines: string): Fix {
  const { length } = file.text;
  const lead = file.text === '' || file.text.endsWith('\n') ? '' : '\n';
  const title = `Add "${lines.split(':')[0] ?? ''}"`;
  return { title, edits: [change(file, { start: length, end: length }, lead + lines)], isCertain: false };
}
