import { effectiveWaves } from '../model/schedule/graph.ts';
import { escaped } from '../model/text/markdown.ts';
import type { Problem } from '../model/text/problem.ts';
import type { Imported } from './imported.ts';
import { FORMATS } from './registry.ts';

/** What was read from one place, and where its plan would go. */
export interface AccountEntry {
  imported: Imported;
  /** Where the plan is written, and whether another one is there. */
  target?: { file: string; isThere: boolean };
}

const MOST = 50;

/** The account of an import as a page of Markdown. Text of files is data: nothing in it is a link, a picture or HTML. */
export function accountPage(entries: readonly AccountEntry[], ignored: readonly string[]): string {
  const parts = [
    '# What was read',
    'Nothing is written yet.',
    ...entries.map(entryPart),
    ignored.length === 0 ? '' : list('Passed over', ignored.map(escaped)),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function entryPart({ imported, target }: AccountEntry): string {
  const { files, format, problems, repairs, recomputed, kept } = imported;
  const title = FORMATS.find(({ name }) => name === format)?.title ?? format;
  const counted = recomputed.map(
    ({ what, stated, actual, place }) =>
      `${escaped(what)} says ${escaped(stated)}, counted ${escaped(actual)} (${escaped(place.file)}, line ${place.line})`,
  );
  const keys = kept.map(({ key, place }) => `${escaped(key)} (${escaped(place.file)}, line ${place.line})`);
  return [
    `## ${escaped(files[0] ?? title)}`,
    `Read as ${title}${files.length > 1 ? `, ${files.length} files` : ''}. ${contents(imported)}`,
    goal(target),
    list('Problems', problems.map(problemItem)),
    list('Repaired', repairs.map(problemItem)),
    list('Counted again', counted),
    list('Kept, though Orchestrate does not read it', keys),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function contents({ plan }: Imported): string {
  if (!plan) return 'It holds no plan of its own.';
  const waves = new Set(effectiveWaves(plan).values()).size;
  const rows = plan.tasks
    .slice(0, MOST)
    .map(({ id, title, wave }) => `| ${wave} | ${escaped(id)} | ${escaped(title)} |`);
  const more = plan.tasks.length > MOST ? [`| … | ${plan.tasks.length - MOST} more | |`] : [];
  const head = `${plan.tasks.length} ${plan.tasks.length === 1 ? 'task' : 'tasks'} in ${waves} ${waves === 1 ? 'wave' : 'waves'}.`;
  return [`${head}\n`, '| wave | task | title |', '| --- | --- | --- |', ...rows, ...more].join('\n');
}

function goal(target: AccountEntry['target']): string {
  if (!target) return '';
  const file = `**${escaped(target.file)}**`;
  return target.isThere ? `${file} is there and says something else.` : `It becomes ${file}.`;
}

const problemItem = ({ file, range, message, severity }: Problem): string =>
  `${severity === 'error' ? '**error** ' : ''}${file === undefined ? '' : `${escaped(file)}, `}line ${range.line}, column ${range.column}: ${escaped(message)}`;

function list(title: string, items: readonly string[]): string {
  if (items.length === 0) return '';
  const more = items.length > MOST ? [`- and ${items.length - MOST} more`] : [];
  return [`### ${title}\n`, ...items.slice(0, MOST).map((item) => `- ${item}`), ...more].join('\n');
}
