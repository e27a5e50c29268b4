import type { Breaker } from '../crew/breaker.ts';
import type { Question } from './event.ts';
import type { FileStatus } from '../plan/plan.ts';
import type { Change } from './changes.ts';
import { pushWords } from './push.ts';
import { changesTo, isInQuestion } from './revision.ts';
import { changeLines, changesInShort } from './revision-words.ts';
import { type Attempt, latest, type Proposal, type RunState, type TaskState } from './state.ts';

/** What people see of a task; computed, never stored. */
export type TaskStatus =
  | 'pending'
  | 'ready'
  | 'running'
  | 'verifying'
  | 'merging'
  | 'waiting'
  | 'done'
  | 'failed'
  | 'blocked'
  | 'skipped'
  | 'needsRevision';

export function statusOf(state: RunState, task: TaskState): TaskStatus {
  if (task.settled) return task.settled.kind;
  const attempt = latest(task);
  if (waitsForPerson(state, task.task.id, attempt)) return 'waiting';
  if (attempt && state.live.has(attempt)) return LIVE[attempt.stage.at] ?? 'running';
  const standing = state.frontier.standingOf(task.task.id);
  if (standing === 'blocked') return 'blocked';
  if (attempt && !isTakenBack(attempt)) return 'needsRevision';
  return standing === 'ready' ? 'ready' : 'pending';
}

/** Of a run that is over and was not settled: nothing is at work any more, whatever it was at when it was stopped. */
export const isLeft = (state: RunState, task: TaskState): boolean =>
  state.ended !== undefined && !task.settled && statusOf(state, task) !== 'blocked';

/** Nothing is wrong with it, and it is to do again. */
const isTakenBack = ({ stage }: Attempt): boolean => stage.at === 'ended' && stage.failure.kind === 'takenBack';

const LIVE: Partial<Record<Attempt['stage']['at'], TaskStatus>> = { verifying: 'verifying', queued: 'merging' };

/** The word that plan.yaml knows for it. */
export const fileStatus = (status: TaskStatus): FileStatus => FILE[status];

const FILE: Record<TaskStatus, FileStatus> = {
  pending: 'pending',
  ready: 'pending',
  running: 'in_progress',
  verifying: 'in_progress',
  merging: 'in_progress',
  waiting: 'in_progress',
  done: 'completed',
  failed: 'failed',
  blocked: 'blocked',
  skipped: 'blocked',
  needsRevision: 'needs_revision',
};

/** Something that goes on only when a person says how. */
export interface Attention {
  /** `plan`, `plan:<hash>` of an edit of it, a question's id, `manual:<task>`, or `held:<task>`. */
  id: string;
  kind: 'approval' | 'manual' | 'taken' | 'held' | 'paused' | Question['kind'];
  task?: string;
  text: string;
  /** More than a line holds: a command, a change. */
  detail?: string;
  choices: readonly { id: string; label: string }[];
  /** Epoch milliseconds. */
  since: number;
}

/** All that waits for a person, longest wait first. */
export function attention(state: RunState): readonly Attention[] {
  if (state.ended) return [];
  const items: Attention[] = [...state.questions.values()].map(({ askedAt, ...question }) => ({
    ...question,
    since: askedAt,
  }));
  if (state.approval.kind === 'awaited') items.push(approval(state));
  if (state.proposal) items.push(revision(state, state.proposal));
  if (state.paused) items.push(paused(state.paused));
  for (const attempt of state.active) {
    if (isOneself(attempt)) items.push(manual(state, attempt));
    if (attempt.heldAt !== undefined) items.push(heldAttention(state, attempt, attempt.heldAt));
  }
  return items.toSorted((a, b) => a.since - b.since);
}

/** What an answer to the plan is about: the proposed revision where there is one. */
export const hashInQuestion = ({ proposal, planHash }: RunState): string => proposal?.planHash ?? planHash;

/** working: something runs or is due; waiting: only a person can help; ended: nothing more will happen by itself. */
export function rest(state: RunState): 'working' | 'waiting' | 'ended' {
  if (state.ended) return 'ended';
  const held = state.paused !== undefined || [...state.questions.values()].some(({ kind }) => kind === 'budget');
  if (isBusy(state) || (!held && (isDue(state) || waitsForLimit(state)))) return 'working';
  return attention(state).length > 0 ? 'waiting' : 'working';
}

/** A retry has its time, and comes by itself. */
const isDue = (state: RunState): boolean =>
  [...state.tasks.values()].some(
    ({ retryAt, settled, task }) => retryAt !== undefined && !settled && !isInQuestion(state, task.id),
  );

/** Something could be begun and waits for the end of a usage limit, which comes by itself. */
function waitsForLimit({ breakers, frontier, agents, active }: RunState): boolean {
  if (breakers.size === 0) return false;
  const waits = (task: string): boolean => breakers.has(agents[task]?.name ?? '');
  return [...active].some(({ task }) => waits(task)) || frontier.ready().some(waits);
}

/** `claude: usage limit until 15:04`, one for each agent that met one; `clock` writes a time of day. */
export const limitWords = ({ breakers }: RunState, clock: (at: number) => string): string[] =>
  [...breakers.values()].map(({ agent, until, known }) =>
    known
      ? `${agent}: usage limit until ${clock(until)}, goes on then by itself`
      : `${agent}: usage limit, tried again at ${clock(until)} with one attempt`,
  );

