import type { Machine } from '../../agents/agent.ts';
import { agentIn, AGENTS } from '../../agents/all.ts';
import { containmentOf } from '../../agents/containment.ts';
import { candidates, thisMachine } from '../../agents/detect.ts';
import { readHead, type Repository } from '../../git/repository.ts';
import type { Assignment } from '../../model/crew/assignment.ts';
import { AUTO, chooseAgent } from '../../model/crew/auto.ts';
import type { Config } from '../../model/config/config.ts';
import { isReview } from '../../model/gate.ts';
import type { Containment } from '../../model/crew/crew.ts';
import { fail, ok, type Result } from '../../model/failure.ts';
import { withContestants } from '../../model/plan/contest.ts';
import type { Plan, Task } from '../../model/plan/plan.ts';
import type { Started } from '../../model/run/event.ts';
import { adapterOf, agentFor, cast, type Casting } from './cast.ts';
import { readLibrary } from './library.ts';
import { chooseReviewers, ownWork } from './reviewers.ts';

/** Who does each task of a plan, and what `auto` came to where a task asks for it. */
type Assigned = Pick<Started, 'agents' | 'reviewers' | 'auto' | 'containment' | 'notes'>;

/**
 * Concludes who does each task, by the configuration and by the role and skill files of the commit the run starts from.
 * Fails where a task needs `auto` and no agent is there to be it.
 */
export async function assign(
  repository: Repository,
  { plan, config }: { plan: Plan; config: Config },
  base: string,
): Promise<Result<Assigned>> {
  const library = await readLibrary(repository, base);
  if (!library.ok) return library;
  const casting = { config, library: library.value };
  const words = plan.tasks.map((task): [Task, string] => [task, agentFor(task, casting)]);
  const machine = thisMachine(repository.root);
  const needsAuto = words.some(([, word]) => word === AUTO);
  const auto = needsAuto ? chooseAgent(candidates(config, machine)) : undefined;
  if (auto && !auto.ok) return fail({ kind: 'refused', reason: auto.failure });
  const assigned = words.map(([task, word]): [string, Assignment] => [
    task.id,
    cast(task, word === AUTO ? (auto?.value.agent ?? '') : word, casting),
  ]);
  const agents = Object.fromEntries(assigned);
  const chosen = chooseReviewers(agents, casting, machine);
  if (!chosen.ok) return chosen;
  const reviewers = chosen.value;
  const names = [...Object.values(agents), ...Object.values(reviewers)].map(({ name }) => name);
  return ok({
    agents,
    reviewers,
    ...(auto ? { auto: auto.value } : {}),
    notes: [...library.value.notes, ...missing(plan, casting), ...ownWork(agents, reviewers, config)],
    containment: await containments(new Set(names), config, machine),
  });
}

async function containments(
  names: ReadonlySet<string>,
  config: Config,
  machine: Machine,
): Promise<Record<string, Containment>> {
  const found: Record<string, Containment> = {};
  for (const name of names) {
    const agent = agentIn(config, name);
    const containment = agent && (await containmentOf(agent, config.agents.settings[name] ?? {}, machine));
    if (containment) found[name] = containment;
  }
  return found;
}

/** Skills and agents that are named and are not there: nothing stops for it, and it is said. */
function missing({ tasks }: Plan, { config, library: { roles, skills } }: Casting): string[] {
  const there = new Set(skills.map(({ name }) => name));
  const named = [...tasks.flatMap((task) => task.skills ?? []), ...[...roles.values()].flatMap((role) => role.skills)];
  const unknown = [...new Set(named)].filter((name) => !there.has(name));
  const strange = [...roles.values()].filter(
    ({ agent }) => agent !== undefined && adapterOf(agent, config) === undefined,
  );
  return [
    ...unknown.map(
      (name) => `The skill "${name}" is not in the commit: add .orchestrate/skills/${name}.md and commit it.`,
    ),
    ...strange.map(
      ({ file, agent = '' }) => `${file} names agent "${agent}", which is not known: its default is taken.`,
    ),
  ];
}

/** Why a program without agents of its own cannot do the whole plan, in words; undefined where it can. */
export async function needsHome(
  repository: Repository,
  prepared: { plan: Plan; config: Config },
): Promise<string | undefined> {
  const head = await readHead(repository);
  const library = head.ok ? await readLibrary(repository, head.value.commit) : head;
  if (!library.ok) return undefined;
  for (const task of withContestants(prepared.plan).tasks) {
    const agent = agentIn(prepared.config, agentFor(task, { config: prepared.config, library: library.value }));
    if (agent?.kind === 'hosted')
      return `"${task.title}" is for the agent "${agent.name}", which only ${agent.home} has: start this plan there, or give the task another agent.`;
  }
  return undefined;
}

/** Words in orchestrate.yaml that mean no agent. */
export const unknownAgents = ({ agents, gates }: Config): string[] =>
  [
    agents.default,
    ...Object.values(agents.roles).flatMap(({ agent = AUTO }) => agent),
    ...gates.filter(isReview).map(({ command }) => agents.roles[command.agent]?.agent ?? command.agent),
  ].filter((word) => adapterOf(word, { agents }) === undefined);

/** What can stand where an agent is named. */
export const agentWords = (): string => [AUTO, ...AGENTS.map(({ name }) => name)].join(', ');
