import type { Grade } from '../crew/grade.ts';
import type { Depth } from '../review.ts';
import type { Platform } from '../crew/platform.ts';

export const TASK_STATUSES = ['pending', 'in_progress', 'completed', 'failed', 'blocked', 'needs_revision'] as const;
/** A task's status as the file says it: input when a run is made, a projection afterwards, never believed alone. */
export type FileStatus = (typeof TASK_STATUSES)[number];

/** Words of other versions of the format and of hurried agents that can only mean one of ours. */
const SAME_STATUS: Readonly<Record<string, FileStatus>> = {
  complete: 'completed',
  done: 'completed',
  finished: 'completed',
  'in-progress': 'in_progress',
  active: 'in_progress',
  todo: 'pending',
  not_started: 'pending',
  needs_replan: 'needs_revision',
  needs_retry: 'needs_revision',
};

/** The status that a word means for certain. */
export const sameStatus = (word: string): FileStatus | undefined =>
  TASK_STATUSES.find((status) => status === word) ??
  (Object.hasOwn(SAME_STATUS, word.toLowerCase()) ? SAME_STATUS[word.toLowerCase()] : undefined);

export type Priority = 'high' | 'medium' | 'low';

/** One piece of work for one agent. */
export interface Task {
  id: string;
  title: string;
  description: string;
  /** As the file says it; 1 runs first. The effective wave is computed by `effectiveWaves`. */
  wave: number;
  /** The adapter or role that does it, e.g. `shell`, `manual`, `claude`, `gem-implementer`; absent = the configured default. */
  agent?: string;
  /** Who does it at once, two or more, as the file says it; a run has a task for each (contest.ts). */
  agents?: readonly string[];
  /** The id in the file of what it and other tasks of a run are at, of whose results one is taken. */
  contest?: string;
  /** A person says which result is taken; absent = the smallest. */
  pick?: 'person';
  priority: Priority;
  /** A FileStatus, or a word that another version of the format knows. */
  status: string;
  dependencies: readonly string[];
  conflictsWith: readonly string[];
  /** Globs of the files it may change, relative to the repository; absent = unknown. */
  scope?: readonly string[];
  /** The line that the `shell` agent runs. */
  run?: string;
  /** Names of gates for this task's own tree; absent = every gate configured `on: task`. */
  gates?: readonly string[];
  model?: string;
  effort?: string;
  /** The role its agent plays, e.g. `reviewer`; absent = what `agent` says, or follows from what it produces. */
  role?: string;
  /** How hard its author calls it; absent = told from its text. */
  grade?: Grade;
  /** Names of the skills its agent is given. */
  skills?: readonly string[];
  /** How large the planner thought it: a weight for the schedule. */
  estimate?: 'small' | 'medium' | 'large';
  /** A `change` that changes nothing is not done; a `report` may. */
  produces: 'change' | 'report';
  acceptanceCriteria: readonly string[];
  /** Ids of the requirements that it fulfils, alone or with other tasks. */
  covers?: readonly string[];
  verification: readonly string[];
  /** Where it fails for good it is skipped, so that what depends on it goes on; absent = as the configuration says. */
  onFailure?: 'skip';
  /** Why a person must say that it may begin; absent = nobody is asked. */
  leave?: string;
  /** Where it takes effect, e.g. `production`. */
  environment?: string;
  /** Of a documentation: its kind, for whom it is, and what it is to cover. */
  document?: string;
  audience?: string;
  coverage?: readonly string[];
  /** How closely it is looked at: by the reviewer of its result, or by itself where it is a review. */
  depth?: Depth;
  /** What is to be tried in a browser, each with its steps and what is expected, in words. */
  scenarios?: readonly string[];
  contextFiles: readonly { path: string; description: string }[];
}

/** What one task promises another. */
export interface Contract {
  fromTask: string;
  toTask: string;
  interface: string;
  format: string;
}

/** The formats whose own files can be told how a run of the plan goes. */
export const ORIGINS = ['orchestra-milestone', 'prompts', 'llm-plan', 'gem-plan'] as const;

/** Where an imported plan was read, so that its states can be written there too. Paths are relative to the root. */
export interface Origin {
  format: (typeof ORIGINS)[number];
  file: string;
  /** Task → the file it was read from, where each has one of its own. */
  sources: Readonly<Record<string, string>>;
}

/** A task of which no more is said. */
export const plainTask = (id: string, more: Partial<Task> = {}): Task => ({
  id,
  title: id,
  description: '',
  wave: 1,
  priority: 'medium',
  status: 'pending',
  dependencies: [],
  conflictsWith: [],
  produces: 'change',
  acceptanceCriteria: [],
  verification: [],
  contextFiles: [],
  ...more,
});

export interface Plan {
  id: string;
  objective: string;
  /** Whom it was written for, as far as it says. */
  platform?: Platform;
  tasks: readonly Task[];
  contracts: readonly Contract[];
  /** Absent for a plan that was not imported. */
  origin?: Origin;
}
