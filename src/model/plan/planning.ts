import type { Config } from '../config/config.ts';
import { AUTO } from '../crew/auto.ts';
import type { Gate } from '../gate.ts';
import { headline } from '../text/headline.ts';
import type { Focus, ObjectiveComplexity } from './objective.ts';
import { type Plan, plainTask, type Task } from './plan.ts';
import { PRD_FILE } from './prd.ts';

/**
 * A planning run is a run like any other: its one task has an agent write the files of a plan, a gate holds them against
 * the rules of a plan, and what is wrong goes back to the agent as the evidence of any red gate does. Only what becomes
 * of its result differs: no branch of it is made, and a person takes the files into the checkout.
 */
export interface Planning {
  /** The plan_id of the plan that is made. */
  id: string;
  /** Where that plan is to lie, relative to the root. */
  file: string;
  /** Absent where there is no such plan yet. */
  revises?: Revises;
  /** How much is to be found out first; absent where a plan is made anew. */
  complexity?: ObjectiveComplexity;
  /** Whether its planner is to ask first, or not at all; absent: as its complexity has it. */
  asks?: boolean;
  /** What researchers look into before it is made. */
  research?: readonly Focus[];
}

/** Why a plan that is there is made anew. */
export interface Revises {
  /** Which time it is, from 1. */
  round: number;
  /** What people asked to be different, oldest first; it is made anew for the last. */
  comments: readonly string[];
}

/** Where a plan of this id lies. */
export const planningFor = (id: string): Planning => ({ id, file: `docs/plan/${id}/plan.yaml` });

/** The only task of a planning run. */
export const PLANNING_TASK = 'plan';

/** So often a plan that breaks the rules goes back to its planner; once where there is a plan that stands. */
const corrections = ({ revises }: Planning): number => (revises ? 1 : 2);

/** Where a researcher writes what it found. */
export const researchFile = ({ file }: Planning, focus: Focus): string =>
  `${file.slice(0, file.lastIndexOf('/') + 1)}research_findings_${focus}.yaml`;

/** What those are told who make a plan. */
export interface Told {
  objective: string;
  planner: string;
  researcher?: (focus: Focus) => string;
}

/**
 * The plan that makes the plan: researchers side by side where there are any, each for a file of its own, and then the
 * planner, which starts from what they found. It does not depend on them: one that fails is done without.
 */
export function planOfPlanning(planning: Planning, { objective, planner, researcher }: Told): Plan {
  const { id, file, revises, research = [] } = planning;
  const title = `${revises ? 'Plan anew' : 'Plan'}: ${headline(objective)}`;
  const found = research.map((focus) => ({
    path: researchFile(planning, focus),
    description: `what a researcher found about ${focus}; not there where they found nothing`,
  }));
  const plan = plainTask(PLANNING_TASK, {
    title,
    description: planner,
    role: 'planner',
    wave: research.length > 0 ? 2 : 1,
    scope: [file, PRD_FILE],
    acceptanceCriteria: [`${file} breaks no rule of a plan`],
    contextFiles: found,
  });
  const tasks = research.map((focus) => researchOf(planning, focus, researcher?.(focus) ?? ''));
  return { id: `planning-${id}`, objective: title, tasks: [...tasks, plan], contracts: [] };
}

const researchOf = (planning: Planning, focus: Focus, description: string): Task =>
  plainTask(`research-${focus}`, {
    title: `Research: ${focus}`,
    description,
    role: 'researcher',
    onFailure: 'skip',
    scope: [researchFile(planning, focus)],
    gates: [findingsGate(focus)],
  });

const findingsGate = (focus: Focus): string => `findings-${focus}`;

/**
 * The repository's configuration as far as planning needs it: nothing is built, so nothing is set up and of its gates
 * only those for plans are run, such as a reviewer; and nothing is written but the files of the plan.
 */
export function configOfPlanning(own: Config, planning: Planning): Config {
  const config: Config = {
    ...own,
    gates: [
      validating('plan', planning.file, 'task'),
      ...(planning.research ?? []).map((focus) =>
        validating(findingsGate(focus), researchFile(planning, focus), 'plan'),
      ),
      ...ofPlans(own.gates),
    ],
    agents: { ...own.agents, default: thinking(own.agents.default) },
    mode: 'waves',
    onFailure: 'continue',
    onConflict: 'revise',
    scope: 'block',
    limits: { ...own.limits, retries: corrections(planning) },
  };
  delete config.setup;
  return config;
}

const ofPlans = (gates: readonly Gate[]): Gate[] => gates.filter(({ on }) => on.includes('plan')).map(ofTask);

/** What follows for a run of tasks is nothing to one that plans. */
function ofTask(gate: Gate): Gate {
  const { onFailure: _, ...rest } = gate;
  return { ...rest, on: ['task'] };
}

/** The shell runs what a task brings along: it plans nothing. */
export const thinking = (agent: string): string => (agent === 'shell' ? AUTO : agent);

/** `orchestrate` is this program itself, whatever lies on PATH. */
const validating = (name: string, file: string, on: Gate['on'][number]): Gate => ({
  name,
  command: { argv: ['orchestrate', 'validate', file] },
  on: [on],
  problems: [
    {
      fileLocation: ['relative', '${cwd}'],
      pattern: [
        {
          regexp: String.raw`^(.+?):(\d+):(\d+): (?:(error|warning|info): )?(.+)$`,
          file: 1,
          line: 2,
          column: 3,
          severity: 4,
          message: 5,
        },
      ],
    },
  ],
});
