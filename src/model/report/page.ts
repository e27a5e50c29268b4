import { usageText } from '../crew/spending.ts';
import type { Decision } from '../shown/decision.ts';
import { type Clocks, outlookLines } from '../shown/outlook-words.ts';
import type { TaskStatus } from '../run/view.ts';
import { code, escaped, table } from '../text/markdown.ts';
import type { Metrics, WaveTimes } from './metrics.ts';
import { cut, cutTable, item, section } from './parts.ts';
import type { Proof, Report, TaskLine } from './report.ts';
import type { Unresolved } from './unresolved.ts';

/** How times are written; `clock` with the day, where that is not that of `beside`. */
export interface ReportClocks {
  clock: (at: number, beside?: number) => string;
  span: Clocks['span'];
}

/** A report as a document in Markdown. What is empty is left out; no text of a plan or an agent is Markdown in it. */
export function reportPage(report: Report, clocks: ReportClocks): string {
  const parts = [
    ...headPart(report, clocks),
    section('Waits for a person', waitLines(report, clocks)),
    section('At work', atWorkLines(report, clocks)),
    section('What comes next', nextLines(report, clocks)),
    section(report.ended ? 'Unresolved' : 'Unresolved so far', unresolvedLines(report)),
    section('Requirements', requirementTable(report)),
    section('Tasks', taskTable(report, clocks)),
    section('What people decided', decisionTable(report, clocks)),
    section('Where the time went', timeLines(report, clocks)),
    section('Next time', report.lessons.map(item)),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** The same in a few lines: how it stands, what waits for whom, what comes next, what is unresolved. */
export function reportInShort(report: Report, clocks: ReportClocks): string {
  const parts = [
    `**${escaped(report.plan.id)}**`,
    standing(report, clocks),
    list('Waits for a person', waitLines(report, clocks)),
    list('At work', atWorkLines(report, clocks)),
    list('What comes next', nextLines(report, clocks)),
    list('Unresolved', unresolvedLines(report)),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** What others should know of a result: what is left, and each requirement and task with its commit and gates. */
export function resultPage(report: Report): string {
  const { plan, tasks, result } = report;
  const parts = [
    escaped(plan.objective.trim().split('\n').slice(1).join('\n')),
    section('Unresolved', unresolvedLines(report)),
    section('Requirements', requirementTable(report)),
    section(
      'Tasks',
      cut(tasks, (task) => `- ${escaped(task.title)}: ${chainWords(task, task.id)}`),
    ),
    result.tested.length === 0 ? '' : `The whole was tested: ${proofWords(result.tested)}`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

const list = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : [`${title}:`, '', ...lines].join('\n');

function headPart(report: Report, clocks: ReportClocks): string[] {
  const { plan, run, base, startedAt } = report;
  const [title = '', ...more] = (plan.objective.trim() || plan.id).split('\n');
  const from = `${base.branch === undefined ? '' : `${code(base.branch)} at `}${code(base.commit.slice(0, 10))}`;
  return [
    `# ${escaped(title)}`,
    escaped(more.join(' ')),
    standing(report, clocks),
    `Run ${code(run)} of ${code(plan.file)}, begun ${clocks.clock(startedAt, 0)} on ${from}.`,
  ];
}

/** How it stands in one line. */
function standing(report: Report, { clock, span }: ReportClocks): string {
  const { ended, metrics, at, startedAt, plans } = report;
  if (!ended)
    return `**${plans ? 'Being planned' : 'Not over'}** at ${clock(at, startedAt)}: ${progressWords(report)}.`;
  const word = { merged: plans ? 'Planned' : 'Merged', failed: 'Failed', cancelled: 'Cancelled', rejected: 'Rejected' };
  const how = `**${word[ended.outcome]}** at ${clock(ended.at, startedAt)} after ${span(metrics.wall)}`;
  return `${how}: ${progressWords(report)}.${resultWords(report)}${reasonWords(report)}`;
}

/** Tasks that failed stand below. */
const reasonWords = ({ ended, counts }: Report): string =>
  !ended || ended.outcome === 'merged' || counts.failed > 0 ? '' : ` It ended because: ${escaped(ended.reason)}`;

function progressWords({ counts, tasks }: Report): string {
  const others = (Object.keys(COUNTED) as (keyof typeof COUNTED)[])
    .filter((status) => counts[status] > 0)
    .map((status) => `${counts[status]} ${COUNTED[status]}`);
  return [`${counts.done} of ${tasks.length} ${tasks.length === 1 ? 'task' : 'tasks'} done`, ...others].join(', ');
}

const COUNTED = { failed: 'failed', blocked: 'blocked', skipped: 'skipped' } as const;

function resultWords({ result, base, plans }: Report): string {
  if (plans) return '';
  if (result.commit === base.commit) return ' Nothing was merged.';
  const commit = code(result.commit.slice(0, 10));
  const tested = result.tested.length === 0 ? '' : `; on just that ${proofWords(result.tested)}`;
  if (result.branch === undefined) return ` The result is ${commit}${tested}.`;
  const look = code(`git diff ${base.branch ?? base.commit.slice(0, 10)}...${result.branch}`);
  return ` The result is ${commit} on ${code(result.branch)}${tested}. Look: ${look}`;
}

const waitLines = ({ waits, at }: Report, { span }: ReportClocks): string[] =>
  cut(waits, ({ text, since, choices }) => {
    const said = choices.length < 2 ? '' : ` (${choices.map(({ label }) => escaped(label)).join(' / ')})`;
    return `- for ${span(at - since)}: ${escaped(text)}${said}`;
  });

/** What waits for a person is told of before. */
const atWorkLines = ({ atWork, at }: Report, { span }: ReportClocks): string[] =>
  cut(
    atWork.filter(({ status }) => status !== 'waiting'),
    ({ task, agent = '', since, status, says = '' }) =>
      item(`${task}, ${agent}: ${STATUS[status]} for ${span(at - since)}${says === '' ? '' : `: ${says}`}`),
  );

const nextLines = ({ outlook, startedAt }: Report, { clock, span }: ReportClocks): string[] =>
  outlook ? outlookLines(outlook, { clock: (at) => clock(at, startedAt), span }).map(item) : [];

const unresolvedLines = ({ unresolved }: Report): string[] => cut(unresolved, unresolvedLine);

/** With what belongs to it below it. */
export const unresolvedLine = ({ text, details }: Unresolved): string =>
  [item(text), ...details.map((one) => `  ${item(one)}`)].join('\n');

/** Each requirement with what its tasks came to. */
function requirementTable({ requirements, tasks }: Report): string[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  return cutTable(['requirement', 'is', 'by'], requirements, ({ id, text, standing: is, tasks: by }) => [
    escaped(text === '' ? id : `${id}: ${text}`),
    { met: 'met', open: 'open', missed: '**not met**', uncovered: '**not covered**' }[is],
    by.map((task) => chainWords(byId.get(task), task)).join('; '),
  ]);
}

/** `catalog 83d1d02 test ✓`, or how far it came. */
function chainWords(task: TaskLine | undefined, id: string): string {
  if (task?.status !== 'done') return `${escaped(id)}: ${task ? STATUS[task.status] : 'not done'}`;
  const commit = task.commit === undefined ? 'nothing to merge' : code(task.commit.slice(0, 7));
  return [escaped(id), commit, proofWords(task.proofs)].filter((part) => part !== '').join(' ');
}

const taskTable = ({ tasks, ended }: Report, { span }: ReportClocks): string[] =>
  cutTable(['wave', 'task', 'is', 'attempts', 'work', 'commit', 'gates', 'went wrong'], tasks, (task) => [
    String(task.wave),
    escaped(task.title === task.id ? task.id : `${task.id}: ${task.title}`),
    statusWord(task.status, ended !== undefined),
    task.attempts === 0 ? '' : String(task.attempts),
    task.attempts === 0 ? '' : span(task.took),
    task.commit === undefined ? '' : code(task.commit.slice(0, 7)),
    proofWords(task.proofs),
    escaped(oftenWords(task.failed)),
  ]);

/** Of a run that is over nothing is at work any more. */
function statusWord(status: TaskStatus, isOver: boolean): string {
  if (status === 'failed' || status === 'blocked') return `**${STATUS[status]}**`;
  return isOver && status !== 'done' && status !== 'skipped' ? 'not done' : STATUS[status];
}

const STATUS: Readonly<Record<TaskStatus, string>> = {
  pending: 'waits for its turn',
  ready: 'ready',
  running: 'at work',
  verifying: 'its gates run',
  merging: 'waits to be merged',
  waiting: 'waits for a person',
  done: 'done',
  failed: 'failed',
  blocked: 'blocked',
  skipped: 'skipped',
  needsRevision: 'tries again',
};

/** `test ✓, lint ✗`: each gate as it ran last. */
const proofWords = (proofs: readonly Proof[]): string =>
  [...new Map(proofs.map(({ gate, result }) => [gate, result]))]
    .map(([gate, result]) => `${escaped(gate)} ${{ passed: '✓', failed: '✗', error: 'could not run' }[result]}`)
    .join(', ');

const decisionTable = ({ decisions, startedAt }: Report, clocks: ReportClocks): string[] =>
  cutTable(['when', 'what', 'said', 'waited'], decisions, (one) => decisionCells(one, startedAt, clocks));

/** When it was, what, what was said with it, and how long something waited for it. */
export const decisionCells = (
  { at, words, comment = '', waited = 0 }: Decision,
  beside: number,
  clocks: ReportClocks,
): string[] => [clocks.clock(at, beside), escaped(words), escaped(comment), waited < 1000 ? '' : clocks.span(waited)];

function timeLines({ metrics }: Report, { span }: ReportClocks): string[] {
  const { waves } = metrics;
  if (waves.length === 0) return [];
  const parts = ['set-up', 'agents', 'gates', 'merge queue', 'people'];
  const head = ['wave', 'tasks', 'took', ...parts, 'attempts', 'retries'];
  const rows = waves.map((wave) => waveRow(wave, span));
  const sums = 'Of each wave: its own time, and the sums of what its attempts spent theirs on, side by side or not.';
  return [...speedLines(metrics, span), '', sums, '', ...table(head, rows)];
}

function speedLines(
  { wall, agents, gates, speedUp = 0, together, retried, ...spending }: Metrics,
  span: Span,
): string[] {
  const work = `${span(agents)} of agents${gates > 0 ? ` and ${span(gates)} of gates` : ''}`;
  const speed = speedUp < 1 ? '' : `, ${speedUp.toFixed(1)} times as fast as one after the other`;
  const most = `At most ${together.most} of ${together.limit} agents were at work at once.`;
  return [
    `${span(wall)} for ${work}${speed}. ${most}`,
    ...(retried.length > 0 ? ['', `Tried again because: ${sentence(escaped(oftenWords(retried)))}`] : []),
    ...spentLines(spending),
  ];
}

/** What agents say may end with a stop of its own. */
const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

type Span = ReportClocks['span'];

const MOST_TOLD = 5;

/** Each of them once, with how often, the most frequent first. */
function oftenWords(all: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1);
  const told = [...counts].toSorted(([, a], [, b]) => b - a);
  const words = told.slice(0, MOST_TOLD).map(([one, many]) => (many > 1 ? `${one} (${many} times)` : one));
  return [...words, ...(told.length > MOST_TOLD ? [`${told.length - MOST_TOLD} more`] : [])].join('; ');
}

function spentLines({ spent, spentBy }: Pick<Metrics, 'spent' | 'spentBy'>): string[] {
  if (!spent) return [];
  const roles = spentBy.map(([role, usage]) => `${role} ${usageText(usage)}`);
  return ['', escaped(`Spent: ${usageText(spent)}${roles.length > 1 ? ` (${roles.join('; ')})` : ''}.`)];
}

const waveRow = ({ wave, tasks, took, by, attempts, retries }: WaveTimes, span: Span): string[] => [
  String(wave),
  String(tasks),
  span(took),
  ...[by.start, by.agent, by.gate, by.queue, by.person].map((time) => (time < LEAST ? '' : span(time))),
  String(attempts),
  retries === 0 ? '' : String(retries),
];

/** Milliseconds that are told. */
const LEAST = 50;
