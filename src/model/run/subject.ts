import type { Gate } from '../gate.ts';
import type { JobPurpose } from './event.ts';
import { type Attempt, attemptOf, type Candidate, type RunState, taskOf, type TaskState } from './state.ts';

/** What a reviewer is asked about: a task's change, what tasks come to together, all that was done, or a plan. */
export interface Subject {
  scope: 'task' | 'wave' | 'whole' | 'plan';
  /** In plan order. */
  tasks: readonly TaskState[];
  /** The change is between these commits; it looks at the tree of `commit`. */
  base: string;
  commit: string;
  /** Only of a task. */
  attempt?: Attempt;
}

export type GatePurpose = Extract<JobPurpose, { kind: 'taskGate' | 'candidateGate' }>;

/** What the review is of that a job is for. */
export const subjectOf = (state: RunState, purpose: GatePurpose): Subject =>
  purpose.kind === 'taskGate' ? ofAttempt(state, purpose) : ofCandidate(state, purpose);

function ofAttempt(state: RunState, purpose: GatePurpose & { kind: 'taskGate' }): Subject {
  const attempt = attemptOf(state, purpose.task, purpose.attempt);
  const { base, result } = attempt;
  const scope = state.planning ? 'plan' : 'task';
  return { scope, tasks: [taskOf(state, purpose.task)], base, commit: result?.commit ?? base, attempt };
}

/** Reviewers are asked about a candidate as a whole only. */
function ofCandidate(state: RunState, { gate: name, commit }: GatePurpose & { kind: 'candidateGate' }): Subject {
  const { candidate, config, integration } = state;
  if (!candidate) return { scope: 'wave', tasks: [], base: integration, commit };
  const gate = config.gates.find((one) => one.name === name);
  const members = new Set(candidate.members.map(({ task }) => task));
  const all = [...state.tasks.values()];
  if (gate && isWhole(state, gate, candidate)) {
    const tasks = all.filter(({ task, settled }) => settled?.kind === 'done' || members.has(task.id));
    return { scope: 'whole', tasks, base: state.base, commit };
  }
  return { scope: 'wave', tasks: all.filter(({ task }) => members.has(task.id)), base: candidate.onto, commit };
}

/** With the candidate merged nothing is left to do: a gate that is asked at the end is asked about everything. */
export const isWhole = ({ frontier }: RunState, { on }: Gate, { members }: Candidate): boolean =>
  on.includes('final') && frontier.unfinished === members.length;
