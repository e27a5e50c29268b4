import { reviewWords } from '../../model/review.ts';
import { correlated } from '../../model/crew/correlation.ts';
import { failedTasks } from '../../model/run/diagnosis.ts';
import { type Attempt, latest, type RunState, type TaskState } from '../../model/run/state.ts';
import { type Attention, attention, isLeft, statusOf } from '../../model/run/view.ts';
import { answersTo } from '../asking/answers.ts';
import { gantt, legend } from './gantt.ts';
import { spentByRole, spentByTask, spentInRun, usageText } from '../../model/crew/spending.ts';
import { usedByTask } from '../../model/crew/used.ts';
import { sizeText } from '../../model/text/size.ts';
import { agentTime, measure, testedWhole } from '../../model/shown/measure.ts';
import { pullRequestOf } from '../../model/shown/pull-request.ts';
import { currentPush } from '../../model/run/push.ts';
import { evidence } from './narrator.ts';
import { requirementLines } from './requirement-lines.ts';
import { STATUS_COLOUR, STATUS_WORD, type Colour, type Style } from './style.ts';
import { clip, count, pad, plain, plainLines, timeText, widthOf, wrap } from './text.ts';
import { shellWord } from '../../model/text/shell-word.ts';

export interface SummaryWorld {
  columns: number;
  now: number;
  /** Folder of the run: journal and logs. */
  folder: string;
}

/** What came of a run, for a person: tasks, what ran when, what was merged, where to look, what waits. */
export function summary(state: RunState, world: SummaryWorld, style: Style): string[] {
  const rows = gantt(state, world, style);
  return [
    '',
    verdictLine(state, style),
    ...(state.ended?.outcome === 'failed' || state.ended?.outcome === 'rejected'
      ? [`   ${plain(state.ended.reason)}`]
      : []),
    '',
    ...taskTable(state, world, style),
    ...requirementLines(state, world.columns, style),
    ...(rows.length > 0 ? ['', style.paint('bold', ' What ran when'), ...rows.map((line) => ` ${line}`)] : []),
    ...(rows.length > 0 ? [` ${style.paint('dim', legend(style))}`] : []),
    '',
    ...facts(state, world, style),
    ...correlations(state, style),
    ...waits(state, world, style),
  ].map((line) => line.trimEnd());
}

/** Each task's correlation id, and whether its answer bears it. */
function correlations(state: RunState, style: Style): string[] {
  const rows = [...state.tasks.values()].flatMap((task): string[] => {
    const id = state.agents[task.task.id]?.correlation;
    if (id === undefined) return [];
    const found = correlated(state, task);
    const said = found === undefined ? 'no answer' : found ? 'answered with its id' : 'answered without its id';
    return [`   ${plain(task.task.id)}  ${plain(id)}  ${said}`];
  });
  return rows.length === 0 ? [] : ['', style.paint('bold', ' Correlation'), ...rows];
}

function verdictLine(state: RunState, { paint, glyphs }: Style): string {
  const objective = plain(state.plan.objective) || plain(state.plan.id);
  const outcome = state.ended?.outcome;
  if (outcome === undefined) return ` ${paint('yellow', `${glyphs.asks} Not over: ${objective}`)}`;
  const done = state.planning ? 'Done' : 'Merged';
  const looks = { merged: ['green', glyphs.yes, done], failed: ['red', glyphs.no, 'Failed'] } as const;
  const others = { cancelled: ['yellow', glyphs.no, 'Cancelled'], rejected: ['red', glyphs.no, 'Rejected'] } as const;
  const [colour, sign, verb]: readonly [Colour, string, string] = { ...looks, ...others }[outcome];
  return ` ${paint('bold', paint(colour, `${sign} ${verb}: ${objective}`))}`;
}

function taskTable(state: RunState, { columns, now }: SummaryWorld, style: Style): string[] {
  const tasks = [...state.tasks.values()].toSorted((a, b) => a.wave - b.wave);
  const names = Math.min(30, Math.max(4, ...tasks.map(({ task }) => widthOf(plain(task.id)))));
  const words = Math.max(...tasks.map((task) => statusWord(state, task).length));
  const spent = Math.max(0, ...tasks.map((task) => spentText(task).length));
  const costs = spent > 0 ? `${pad('spent', spent)} ` : '';
  const head = `   ${pad('task', names)} ${pad('', words)} ${pad('attempts', 8)} ${pad('agent', 8)} ${costs}${pad('commit', 8)} gates`;
  return [
    style.paint('dim', head),
    ...tasks.map((task) => tableRow(state, task, { columns, now, names, words, spent }, style)),
  ];
}

/** Of all its attempts; empty where its agents say nothing of it. */
function spentText(task: TaskState): string {
  const spent = spentByTask(task);
  return spent ? usageText(spent) : '';
}

