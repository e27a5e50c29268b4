import { slug } from '../../model/text/names.ts';
import { at, type Path, type Problem } from '../../model/text/problem.ts';
import { problem } from '../../model/text/yaml-text.ts';
import { type Draft, finishDraft, notePlaces, placeKey, withRest } from '../draft.ts';
import { type Imported, nothingSaid, type SourceFile } from '../imported.ts';
import { readTolerantJson } from '../text/tolerant-json.ts';
import { isMapping, listOf, textOf } from '../../model/text/values.ts';

const CALL = /^[ \t>`$]*\/parallel-dev\b/m;
const NAME = /^[a-z0-9-]+$/;

/** A text with `/parallel-dev "what to do" worktree …`, or the execution plan made of it (FORMATS.md 4.3). */
export const isWorkItems = (path: string, text: string): boolean =>
  /\.(?:md|txt)$/i.test(path)
    ? CALL.test(text) && itemsOf(text).length > 0
    : /\.jsonc?$/i.test(path) && /"work_items"\s*:/.test(text);

/** Work items side by side: each a task named after its worktree. A story that says nothing is not ready and refused. */
export function readWorkItems(source: SourceFile): Imported {
  return /\.jsonc?$/i.test(source.path) ? readExecutionPlan(source) : readCall(source);
}

interface Item {
  description: string;
  worktree: string;
  line: number;
  column: number;
}

function readCall({ path: file, text }: SourceFile): Imported {
  const items = itemsOf(text);
  const stem = /([^/]+?)\.\w+$/.exec(file)?.[1] ?? 'parallel';
  const draft: Draft = {
    data: { plan_id: slug(stem), objective: items.map(({ description }) => description).join('; '), tasks: [] },
    places: new Map(),
  };
  draft.data['tasks'] = items.map(({ description, worktree, line, column }, i) => {
    draft.places.set(placeKey(['tasks', i]), { file, line, column });
    return taskOf(worktree, description);
  });
  const wrong = items.flatMap(({ description, worktree, line, column }) =>
    faultsOf(description, worktree).map((message) => problem(file, at(line, column), message)),
  );
  const doubts = doubtsOf(items.map(({ description }) => description));
  const told = doubts.map(({ item, tier, message }) => {
    const { line = 1, column = 1 } = items[item] ?? {};
    return problem(file, at(line, column), message, tier);
  });
  return finished({ file, draft, problems: [...wrong, ...told] });
}

/** What stands in quotes, each with the word behind it; over several lines too. */
function itemsOf(text: string): Item[] {
  const start = CALL.exec(text);
  if (!start) return [];
  const from = start.index + start[0].length;
  const rest = /^[\s\S]*?(?=\n[ \t]*\n|$(?![\s\S]))/.exec(text.slice(from))?.[0] ?? '';
  return [...rest.matchAll(/(?:"([^"]*)"|\u201c([^\u201d]*)\u201d|'([^']*)')\s+([^\s"\u201c']+)/g)].map((match) => {
    const before = text.slice(0, from + match.index);
    return {
      description: (match[1] ?? match[2] ?? match[3] ?? '').trim(),
      worktree: match[4]?.replace(/`+$/, '') ?? '',
      line: before.split('\n').length,
      column: before.length - before.lastIndexOf('\n'),
    };
  });
}

function readExecutionPlan({ path: file, text }: SourceFile): Imported {
  const { json, repairs, problems } = readTolerantJson(text, file, '"work_items"');
  const top = isMapping(json?.value) ? json.value : {};
  if (!json) return { format: 'work-items', files: [file], ...nothingSaid, repairs, problems };
  const { run_id, work_items, ...others } = top;
  const planId = textOf(run_id) ?? 'parallel';
  const draft: Draft = { data: {}, places: new Map() };
  notePlaces(draft, [], { yaml: json, file, path: [], keys: [['work_items', 'tasks']] });
  const wrong: Problem[] = [];
  const tasks = listOf(work_items).map((item, i) => {
    const path: Path = ['work_items', i];
    notePlaces(draft, ['tasks', i], {
      yaml: json,
      file,
      path,
      keys: [
        ['id', 'id'],
        ['description', 'title'],
      ],
    });
    if (!isMapping(item)) return item;
    const { id, description, ...rest } = item;
    const worktree = textOf(rest['worktree_name']) ?? '';
    const faults = faultsOf(textOf(description) ?? '', worktree);
    wrong.push(...faults.map((message) => problem(file, json.rangeAt(path), message)));
    return withRest(taskOf(textOf(id) ?? worktree, textOf(description) ?? ''), Object.entries(rest));
  });
  const items = listOf(work_items);
  const doubts = doubtsOf(items.map((item) => (isMapping(item) ? (textOf(item['description']) ?? '') : '')));
  wrong.push(
    ...doubts.map(({ item, tier, message }) => problem(file, json.rangeAt(['work_items', item]), message, tier)),
  );
  draft.data = withRest({ plan_id: planId, objective: `Work items of ${planId}`, tasks }, Object.entries(others));
  return { ...finished({ file, draft, problems: [...problems, ...wrong] }), repairs };
}

const taskOf = (id: string, description: string) => ({
  id,
  title: description.length > 120 ? `${description.slice(0, 119)}…` : description,
  description,
  wave: 1,
  status: 'pending',
});

/** The first tier of story readiness: what blocks. */
function faultsOf(description: string, worktree: string): string[] {
  return [
    ...(description === '' ? ['NO_DESCRIPTION: this work item says nothing. Write what is to be done in quotes.'] : []),
    ...(NAME.test(worktree)
      ? []
      : [
          `INVALID_FORMAT: "${worktree}" is no name of a worktree: lower-case letters, digits and dashes. Did you mean "${slug(worktree)}"?`,
        ]),
  ];
}

interface Doubt {
  item: number;
  tier: 'warning' | 'info';
  message: string;
}

/** The second tier, which a person may wave through, and the third, which only suggests. What says nothing is refused. */
function doubtsOf(descriptions: readonly string[]): Doubt[] {
  return descriptions.flatMap((description, item): Doubt[] => {
    const words = description.match(/[\p{L}\p{N}]\S*/gu)?.length ?? 0;
    if (words === 0) return [];
    const twin = descriptions.findIndex((other) => other.trim().toLowerCase() === description.trim().toLowerCase());
    const again = `SAME_DESCRIPTION: work item ${twin + 1} says the same: the two will get in each other's way.`;
    const short = `SHORT_DESCRIPTION: ${words === 1 ? 'one word leaves' : 'two words leave'} open what is to be done. Say what, and where.`;
    const unseen =
      'NO_CRITERIA: nothing says how one sees that this is done. A sentence with "so that" or "until" helps.';
    return [
      ...(words < 3 ? [{ item, tier: 'warning' as const, message: short }] : []),
      ...(twin < item ? [{ item, tier: 'warning' as const, message: again }] : []),
      ...(CRITERIA.test(description) ? [] : [{ item, tier: 'info' as const, message: unseen }]),
    ];
  });
}

const CRITERIA = /\b(?:so that|until|must|should|when|accept\w*|verif\w*|tests?|tested|checks?|passes)\b/iu;

function finished({ file, draft, problems }: { file: string; draft: Draft; problems: readonly Problem[] }): Imported {
  const done = finishDraft(draft, `Work items of ${file}.`);
  return { format: 'work-items', files: [file], ...nothingSaid, ...done, problems: [...problems, ...done.problems] };
}
