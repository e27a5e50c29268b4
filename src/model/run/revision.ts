import { type Change, changesBetween, differences } from './changes.ts';
import { graphOf, untouchedTask } from './begin.ts';
import type { Edited } from './event.ts';
import { effectiveWaves } from '../schedule/graph.ts';
import type { Plan, Task } from '../plan/plan.ts';
import { latest, type RunState, taskOf, type TaskState } from './state.ts';
import { clearQuestions, forgive, isLive, rearrange } from './transitions.ts';

/** A plan's file as it was read, and who does its tasks. */
export type PlanFile = Omit<Edited & { type: 'plan.proposed' }, 'type'>;

/** What follows from the file as it is now; nothing where it says what is known already. */
export function heardOf(state: RunState, read: PlanFile | undefined): Edited | undefined {
  if (state.ended || state.approval.kind === 'refused') return undefined;
  if (!read || meaningOf(read.plan) === meaningOf(state.written))
    return state.proposal ? { type: 'plan.withdrawn' } : undefined;
  if (read.planHash === state.declined || read.planHash === state.planHash) return undefined;
  if (state.proposal && meaningOf(read.plan) === meaningOf(state.proposal.plan)) return undefined;
  return { type: 'plan.proposed', ...read };
}

/** A plan without what is written back into it. */
const meaningOf = (plan: Plan): string =>
  JSON.stringify({ ...plan, tasks: plan.tasks.map((task) => ({ ...task, status: '' })) });

/** Folds an edit. What was not approved yet is replaced at once: the answer that is awaited is about the new text. */
export function edited(state: RunState, event: Edited & { at: number }): void {
  delete state.proposal;
  if (event.type === 'plan.withdrawn') return;
  const { at, plan, planHash, agents, containment } = event;
  const touched = new Set(changesTo(state, plan).flatMap((change) => (isTaken(change) ? [change.task] : [])));
  state.proposal = { at, plan, planHash, agents, containment, touched };
  if (state.approval.kind !== 'awaited') return;
  state.changed = changesTo(state, plan);
  revise(state);
}

/** Whether a task must not be begun now, because a person is asked whether it is to change. */
export const isInQuestion = ({ proposal }: RunState, task: string): boolean => proposal?.touched.has(task) === true;

/**
 * Makes the proposal the plan. What is merged or has an agent at work stays as it is, and so does what that stands on;
 * everything else may change, come or go. A failed task that changes gets another chance.
 */
export function revise(state: RunState): void {
  const { proposal } = state;
  if (!proposal) return;
  delete state.proposal;
  delete state.declined;
  const before = new Map(state.tasks);
  const stays = standing(state, proposal.plan);
  state.plan = planWith(state, proposal.plan, stays);
  state.written = proposal.plan;
  state.planHash = proposal.planHash;
  state.graph = graphOf(state.plan, state.times);
  state.agents = { ...state.agents, ...withoutThose(proposal.agents, stays) };
  state.containment = { ...state.containment, ...proposal.containment };
  const waves = effectiveWaves(state.plan);
  // What has begun is of the wave that it began in, which may have taken it along.
  const waveOf = (id: string): number | undefined =>
    (stays.has(id) ? before.get(id)?.wave : undefined) ?? waves.get(id);
  state.tasks.clear();
  for (const task of state.plan.tasks) state.tasks.set(task.id, revised(before.get(task.id), task, waveOf(task.id)));
  for (const [id, { task, settled }] of before) {
    const now = state.tasks.get(id);
    if (!now) clearQuestions(state, id);
    else if (settled?.kind === 'failed' && differences(task, now.task).length > 0) forgive(state, now);
  }
  rearrange(state);
}

/** The run goes on with the plan it has, and does not ask again about the same text. */
export function decline(state: RunState): void {
  if (state.proposal) state.declined = state.proposal.planHash;
  delete state.proposal;
}

/** What the file's text would change, in the order of the tasks in it; `stays` says why something would not. */
export function changesTo(state: RunState, plan: Plan): readonly Change[] {
  const stays = standing(state, plan);
  return changesBetween(state.plan, plan, (id) =>
    stays.has(id) ? { stays: state.tasks.get(id)?.settled?.kind === 'done' ? 'merged' : 'begun' } : {},
  );
}

/** Whether the run would do it. */
const isTaken = (change: Change): boolean => change.kind !== 'added' && change.stays === undefined;

/** Tasks that keep what they are: merged, at work, or begun and no longer in the file; and all that these stand on. */
function standing(state: RunState, plan: Plan): ReadonlySet<string> {
  const known = new Set(plan.tasks.map(({ id }) => id));
  const stays = new Set<string>();
  const open = [...state.tasks.values()].filter(
    (task) => isUnderWay(task) || (hasBegun(task) && !known.has(task.task.id)),
  );
  for (let next = open.pop(); next; next = open.pop()) {
    if (stays.has(next.task.id)) continue;
    stays.add(next.task.id);
    for (const id of next.task.dependencies) if (state.tasks.has(id)) open.push(taskOf(state, id));
  }
  return stays;
}

const hasBegun = ({ attempts }: TaskState): boolean => attempts.length > 0;
const isUnderWay = (task: TaskState): boolean => task.settled?.kind === 'done' || isLive(latest(task));

/** The file's tasks in its order, those that stay as they were, and after them those that stay and are not in it. */
function planWith({ plan: old, tasks }: RunState, plan: Plan, stays: ReadonlySet<string>): Plan {
  const known = new Set(plan.tasks.map(({ id }) => id));
  const here = plan.tasks.map((task) => (stays.has(task.id) ? (tasks.get(task.id)?.task ?? task) : task));
  return { ...plan, tasks: [...here, ...old.tasks.filter(({ id }) => stays.has(id) && !known.has(id))] };
}

function revised(old: TaskState | undefined, task: Task, wave = 1): TaskState {
  if (old) return { ...old, task, wave };
  return { ...untouchedTask(task, wave), ...(task.status === 'completed' ? { claimed: true } : {}) };
}

const withoutThose = (agents: RunState['agents'], ids: ReadonlySet<string>): RunState['agents'] =>
  Object.fromEntries(Object.entries(agents).filter(([id]) => !ids.has(id)));
