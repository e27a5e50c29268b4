import { isTroubled } from '../../model/run/diagnosis.ts';
import type { Finding } from '../../model/run/event.ts';
import { failureWords, FINDING } from '../../model/shown/failure-words.ts';
import { type GateRun, latestRuns } from '../../model/gate.ts';
import { agentAtWork } from '../../model/run/message.ts';
import type { Usage } from '../../model/run/job.ts';
import { heldBack, heldWords } from '../../model/crew/admission.ts';
import { spentByAttempt, spentByTask, usageText } from '../../model/crew/spending.ts';
import type { Wish } from '../../model/run/order.ts';
import { type Attempt, latest, type Message, type RunState, taskOf, type TaskState } from '../../model/run/state.ts';
import { isLeft, limitOf, statusOf, waitWords } from '../../model/run/view.ts';
import {
  clock,
  count,
  failingGate,
  gateMark,
  gateWords,
  MESSAGE,
  progressOf,
  span,
  stageWords,
  STATUS,
} from '../words.ts';
import { firstLine } from '../../model/text/headline.ts';
import { type Ability, type Drawing, leaf, type Row, rowId, type Shown } from './row.ts';
import { allows } from '../../model/run/accept.ts';

/** A task: its attempts below it, latest first. */
export function taskRow(shown: Shown, task: TaskState): Row {
  const { state } = shown;
  const target = { run: state.run, task: task.task.id };
  return {
    id: rowId(state.run, 'task', task.task.id),
    target,
    draw: () => drawTask(state, task),
    children: () => task.attempts.toReversed().map((attempt) => attemptRow(state, attempt)),
  };
}

function drawTask(state: RunState, task: TaskState): Drawing {
  const status = statusOf(state, task);
  const attempt = latest(task);
  return {
    label: task.task.title,
    description: [isLeft(state, task) ? 'not done' : STATUS[status].word, ...details(state, task)].join(' · '),
    mark: STATUS[status],
    can: [...abilities(state, task), ...(attempt ? attemptAbilities(state, attempt) : [])],
    fold: attempt ? 'closed' : 'leaf',
    ...(attempt ? { command: 'orchestrate.openTerminal' as const } : {}),
  };
}

function details(state: RunState, task: TaskState): string[] {
  const attempt = latest(task);
  if (task.settled?.kind === 'done') return attempt?.endedAt === undefined ? [] : time(attempt);
  const why = whyNot(state, task);
  return [
    ...(why === undefined ? [] : [why]),
    ...progressOf(attempt),
    ...spentOn(spentByTask(task)),
    ...(task.attempts.length > 1 ? [`attempt ${task.attempts.length}`] : []),
    ...time(attempt),
  ];
}

/** What keeps it from going on, or what went wrong last. */
function whyNot(state: RunState, task: TaskState): string | undefined {
  const limit = limitOf(state, task);
  if (limit) return waitWords(limit, clock);
  const held = heldBack(state, task);
  if (held) return heldWords(held);
  const stage = latest(task)?.stage;
  if (stage?.at === 'ended') return failureWords(stage.failure);
  const gate = failingGate(task);
  return gate ? `gate ${gate.gate} failed` : undefined;
}

/** Tokens and cost so far, where its agent says them. */
const spentOn = (usage: Usage | undefined): string[] => (usage ? [usageText(usage)] : []);

/** Only what does not tick: how long it took, or when it began. */
const time = (attempt: Attempt | undefined): string[] => {
  if (!attempt) return [];
  return [
    attempt.endedAt === undefined ? `since ${clock(attempt.startedAt)}` : span(attempt.endedAt - attempt.startedAt),
  ];
};

function abilities(state: RunState, task: TaskState): Ability[] {
  const { id } = task.task;
  const can: Ability[] = [];
  const may = (wish: Wish): boolean => allows(state, wish);
  if (may({ type: 'done', task: id })) can.push(state.agents[id]?.manual === true ? 'manual' : 'taken');
  if (agentAtWork(state, id) && may({ type: 'tell', task: id, text: '…' })) can.push('tellable');
  if (agentAtWork(state, id) && may({ type: 'takeover', task: id })) can.push('steerable');
  if (isTroubled(state, task)) can.push('troubled');
  if (may({ type: 'retry', task: id })) can.push('retriable');
  if (may({ type: 'skip', task: id })) can.push('skippable');
  if (may({ type: 'rollback', tasks: [id], tip: state.integration })) can.push('undoable');
  return can;
}

