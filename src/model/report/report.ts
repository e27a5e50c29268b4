import { defined } from '../defined.ts';
import type { GateRun } from '../gate.ts';
import type { Decision } from '../shown/decision.ts';
import { failureWords } from '../shown/failure-words.ts';
import { testedWhole } from '../shown/measure.ts';
import { type Outlook, outlookOf } from '../shown/outlook.ts';
import { progressText } from '../shown/progress-text.ts';
import { latest, type RunState, type TaskState } from '../run/state.ts';
import { workOf } from '../run/timeline.ts';
import { proofsOf, trace, type Traced } from '../run/trace.ts';
import { type Attention, attention, countsOf, statusOf, type TaskStatus } from '../run/view.ts';
import type { Duration } from '../schedule/duration.ts';
import { lessonsOf } from './lessons.ts';
import { type Metrics, metricsOf } from './metrics.ts';
import { type Unresolved, unresolvedIn } from './unresolved.ts';

/**
 * What there is to say of a run, as plain data: where it stands while it is open, what came of it when it is over. Times
 * are epoch milliseconds, durations milliseconds; text is data in which agents, gates and plans had a say.
 */
export interface Report {
  run: string;
  plan: { id: string; objective: string; file: string };
  /** When it was told. */
  at: number;
  startedAt: number;
  ended?: NonNullable<RunState['ended']>;
  /** It makes a plan. */
  plans: boolean;
  counts: Readonly<Record<TaskStatus, number>>;
  base: { branch?: string; commit: string };
  /** What is merged, the branch it is on, and the gates that ran on just that. */
  result: { commit: string; branch?: string; tested: readonly Proof[] };
  /** All that waits for a person; empty when it is over. */
  waits: readonly Attention[];
  atWork: readonly AtWork[];
  /** What comes next; absent where nothing goes on by itself. */
  outlook?: Outlook;
  unresolved: readonly Unresolved[];
  requirements: readonly RequirementLine[];
  tasks: readonly TaskLine[];
  decisions: readonly Decision[];
  metrics: Metrics;
  lessons: readonly string[];
}

export type Proof = Pick<GateRun, 'gate' | 'result'>;

export interface AtWork {
  task: string;
  agent?: string;
  since: number;
  status: TaskStatus;
  /** What its agent says of how far it is. */
  says?: string;
}

export interface TaskLine {
  id: string;
  title: string;
  wave: number;
  status: TaskStatus;
  attempts: number;
  /** Of worktrees, agents and gates, in all attempts. */
  took: number;
  /** Absent where nothing of it is merged. */
  commit?: string;
  proofs: readonly Proof[];
  /** Why its former attempts failed, oldest first. */
  failed: readonly string[];
}

export interface RequirementLine {
  id: string;
  text: string;
  standing: Traced['standing'];
  tasks: readonly string[];
}

/** What a report is made of beyond the state. */
export interface ReportWorld {
  now: number;
  /** What people decided, oldest first. */
  decisions: readonly Decision[];
  /** How long tasks should take, as far as earlier runs tell. */
  durations?: ReadonlyMap<string, Duration> | undefined;
  span: (milliseconds: number) => string;
}

/** The same for the same state and world. */
export function reportOf(state: RunState, { now, decisions, durations, span }: ReportWorld): Report {
  const { plan, ended, approval } = state;
  const goesOn = !ended && approval.kind === 'given' && !state.planning;
  return {
    run: state.run,
    plan: { id: plan.id, objective: plan.objective, file: state.planFile },
    at: now,
    startedAt: state.startedAt,
    ...defined({ ended, outlook: goesOn ? outlookOf(state, now, durations) : undefined }),
    plans: state.planning !== undefined,
    counts: countsOf(state, state.tasks.values()),
    base: { commit: state.base, ...defined({ branch: state.baseBranch }) },
    result: {
      commit: state.published ?? state.integration,
      tested: testedWhole(state).map(proof),
      ...defined({ branch: state.branch }),
    },
    waits: attention(state),
    atWork: ended ? [] : [...state.live].map((attempt) => atWorkOf(state, attempt.task)),
    unresolved: unresolvedIn(state, now),
    requirements: trace(state).map(requirementLine),
    tasks: [...state.tasks.values()].map((task) => taskLine(state, task, now)),
    decisions: inShort(decisions),
    metrics: metricsOf(state, now),
    lessons: lessonsOf(state, decisions, now, span),
  };
}

const proof = ({ gate, result }: GateRun): Proof => ({ gate, result });

function atWorkOf(state: RunState, id: string): AtWork {
  const task = state.tasks.get(id)!;
  const attempt = latest(task)!;
  return {
    task: id,
    since: attempt.startedAt,
    status: statusOf(state, task),
    ...defined({
      agent: state.agents[id]?.name,
      says: attempt.stage.at === 'working' && attempt.progress ? progressText(attempt.progress) : undefined,
    }),
  };
}

const requirementLine = ({ requirement: { id, text }, standing, tasks }: Traced): RequirementLine => ({
  id,
  text,
  standing,
  tasks: tasks.map(({ task }) => task.id),
});

function taskLine(state: RunState, task: TaskState, now: number): TaskLine {
  const { settled, attempts } = task;
  const proofs = settled?.kind === 'done' ? proofsOf(state, task) : (latest(task)?.gates ?? []);
  return {
    id: task.task.id,
    title: task.task.title,
    wave: task.wave,
    status: statusOf(state, task),
    attempts: attempts.length,
    took: workOf(state, task, now),
    ...(settled?.kind === 'done' && settled.commit !== null ? { commit: settled.commit } : {}),
    proofs: proofs.map(proof),
    failed: attempts.flatMap(({ stage }) => (stage.at === 'ended' ? failureWords(stage.failure) : [])),
  };
}

/** Requests of agents for leave are many, and told as one. */
function inShort(decisions: readonly Decision[]): Decision[] {
  const leaves = decisions.filter(({ permission }) => permission);
  const [first] = leaves;
  if (!first || leaves.length === 1) return [...decisions];
  const waited = leaves.reduce((sum, one) => sum + (one.waited ?? 0), 0);
  const words = `answered ${leaves.length} requests of agents for leave`;
  return decisions.flatMap((one) => (one === first ? [{ ...one, words, waited }] : one.permission ? [] : [one]));
}
