import type { GateRun } from '../gate.ts';
import type { Task } from '../plan/plan.ts';
import type { Requirement } from '../plan/prd.ts';
import { tasksInFile } from './contest.ts';
import type { RunState, TaskState } from './state.ts';

/** A requirement, the tasks that cover it, and what came of them. */
export interface Traced {
  requirement: Requirement;
  tasks: readonly TaskState[];
  /** met: all of its tasks are done; missed: one of them will not be; uncovered: no task covers it. */
  standing: 'met' | 'open' | 'missed' | 'uncovered';
}

/**
 * Each requirement of the run's PRD in its order, then what tasks cover beyond it. Empty where no task says what it
 * covers. A requirement is named by its id or by its words.
 */
export function trace(state: RunState): Traced[] {
  const claims = claimsOf(state);
  if (claims.size === 0) return [];
  const asked = state.requirements.map((requirement) => {
    const names = [plain(requirement.id), plain(requirement.text)];
    return { requirement, names, tasks: new Set(names.flatMap((name) => claims.get(name)?.tasks ?? [])) };
  });
  for (const name of asked.flatMap(({ names }) => names)) claims.delete(name);
  const others = [...claims.values()].map(({ id, tasks }) => ({ requirement: { id, text: '' }, tasks }));
  return [...asked, ...others].map(({ requirement, tasks }) => ({
    requirement,
    tasks: [...tasks],
    standing: standingOf(state, [...tasks]),
  }));
}

/** The requirements of the PRD that a task says it covers. */
export function servedBy({ requirements }: Pick<RunState, 'requirements'>, { covers = [] }: Task): Requirement[] {
  const names = new Set(covers.map(plain));
  return requirements.filter(({ id, text }) => names.has(plain(id)) || names.has(plain(text)));
}

/** What tasks say that they cover, as the first of them writes it. */
function claimsOf(state: RunState): Map<string, { id: string; tasks: TaskState[] }> {
  const claims = new Map<string, { id: string; tasks: TaskState[] }>();
  for (const task of tasksInFile(state).values()) {
    for (const id of task.task.covers ?? []) {
      const known = claims.get(plain(id));
      if (known) known.tasks.push(task);
      else claims.set(plain(id), { id, tasks: [task] });
    }
  }
  return claims;
}

const plain = (name: string): string => name.trim().toLowerCase();

function standingOf(state: RunState, tasks: readonly TaskState[]): Traced['standing'] {
  if (tasks.length === 0) return 'uncovered';
  if (tasks.every(({ settled }) => settled?.kind === 'done')) return 'met';
  const isLost = ({ settled }: TaskState): boolean => settled !== undefined && settled.kind !== 'done';
  return state.ended || tasks.some(isLost) ? 'missed' : 'open';
}

/** What speaks for a merged task: its own gates, else those that ran on the tree it was merged with. */
export function proofsOf({ merges }: RunState, { task, attempts }: TaskState): readonly GateRun[] {
  const own = attempts.at(-1)?.gates ?? [];
  if (own.length > 0) return own;
  return merges.findLast(({ members }) => members.some((member) => member.task === task.id))?.gates ?? [];
}