function attemptAbilities(state: RunState, attempt: Attempt): Ability[] {
  const can: Ability[] = [];
  if (state.agents[attempt.task]?.manual !== true) can.push('terminal');
  if (attempt.result?.commit || attempt.worktree === 'there') can.push('diff');
  if (attempt.worktree === 'there') can.push('worktree');
  return can;
}

function attemptRow(state: RunState, attempt: Attempt): Row {
  const { task, number } = attempt;
  const id = rowId(state.run, 'attempt', task, number);
  const target = { run: state.run, task, attempt: number };
  const children = (): Row[] => [
    ...attempt.messages.map((message, index) => messageRow(rowId(id, 'message', index), target, message)),
    ...foreseenRows(state, attempt, id, target),
    ...latestRuns(attempt.gates).map((run) => gateRow(id, target, run)),
    ...(attempt.result?.findings ?? []).map((finding, index) =>
      findingRow(rowId(id, 'finding', index), target, finding),
    ),
    ...attempt.warnings.map((text, index) => warningRow(rowId(id, 'warning', index), target, text)),
  ];
  return { id, target, draw: () => drawAttempt(state, attempt, children().length > 0), children };
}

/** While something can be done about it. */
const foreseenRows = (state: RunState, attempt: Attempt, id: string, target: Row['target']): Row[] =>
  attempt.foreseen
    .filter(() => state.live.has(attempt))
    .map(({ task, paths }) => {
      const title = state.tasks.get(task)?.task.title ?? task;
      const text = `Would not merge with "${title}": ${paths.join(', ')}`;
      return warningRow(rowId(id, 'foreseen', task), target, text);
    });

function drawAttempt(state: RunState, attempt: Attempt, hasChildren: boolean): Drawing {
  return {
    label: `Attempt ${attempt.number}`,
    description: [
      isWaiting(state, attempt) ? STATUS.waiting.word : stageWords(attempt),
      ...progressOf(attempt),
      ...spentOn(spentByAttempt(attempt)),
      ...time(attempt),
    ].join(' · '),
    mark: attemptMark(state, attempt),
    can: attemptAbilities(state, attempt),
    fold: hasChildren ? 'open' : 'leaf',
    command: 'orchestrate.openTerminal',
  };
}

/** Its agent is there and does nothing until a person says something. */
const isWaiting = (state: RunState, attempt: Attempt): boolean =>
  attempt.stage.at === 'working' &&
  attempt.stage.intent !== undefined &&
  attempt.takenAt === undefined &&
  statusOf(state, taskOf(state, attempt.task)) === 'waiting';

function attemptMark(state: RunState, attempt: Attempt): Drawing['mark'] {
  switch (attempt.stage.at) {
    case 'merged':
      return STATUS.done;
    case 'ended':
      return OVER.has(attempt.stage.failure.kind) ? STATUS.skipped : STATUS.failed;
    case 'working':
      return attempt.stage.intent === undefined || isWaiting(state, attempt) ? STATUS.waiting : STATUS.running;
    case 'verifying':
      return STATUS.verifying;
    case 'queued':
      return STATUS.merging;
    default:
      return state.live.has(attempt) ? STATUS.running : STATUS.pending;
  }
}

/** It did not fail. */
const OVER: ReadonlySet<string> = new Set(['cancelled', 'notPicked']);

/** A gate's last run; a click leads to what it found. */
export const gateRow = (parent: string, target: Row['target'], run: GateRun): Row =>
  leaf(rowId(parent, 'gate', run.gate), target, () => ({
    label: run.gate,
    description: `${gateWords(run)} · ${span(run.duration)}`,
    mark: gateMark(run),
    can: [],
  }));

const findingRow = (id: string, target: Row['target'], { kind, paths }: Finding): Row =>
  leaf(id, target, () => ({
    label: FINDING[kind],
    description: paths.length > 3 ? count(paths.length, 'file') : paths.join(', '),
    mark: { icon: 'warning', color: 'list.warningForeground' },
    can: [],
  }));

/** What a person said to the agent, and whether it knows. */
const messageRow = (id: string, target: Row['target'], { text, state }: Message): Row =>
  leaf(id, target, () => ({
    label: firstLine(text),
    description: MESSAGE[state],
    mark: { icon: state === 'told' ? 'comment' : 'comment-unresolved' },
    can: [],
  }));

export const warningRow = (id: string, target: Row['target'], text: string): Row =>
  leaf(id, target, () => ({ label: text, mark: { icon: 'warning', color: 'list.warningForeground' }, can: [] }));