/** The usage limit that keeps a task from beginning, or from being tried again. */
export function limitOf(state: RunState, task: TaskState): Breaker | undefined {
  const status = statusOf(state, task);
  if (status !== 'ready' && status !== 'needsRevision') return undefined;
  return state.breakers.get(state.agents[task.task.id]?.name ?? '');
}

/** `waits for claude until 15:04`; `clock` writes a time of day. */
export const waitWords = ({ agent, until, known }: Breaker, clock: (at: number) => string): string =>
  known ? `waits for ${agent} until ${clock(until)}` : `waits for ${agent}, which is tried again at ${clock(until)}`;

/** Something is under way that does not wait for a person's leave. */
function isBusy(state: RunState): boolean {
  const asking = new Set([...state.questions.values()].flatMap(({ permission }) => permission?.job ?? []));
  for (const { heldAt, stage } of state.active)
    if (heldAt !== undefined && stage.at === 'working' && stage.intent !== undefined) asking.add(stage.intent);
  return [...state.open.keys()].some((intent) => !asking.has(intent));
}

export interface Progress {
  total: number;
  byStatus: Readonly<Record<TaskStatus, number>>;
  /** Share of tasks that are over, 0 to 1. */
  share: number;
}

export function progress(state: RunState): Progress {
  const byStatus = countsOf(state, state.tasks.values());
  const over = byStatus.done + byStatus.failed + byStatus.blocked + byStatus.skipped;
  return { total: state.tasks.size, byStatus, share: state.tasks.size === 0 ? 1 : over / state.tasks.size };
}

/** How many of these tasks have each status. */
export function countsOf(state: RunState, tasks: Iterable<TaskState>): Record<TaskStatus, number> {
  const byStatus = {
    pending: 0,
    ready: 0,
    running: 0,
    verifying: 0,
    merging: 0,
    waiting: 0,
    done: 0,
    failed: 0,
    blocked: 0,
    skipped: 0,
    needsRevision: 0,
  };
  for (const task of tasks) byStatus[statusOf(state, task)] += 1;
  return byStatus;
}

export const duration = (attempt: Attempt, now: number): number => (attempt.endedAt ?? now) - attempt.startedAt;

/** Whether the task goes on only when a person says how. */
export const waitsForPerson = (state: RunState, task: string, attempt: Attempt | undefined): boolean => {
  for (const question of state.questions.values())
    if (question.task === task || (question.kind === 'pick' && question.choices.some(({ id }) => id === task)))
      return true;
  return attempt !== undefined && (isOneself(attempt) || attempt.heldAt !== undefined);
};

/** A person works on it, and how long they take nobody knows. */
export const isOneself = ({ stage }: Attempt): boolean => stage.at === 'working' && stage.intent === undefined;

function approval(state: RunState): Attention {
  return {
    id: 'plan',
    kind: 'approval',
    text: `Approve the plan "${state.plan.objective}" (${state.plan.tasks.length} tasks${pushWords(state)
      .map((words) => `; ${words}`)
      .join('')})`,
    ...(state.changed ? { detail: changedDetail(state.changed) } : {}),
    choices: [
      { id: 'approve', label: 'Approve' },
      { id: 'reject', label: 'Reject' },
    ],
    since: state.startedAt,
  };
}

const changedDetail = (changes: readonly Change[]): string =>
  [`With its last edit it changed: ${changesInShort(changes)}`, ...changes.flatMap(changeLines)].join('\n');

/** Of what `approve` and `reject` answer now. An edit is named after its text: an answer to one is none to the next. */
export const approvalId = ({ proposal }: Pick<RunState, 'proposal'>): string =>
  proposal ? `plan:${proposal.planHash.slice(0, 8)}` : 'plan';

function revision(state: RunState, { plan, at }: Proposal): Attention {
  const changes = changesTo(state, plan);
  return {
    id: approvalId(state),
    kind: 'approval',
    text: `${state.planFile} was edited: ${changesInShort(changes)}`,
    detail: changes.flatMap(changeLines).join('\n'),
    choices: [
      { id: 'approve', label: 'Go on with the new plan' },
      { id: 'reject', label: 'Keep the plan as it was' },
    ],
    since: at,
  };
}

const paused = ({ reason, at }: { reason: string; at: number }): Attention => ({
  id: 'paused',
  kind: 'paused',
  text: `Paused: ${reason}`,
  choices: [{ id: 'resume', label: 'Resume' }],
  since: at,
});

function heldAttention(state: RunState, { task }: Attempt, since: number): Attention {
  const title = state.tasks.get(task)?.task.title ?? task;
  const text = `"${title}" was interrupted: its agent waits for what you say next`;
  return { id: `held:${task}`, kind: 'held', task, text, choices: [], since };
}

function manual(state: RunState, { task, path, startedAt, takenAt }: Attempt): Attention {
  const title = state.tasks.get(task)?.task.title ?? task;
  if (takenAt !== undefined)
    return {
      id: `manual:${task}`,
      kind: 'taken',
      task,
      text: `"${title}" was taken over: hand it back when ${path ?? 'its worktree'} is as it should be`,
      choices: [{ id: 'done', label: 'Hand it back' }],
      since: takenAt,
    };
  return {
    id: `manual:${task}`,
    kind: 'manual',
    task,
    text: `"${title}" is yours to do in ${path ?? 'its worktree'}`,
    choices: [{ id: 'done', label: 'Mark done' }],
    since: startedAt,
  };
}
