import type { Plan, Task } from './plan.ts';

/**
 * The plan as it is run: a task that several agents do at once is a task for each of them, and one of their results is
 * taken (decide/picking.ts). What waits for the task, or must not run beside it, does so for all of them.
 */
export function withContestants(plan: Plan): Plan {
  const contests = contestsOf(plan);
  if (contests.size === 0) return plan;
  const each = (ids: readonly string[]): readonly string[] =>
    ids.flatMap((id) => contests.get(id)?.map((one) => one.id) ?? [id]);
  return {
    ...plan,
    tasks: plan.tasks
      .flatMap((task) => contests.get(task.id) ?? [task])
      .map((task) => ({
        ...task,
        dependencies: each(task.dependencies),
        conflictsWith: each(task.conflictsWith),
      })),
    contracts: plan.contracts.flatMap((contract) =>
      each([contract.fromTask]).flatMap((fromTask) =>
        each([contract.toTask]).map((toTask) => ({ ...contract, fromTask, toTask })),
      ),
    ),
  };
}

/** The id that the plan's file has for a task. */
export const idInFile = ({ id, contest = id }: Task): string => contest;

/** Each task of several agents, by its id, as the tasks that it is: `greet@claude`, `greet@codex`, `greet@codex-2`. */
function contestsOf({ tasks }: Plan): Map<string, readonly Task[]> {
  const contests = new Map<string, readonly Task[]>();
  const several = tasks.filter(({ agents }) => agents !== undefined);
  if (several.length === 0) return contests;
  const taken = new Set(tasks.map(({ id }) => id));
  for (const task of several) {
    const { agents = [], ...rest } = task;
    const contestants = agents.map((agent) => {
      const name = freeName(agent, (one) => !taken.has(`${task.id}@${one}`));
      taken.add(`${task.id}@${name}`);
      return { ...rest, id: `${task.id}@${name}`, title: `${task.title} (${name})`, agent, contest: task.id };
    });
    contests.set(task.id, contestants);
  }
  return contests;
}

function freeName(name: string, isFree: (name: string) => boolean): string {
  if (isFree(name)) return name;
  for (let number = 2; ; number += 1) if (isFree(`${name}-${number}`)) return `${name}-${number}`;
}
