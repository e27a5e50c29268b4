import type { DiskLimits } from '../disk.ts';
import { MEGABYTE } from '../text/size.ts';
import type { Cap } from './cap.ts';
import type { ByGrade } from '../crew/grade.ts';
import type { Gate, OnFailure } from '../gate.ts';
import type { ObjectiveComplexity } from '../plan/objective.ts';
import { DEFAULT_POLICY, type PermissionPolicy } from '../crew/permission.ts';

/** When a task may start. */
export const MODES = ['waves', 'continuous', 'adaptive'] as const;
export type Mode = (typeof MODES)[number];

/** The effective configuration of a run: `orchestrate.yaml` with every default filled in. */
export interface Config {
  gates: readonly Gate[];
  agents: {
    /** The agent of a task that names none; `auto` is whichever is there, and the shell for a task with a `run:` line. */
    default: string;
    /** Role or plan agent → who does it and how, e.g. `gem-implementer: { agent: claude }`. */
    roles: Readonly<Record<string, RoleSettings>>;
    /** Adapter → settings of the adapter, e.g. `claude: { command: [...], model: ... }`. */
    settings: Readonly<Record<string, AgentSettings>>;
  };
  limits: {
    /** Agents at work at once. */
    agents: number;
    /** Gates at work at once. */
    gates: number;
    /** Further attempts after the first that may fail by their own fault. */
    retries: number;
    /** Revisions after a merge conflict or a "red together", which spend no retry. */
    conflicts: number;
    /** Tasks begin in batches of so many, the next when the one before is through; absent = no batches. */
    batch?: number;
    /** Milliseconds of wall clock for one attempt; absent = no limit. */
    attempt?: number;
    /** What an attempt is watched for; see WatchLimits. Absent = not watched. */
    idle?: number;
    steps?: number;
    errors?: number;
    flood?: number;
    tools?: number;
    /** The most that may be spent by a run, and by a task. */
    budget?: { run?: Cap; task?: Cap };
    /** Nothing is begun that would take more: a share of the machine's memory, whoever uses it, 0 to 1, or bytes of our own. */
    memory?: { share?: number; size?: number };
    /** The share of their time that the processors may be busy before only half as many agents are begun; absent = not looked at. */
    cpu?: number;
    /** Bytes that must be free on the disk for anything to be begun. */
    disk?: number;
    /** After so many equal failures another way is tried once, then a person is asked; absent = not looked for. */
    stuck?: number;
  };
  /** `adaptive`: as waves, and each wave that is over may change the next (run/adapting.ts). */
  mode: Mode;
  /** Where no gate says otherwise. */
  onFailure: OnFailure;
  /** A result that does not merge with another is made anew on top of it, or a person says what becomes of it. */
  onConflict: 'revise' | 'ask';
  /** What happens to a change outside a task's declared scope. */
  scope: 'warn' | 'ask' | 'block';
  /** A line run in every new worktree before its agent. */
  setup?: string;
  worktrees: {
    /** Relative to the root of the checkout. */
    folder: string;
    /** Ignored files to copy into each worktree, relative paths or globs. */
    copy: readonly string[];
    /** Pattern of an attempt's branch; `{name}` is its unique name, `{task}` a slug of the task's id. */
    branch: string;
  };
  /** Each task has an id that stands in its prompt, is asked back in its answer, and names it in what is told. */
  correlation: boolean;
  /** Milliseconds between progress reports in plain terminals and logs; absent = none. */
  progress?: number;
  /** Where the result is pushed when all of it has passed; absent = nowhere. */
  push?: PushTarget;
  /** What agents that ask leave may do without asking a person. */
  permissions: PermissionPolicy;
  /** Files that not everybody may change; absent = none. */
  protected?: readonly Protection[];
  /** What is kept of runs that have ended, and of worktrees that were removed. */
  disk: DiskLimits;
  guard: {
    /** Globs of files in which conflict markers are text. */
    exempt: readonly string[];
  };
  planning: {
    /** So often a plan, or a result that a person looks at, is made anew for what they say of it; then they are asked. */
    rounds: number;
    /** How much is found out before an objective is planned; absent = told from its text. */
    complexity?: ObjectiveComplexity;
  };
}

export interface AgentSettings {
  /** Program and leading arguments in place of the one on PATH. */
  command?: readonly string[];
  model?: string;
  effort?: string;
  /** Further arguments, as they are. */
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
  maxTurns?: number;
  /** It is asked to say in words how far it is. */
  markers?: boolean;
  /** Model and effort of tasks by how hard they are; absent = `model` and `effort`. */
  models?: ByGrade;
  efforts?: ByGrade;
  /** It speaks the Agent Client Protocol; makes an agent of any name. */
  acp?: boolean;
  /** The session mode to choose, for agents that are spoken with. */
  mode?: string;
  /** Milliseconds of silence after which the model of such an agent counts as dead. */
  stall?: number;
  /** What it may do without asking a person, over the configuration's own. */
  permissions?: Partial<PermissionPolicy>;
}

/** Branches of a remote, in which `{plan_id}` and `{run}` stand for the run's own: all of them are moved, or none. */
export interface PushTarget {
  remote: string;
  branches: readonly string[];
}

/** The usual one. */
export const PUSH_TARGET: PushTarget = { remote: 'origin', branches: ['orchestrate/{plan_id}'] };

/** Files, by a glob, that only those it names may change. */
export interface Protection {
  files: string;
  /** Roles and agents, and `person`: then a person is asked. Empty: nobody. */
  by: readonly string[];
}

/** In the file either a mapping or the agent alone. */
export interface RoleSettings {
  /** Globs of all that it may change, whatever its task; absent = no such bound. */
  may_change?: readonly string[];
  agent?: string;
  model?: string;
  effort?: string;
}

export const DEFAULT_CONFIG: Config = {
  gates: [],
  agents: { default: 'auto', roles: {}, settings: {} },
  limits: {
    agents: 4,
    gates: 2,
    retries: 3,
    conflicts: 2,
    idle: 20 * 60_000,
    steps: 25,
    errors: 10,
    flood: 64 * 1024 * 1024,
    stuck: 3,
    memory: { share: 0.85 },
    disk: 500 * MEGABYTE,
  },
  mode: 'waves',
  onFailure: 'continue',
  onConflict: 'revise',
  scope: 'warn',
  correlation: false,
  worktrees: { folder: '.worktrees', copy: ['.env', '.env.local'], branch: 'orchestrate-tasks/{name}' },
  permissions: DEFAULT_POLICY,
  disk: { keep: 30 * 24 * 3_600_000, budget: 5 * 1024 * MEGABYTE },
  guard: { exempt: [] },
  planning: { rounds: 3 },
};