/** Columns of the terminal and of the parts of the table; `spent` is 0 where nobody said what it cost. */
interface TableWorld extends Pick<SummaryWorld, 'columns' | 'now'> {
  names: number;
  words: number;
  spent: number;
}

function tableRow(
  state: RunState,
  task: TaskState,
  { columns, now, names, words, spent }: TableWorld,
  style: Style,
): string {
  const status = statusOf(state, task);
  const { attempts, settled } = task;
  const agents = attempts.reduce((total, attempt) => total + agentTime(attempt, now), 0);
  const commit = settled?.kind === 'done' ? (settled.commit?.slice(0, 7) ?? 'none') : '';
  const left = [
    pad(plain(task.task.id), names, style.glyphs.more),
    pad(statusWord(state, task), words),
    pad(attempts.length > 0 ? String(attempts.length) : '', 8),
    pad(attempts.length > 0 ? timeText(agents) : '', 8),
    ...(spent > 0 ? [pad(spentText(task), spent)] : []),
    pad(commit, 8),
  ].join(' ');
  const sign = style.paint(STATUS_COLOUR[status], style.glyphs.status[status]);
  const room = Math.max(12, columns - widthOf(left) - 4);
  return ` ${sign} ${left} ${attempts.length > 0 ? gatesText(task, room, style) : ''}`;
}

const statusWord = (state: RunState, task: TaskState): string =>
  isLeft(state, task) ? 'not done' : STATUS_WORD[statusOf(state, task)];

/** Each attempt's gates, and what the last failure said: `test ✘ 2 times, then test ✔`. */
function gatesText({ attempts, settled }: TaskState, room: number, { glyphs }: Style): string {
  const told = attempts.flatMap((attempt, at) => {
    // What a reviewer said in words: of the last attempt, as there is little room.
    const isLast = at === attempts.length - 1;
    const runs = attempt.gates.map(({ gate, result, review }) => {
      const sign = result === 'passed' ? glyphs.yes : glyphs.no;
      return review && isLast ? `${plain(gate)}: ${reviewWords(review)} ${sign}` : `${plain(gate)} ${sign}`;
    });
    return runs.length > 0 ? [runs.join(' ')] : hasFailed(attempt) ? [glyphs.no] : [];
  });
  const why = settled?.kind === 'done' ? '' : whyFailed(attempts.at(-1));
  return clip([inARow(told).join(', then '), why].filter((part) => part !== '').join(': '), room, glyphs.more);
}

/** The same several times is said once. */
function inARow(told: readonly string[]): string[] {
  const firsts = told.flatMap((one, at) => (one === told[at - 1] ? [] : at));
  return firsts.map((at, i) => {
    const times = (firsts[i + 1] ?? told.length) - at;
    return times === 1 ? (told[at] ?? '') : `${told[at] ?? ''} ${times} times`;
  });
}

/** Nothing was wrong with one that was taken back, or with whose result was not the one that was picked. */
const hasFailed = ({ stage }: Attempt): boolean =>
  stage.at === 'ended' && stage.failure.kind !== 'takenBack' && stage.failure.kind !== 'notPicked';

function whyFailed(attempt: Attempt | undefined): string {
  if (attempt?.stage.at !== 'ended') return '';
  const { failure } = attempt.stage;
  return plain(failure.kind === 'gate' || failure.kind === 'together' ? evidence(failure.run) : failure.message);
}

/** Left words and what they stand for. Absent values are left out. */
function facts(state: RunState, world: SummaryWorld, style: Style): string[] {
  const entries: [string, string | undefined][] = [
    ['merged', state.planning ? undefined : mergedText(state)],
    ['time', timeFact(state, world.now)],
    ['spent', spentFact(state)],
    ['used', usedFact(state)],
    ['branch', branchText(state)],
    ['pushed', pushFact(state)],
    ['request', plainOr(pullRequestOf(state))],
    [
      'look',
      state.branch && `git diff ${state.baseBranch ?? state.base.slice(0, 10)}...${shellWord(plain(state.branch))}`,
    ],
    ['take', state.branch && `git merge ${shellWord(plain(state.branch))}`],
    ['logs', plain(world.folder)],
    ['why', whyText(state)],
    ['again', againText(state)],
    ...worktrees(state),
    ...warnings(state),
  ];
  return entries.flatMap(([name, text]) => (text ? [` ${style.paint('dim', pad(name, 9))} ${text}`] : []));
}

function mergedText(state: RunState): string {
  const tasks = state.merges.flatMap(({ members }) => members);
  if (tasks.length === 0) return 'nothing';
  const gates = testedWhole(state);
  const names = [...new Set(gates.map(({ gate, result }) => `${plain(gate)} ${GATE_WORD[result]}`))];
  const tested =
    gates.length > 0 ? `${names.join(', ')} on the merged tree` : 'merged untested: no gate ran on the merged tree';
  return `${count(tasks.length, 'task')} as ${state.integration.slice(0, 10)}; ${tested}`;
}

