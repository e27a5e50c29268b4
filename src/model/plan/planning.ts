import type { Config } from '../config/config.ts';
import { AUTO } from '../crew/auto.ts';
import type { Gate } from '../gate.ts';
import { plainTask, type Plan } from './plan.ts';

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
}

/** Why a plan that is there is made anew. */
export interface Revises {
  /** Which time it is, from 1. */
  round: number;
  /** What people asked to be different, oldest first; it is made anew for the last. */
  comments: readonly string[];
}

/** The requirements of a repository. */
export const PRD_FILE = 'docs/PRD.yaml';

/** Where a plan of this id lies. */
export const planningFor = (id: string): Planning => ({ id, file: `docs/plan/${id}/plan.yaml` });

/** The only task of a planning run. */
export const PLANNING_TASK = 'plan';

/** So often a plan that breaks the rules goes back to its planner; once where there is a plan that stands. */
const corrections = ({ revises }: Planning): number => (revises ? 1 : 2);

/** The plan that makes the plan. `description` tells the planner what is wanted. */
export function planOfPlanning({ id, file, revises }: Planning, objective: string, description: string): Plan {
  const title = `${revises ? 'Plan anew' : 'Plan'}: ${firstLine(objective)}`;
  const task = plainTask(PLANNING_TASK, {
    title,
    description,
    role: 'planner',
    scope: [file, PRD_FILE],
    acceptanceCriteria: [`${file} breaks no rule of a plan`],
  });
  return { id: `planning-${id}`, objective: title, tasks: [task], contracts: [] };
}

const LONGEST = 100;

function firstLine(objective: string): string {
  const [line = ''] = objective.trim().split('\n');
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1).trimEnd()}…` : line.trimEnd();
}

/**
 * The repository's configuration as far as planning needs it: nothing is built, so nothing is set up and of its gates
 * only those for plans are run, such as a reviewer; and nothing is written but the files of the plan.
 */
export function configOfPlanning(own: Config, planning: Planning): Config {
  const config: Config = {
    ...own,
    gates: [gateOfPlanning(planning), ...ofPlans(own.gates)],
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

const ofPlans = (gates: readonly Gate[]): Gate[] =>
  gates.filter(({ on }) => on.includes('plan')).map((gate) => ({ ...gate, on: ['task'] }));

/** The shell runs what a task brings along: it plans nothing. */
const thinking = (agent: string): string => (agent === 'shell' ? AUTO : agent);

/** `orchestrate` is this program itself, whatever lies on PATH. */
const gateOfPlanning = ({ file }: Planning): Gate => ({
  name: 'plan',
  command: { argv: ['orchestrate', 'validate', file] },
  on: ['task'],
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
