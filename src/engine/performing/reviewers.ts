import type { Agent, Machine } from '../../agents/agent.ts';
import { agentIn } from '../../agents/all.ts';
import { candidates } from '../../agents/detect.ts';
import type { Config } from '../../model/config/config.ts';
import type { Assignment } from '../../model/crew/assignment.ts';
import { AUTO, chooseAgent } from '../../model/crew/auto.ts';
import type { Grade } from '../../model/crew/grade.ts';
import { REVIEWER } from '../../model/crew/role.ts';
import { defined } from '../../model/defined.ts';
import { fail, ok, type Result } from '../../model/failure.ts';
import { isReview, type ReviewGate } from '../../model/gate.ts';
import { plainTask, type Task } from '../../model/plan/plan.ts';
import type { Depth } from '../../model/review.ts';
import { agentFor, cast, type Casting } from './cast.ts';

type Assignments = Readonly<Record<string, Assignment>>;

/**
 * Who is each gate that is an agent, by the role of a reviewer. `auto` is one that does none of the tasks where there is
 * one. Fails where it is nobody who could review: a program that is driven, and that thinks.
 */
export function chooseReviewers(authors: Assignments, casting: Casting, machine: Machine): Result<Assignments> {
  const chosen: Record<string, Assignment> = {};
  for (const gate of casting.config.gates.filter(isReview)) {
    const word = agentFor({ agent: gate.command.agent, role: REVIEWER }, casting);
    const name = word === AUTO ? somebodyElse(authors, casting.config, machine) : ok(word);
    if (!name.ok) return name;
    const agent = agentIn(casting.config, name.value);
    if (!canReview(agent))
      return fail({
        kind: 'refused',
        reason: `The gate "${gate.name}" is to be reviewed by ${name.value}, which cannot review: name an agent that is a program, such as claude or codex.`,
      });
    chosen[gate.name] = reviewer(gate, name.value, casting);
  }
  return ok(chosen);
}

/** That an agent looks at its own work, in words for a person: it may, and two see more. */
export function ownWork(authors: Assignments, reviewers: Assignments, config: Config): string[] {
  const program = ({ name }: Assignment): string => {
    const agent = agentIn(config, name);
    return (agent?.kind === 'conversation' ? agent.opener?.name : undefined) ?? name;
  };
  const atWork = new Set(Object.values(authors).map(program));
  return Object.entries(reviewers).flatMap(([gate, assignment]) =>
    atWork.has(program(assignment))
      ? [`The gate "${gate}" has ${assignment.name} review work of its own: another agent sees other things.`]
      : [],
  );
}

const canReview = (agent: Agent | undefined): boolean =>
  agent?.kind === 'conversation' || (agent?.kind === 'process' && !agent.runsLine);

function somebodyElse(authors: Assignments, config: Config, machine: Machine): Result<string> {
  const there = candidates(config, machine);
  const names = new Set(Object.values(authors).map(({ name }) => name));
  const other = chooseAgent(there.filter(({ name }) => !names.has(name)));
  const chosen = other.ok ? other : chooseAgent(there);
  return chosen.ok ? ok(chosen.value.agent) : fail({ kind: 'refused', reason: chosen.failure });
}

/** Its own words count before its role's; the closer it looks, the harder its work. */
function reviewer(gate: ReviewGate, agent: string, casting: Casting): Assignment {
  const { model, effort, depth } = gate.command;
  const task = { ...taskOfReview(gate, gate.name), agent, grade: GRADE[depth], ...defined({ model, effort }) };
  const { reports: _, ...assignment } = cast(task, agent, casting);
  return { ...assignment, readOnly: true };
}

const GRADE: Readonly<Record<Depth, Grade>> = { full: 'complex', standard: 'standard', lightweight: 'quick' };

/** Adapters and roles are for tasks; a review is one in name only. */
export const taskOfReview = ({ name }: ReviewGate, title: string): Task =>
  plainTask(name, { title, role: REVIEWER, produces: 'report' });
