import { defined } from '../../model/defined.ts';
import type { Usage } from '../../model/run/job.ts';
import { spentByTask, usageText } from '../../model/crew/spending.ts';
import type { Attempt, RunState, TaskState } from '../../model/run/state.ts';
import { type GateRun, latestRuns } from '../../model/gate.ts';
import { proofsOf, trace } from '../../model/run/trace.ts';
import { statusOf, type TaskStatus } from '../../model/run/view.ts';
import type { AttemptCard, Page, RequirementCard, TaskCard, TaskGroup } from '../../webview/protocol.ts';
import { gateWords, progressOf, short, stageWords } from '../words.ts';
import { inWaves } from '../../model/run/waves.ts';

/** Past this a page shows cards only of what is at work and of the groups that a person opened. */
const MOST_CARDS = 200;

/** Past this a list of tasks says how many more there are. */
const MOST_NAMED = 12;

/** Past this a picture shows nothing any more. */
const MOST_DRAWN = 300;

/** All that a page shows of the tasks; `open` has the groups that a person opened. */
export function tasksOf(
  state: RunState,
  open: ReadonlySet<string>,
): Pick<Page, 'tasks' | 'atWork' | 'graph' | 'waves' | 'summary'> {
  const tasks = [...state.tasks.values()].map((task) => ({ task, status: statusOf(state, task) }));
  const drawing = { state, open, isLong: tasks.length > MOST_CARDS };
  return {
    tasks: { total: tasks.length, byStatus: counted(tasks) },
    waves: wavesOf(drawing, tasks),
    ...(drawing.isLong && !state.ended ? { atWork: atWork(state, tasks) } : {}),
    ...(tasks.length > MOST_DRAWN ? {} : { graph: tasks.map(nodeOf) }),
    ...(state.ended ? { summary: summaryOf(drawing, tasks) } : {}),
  };
}

/** A task and its status, which is computed once for a page. */
interface Seen {
  task: TaskState;
  status: TaskStatus;
}

interface DrawingOfTasks {
  state: RunState;
  open: ReadonlySet<string>;
  /** Too many tasks to show all. */
  isLong: boolean;
}

function counted(tasks: readonly Seen[]): Page['tasks']['byStatus'] {
  const byStatus: Partial<Record<TaskStatus, number>> = {};
  for (const { status } of tasks) byStatus[status] = (byStatus[status] ?? 0) + 1;
  return byStatus;
}

function atWork(state: RunState, tasks: readonly Seen[]): TaskCard[] {
  const now = new Set<TaskStatus>(['running', 'verifying', 'merging', 'waiting']);
  return tasks
    .filter(({ status }) => now.has(status))
    .slice(0, MOST_CARDS)
    .map((seen) => cardOf(state, seen));
}

const nodeOf = ({ task: { task, wave }, status }: Seen): NonNullable<Page['graph']>[number] => ({
  id: task.id,
  title: task.title,
  status,
  wave,
  dependencies: task.dependencies,
});

/** All of a run that can be read at a glance, else what did not become done. */
const summaryOf = ({ state, isLong }: DrawingOfTasks, tasks: readonly Seen[]): TaskCard[] =>
  tasks
    .filter(({ status }) => !isLong || status !== 'done')
    .slice(0, MOST_CARDS)
    .map((seen) => cardOf(state, seen));

const wavesOf = (drawing: DrawingOfTasks, tasks: readonly Seen[]): Page['waves'] =>
  [...inWaves(tasks, ({ task }) => task.wave)].map(([wave, those]) => ({
    wave,
    groups: groupsOf(drawing, wave, those),
  }));

function groupsOf({ state, open, isLong }: DrawingOfTasks, wave: number, tasks: readonly Seen[]): TaskGroup[] {
  const cards = (those: readonly Seen[]): TaskCard[] => those.map((seen) => cardOf(state, seen));
  if (!isLong) return [{ from: 1, byStatus: counted(tasks), many: tasks.length, tasks: cards(tasks) }];
  const groups: TaskGroup[] = [];
  for (let from = 0; from < tasks.length; from += MOST_CARDS) {
    const part = tasks.slice(from, from + MOST_CARDS);
    const fold = `${wave}:${from}`;
    groups.push({
      fold,
      from: from + 1,
      many: part.length,
      byStatus: counted(part),
      ...(open.has(fold) ? { tasks: cards(part) } : {}),
    });
  }
  return groups;
}

function cardOf(state: RunState, { task: known, status }: Seen): TaskCard {
  const { task } = known;
  return {
    id: task.id,
    title: task.title,
    description: task.description,
    agent: state.agents[task.id]?.name ?? task.agent ?? '',
    ...defined({ runs: task.run }),
    status,
    ...spentOf(spentByTask(known)),
    after: named(state, task.dependencies),
    notBeside: named(state, state.graph.conflicts.get(task.id) ?? []),
    criteria: task.acceptanceCriteria,
    attempts: known.attempts.map(attemptCard),
    ...(task.scope ? { scope: task.scope } : {}),
    ...commitOf(known),
  };
}

/** Tokens and cost, where they are known. */
export const spentOf = (usage: Usage | undefined): { spent?: string } => (usage ? { spent: usageText(usage) } : {});

/** From each requirement to its tasks, their commits, and the gates that speak for them. */
export function requirementsIn(state: RunState): Pick<Page, 'requirements'> {
  const traced = trace(state).slice(0, MOST_CARDS);
  if (traced.length === 0) return {};
  const taskLine = (known: TaskState): RequirementCard['tasks'][number] => ({
    id: known.task.id,
    title: known.task.title,
    status: statusOf(state, known),
    ...commitOf(known),
    gates: known.settled?.kind === 'done' ? gateCards(proofsOf(state, known)) : [],
  });
  return {
    requirements: traced.map(({ requirement, standing, tasks }) => ({
      ...requirement,
      standing,
      tasks: tasks.slice(0, MOST_NAMED).map(taskLine),
      more: Math.max(0, tasks.length - MOST_NAMED),
    })),
  };
}

const commitOf = ({ settled }: TaskState): { commit?: string } =>
  settled?.kind === 'done' && settled.commit ? { commit: short(settled.commit) } : {};

const gateCards = (runs: readonly GateRun[]): AttemptCard['gates'] =>
  latestRuns(runs).map((run) => ({ name: run.gate, result: run.result, words: gateWords(run) }));

/** Titles of tasks. */
function named(state: RunState, ids: Iterable<string>): string[] {
  const titles = [...ids].map((id) => state.tasks.get(id)?.task.title ?? id);
  const more = titles.length - MOST_NAMED;
  return more > 0 ? [...titles.slice(0, MOST_NAMED), `${more} more`] : titles;
}

const attemptCard = (attempt: Attempt): AttemptCard => ({
  number: attempt.number,
  words: [stageWords(attempt), ...progressOf(attempt)].join(' · '),
  startedAt: attempt.startedAt,
  gates: gateCards(attempt.gates),
  ...(attempt.endedAt === undefined ? {} : { endedAt: attempt.endedAt }),
});