const GATE_WORD = { passed: 'green', failed: 'red', error: 'could not run' } as const;

function timeFact(state: RunState, now: number): string {
  const { wall, agents, gates, speedUp } = measure(state, now);
  if (speedUp === undefined || state.tasks.size < 2) return timeText(wall);
  const work = `agents ${timeText(agents)}${gates > 0 ? ` + gates ${timeText(gates)}` : ''}`;
  const why = speedUp < 1 && wall < 10_000 ? ' (steps this short take longer to set up than to do)' : '';
  return `${timeText(wall)} for ${work}: speed-up ${speedUp.toFixed(1)}${why}`;
}

/** `$0.42, 12.3k tokens (implementer $0.40, 12.0k tokens; reviewer …)`; nothing where no agent says it. */
function spentFact(state: RunState): string | undefined {
  const whole = spentInRun(state);
  if (!whole) return undefined;
  const roles = spentByRole(state).map(([role, usage]) => `${plain(role)} ${usageText(usage)}`);
  return `${usageText(whole)}${roles.length > 1 ? ` (${roles.join('; ')})` : ''}`;
}

/** `2 min of processor time by agents, 310 MB by the largest (price)`; nothing where it was not measured. */
function usedFact({ tasks }: RunState): string | undefined {
  const used = [...tasks.values()].map((task) => ({ id: task.task.id, ...usedByTask(task) }));
  const cpu = used.reduce((sum, one) => sum + (one.cpu ?? 0), 0);
  const [largest] = used.toSorted((a, b) => (b.memory ?? 0) - (a.memory ?? 0));
  const memory =
    largest?.memory === undefined ? [] : [`${sizeText(largest.memory)} by the largest (${plain(largest.id)})`];
  const parts = [...(cpu > 0 ? [`${timeText(cpu)} of processor time by agents`] : []), ...memory];
  return parts.length > 0 ? parts.join(', ') : undefined;
}

/** Where it stands what can be done about what failed. */
function whyText(state: RunState): string | undefined {
  const [first, ...others] = failedTasks(state);
  return first && `orchestrate why${others.length > 0 ? '' : ` ${shellWord(plain(first.task.id))}`}`;
}

/** How a failed task gets another chance. */
function againText({ ended, tasks }: RunState): string | undefined {
  const failed = [...tasks.values()].find(({ settled }) => settled?.kind === 'failed');
  if (ended?.outcome === 'cancelled') return 'orchestrate resume';
  return ended && failed && `orchestrate retry ${shellWord(plain(failed.task.id))}, then orchestrate resume`;
}

const plainOr = (text: string | undefined): string | undefined => text && plain(text);

/** Where it was pushed, or why not. */
const pushFact = (state: RunState): string | undefined => {
  const push = currentPush(state);
  if (push?.kind === 'refused') return plain(`no: ${push.reason}`);
  return push?.kind === 'pushed' ? plain(`${push.branches.join(', ')} on ${push.remote}`) : undefined;
};

const branchText = (state: RunState): string | undefined =>
  state.branch && `${plain(state.branch)} at ${(state.published ?? state.integration).slice(0, 10)}`;

const worktrees = (state: RunState): [string, string][] =>
  [...state.tasks.values()].flatMap((task): [string, string][] => {
    const attempt = latest(task);
    if (attempt?.worktree !== 'there' || attempt.path === undefined || task.settled?.kind === 'done') return [];
    return [['worktree', `${plain(attempt.path)} (${plain(task.task.id)})`]];
  });

const warnings = (state: RunState): [string, string][] =>
  [...state.tasks.values()].flatMap((task) =>
    (latest(task)?.warnings ?? []).map((text): [string, string] => [
      'warning',
      `${plain(task.task.id)}: ${plain(text)}`,
    ]),
  );

/** What an edit of the plan changes; how to look at what is to be approved. */
const detailLines = ({ kind, detail }: Attention): string[] =>
  detail !== undefined && (kind === 'approval' || kind === 'look') ? plainLines(detail) : [];

function waits(state: RunState, { columns }: SummaryWorld, { paint, glyphs }: Style): string[] {
  const items = attention(state);
  if (items.length === 0) return [];
  const lines = items.flatMap((item) => [
    ...plainLines(item.text)
      .flatMap((line) => wrap(line, columns - 5))
      .map((line, index) => `   ${index === 0 ? glyphs.asks : ' '} ${clip(line, columns - 5, glyphs.more)}`),
    ...detailLines(item).map((line) => `     ${clip(line, columns - 5, glyphs.more)}`),
    ...answersTo(item).map((command) => `     ${paint('dim', command)}`),
  ]);
  return ['', ` ${paint('yellow', 'Waits for you')}`, ...lines];
}
