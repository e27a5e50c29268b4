import type { Mode } from '../model/config/config.ts';
import type { RunOutcome } from '../model/run/event.ts';
import type { GateMoment, GateRun } from '../model/gate.ts';
import type { TaskStatus } from '../model/run/view.ts';

/** What the host sends: always the whole page, never a change to it. Every text in it is data, to be shown as text. */
export interface Page {
  run: string;
  planId: string;
  planFile: string;
  planHash: string;
  objective: string;
  phase: 'approval' | 'working' | 'waiting' | 'paused' | 'stopping' | 'ended';
  outcome?: { kind: RunOutcome; reason: string };
  /** Where it begins, e.g. `main@1a2b3c4d`. */
  base: string;
  /** The result branch, once there is something to take. */
  branch?: string;
  /** At the approval, once it is given. Epoch milliseconds. */
  startedAt: number;
  endedAt?: number;
  /** Tokens and cost of the whole run. */
  spent?: string;
  limits: { agents: number; retries: number };
  mode: Mode;
  /** Who works and what keeps each in its worktree, a line each; `loose`: nothing does. */
  crew: readonly { text: string; loose: boolean }[];
  /** How long it should take, and how right that was so far, a line each; absent until that is known. */
  expected?: readonly string[];
  /** What a person should know before saying yes. */
  warnings: readonly string[];
  waiting: readonly {
    id: string;
    text: string;
    /** More than a line holds: a command, a change. */
    detail?: string;
    since: number;
    /** What can be done about it, first what is usual; nothing where a part of the page of its own asks. */
    todo: readonly Todo[];
  }[];
  /** An edit of the plan's file that waits for an answer; a line of `changes` begins as in a diff. */
  revision?: { planHash: string; text: string; changes: readonly string[] };
  /** What the last edit of the plan changed before its approval, as lines of a difference. */
  changed?: readonly string[];
  /** A planner makes the plan anew at this moment, for this. */
  anew?: { run: string; comment: string };
  gates: readonly GateCard[];
  /** Absent where no task says what it covers. */
  requirements?: readonly RequirementCard[];
  tasks: { total: number; byStatus: Counts };
  /** Where there are too many tasks to show all: those that something is done for now. */
  atWork?: readonly TaskCard[];
  /** Absent where there are too many tasks for a picture. */
  graph?: readonly TaskNode[];
  waves: readonly { wave: number; groups: readonly TaskGroup[] }[];
  /** Of a run that has ended; where there are too many tasks to show all, those that are not done. */
  summary?: readonly TaskCard[];
}

/** How many tasks have each status; those that none has are left out. */
export type Counts = Readonly<Partial<Record<TaskStatus, number>>>;

/** Tasks that stand together in a wave. */
export interface TaskGroup {
  /** The name under which a person opens and closes it; absent where it is always open. */
  fold?: string;
  /** The place of its first task in the wave, from 1. */
  from: number;
  many: number;
  byStatus: Counts;
  /** Absent while it is closed. */
  tasks?: readonly TaskCard[];
}

/** A task in the picture. */
export interface TaskNode {
  id: string;
  title: string;
  status: TaskStatus;
  wave: number;
  dependencies: readonly string[];
}

/** What a person does about something that waits for them. */
export type Todo =
  | 'review'
  | 'answer'
  | 'allowOnce'
  | 'allowAlways'
  | 'deny'
  | 'showInstructions'
  | 'done'
  | 'handBack'
  | 'tell'
  | 'resume';

/** A requirement of the PRD and the tasks that cover it. */
export interface RequirementCard {
  id: string;
  text: string;
  standing: 'met' | 'open' | 'missed' | 'uncovered';
  tasks: readonly { id: string; title: string; status: TaskStatus; commit?: string; gates: AttemptCard['gates'] }[];
  /** How many of its tasks are not listed. */
  more: number;
}

export interface GateCard {
  name: string;
  command: string;
  on: readonly GateMoment[];
  /** On the commit the run starts from; absent while it has not run there. */
  baseline?: { result: GateRun['result']; words: string; failing: readonly string[]; usable: boolean };
}

export interface TaskCard {
  id: string;
  title: string;
  description: string;
  agent: string;
  /** The line of its own that is run, where its agent is a shell. */
  runs?: string;
  status: TaskStatus;
  /** Absent = unknown. */
  scope?: readonly string[];
  /** Titles of tasks it depends on. */
  after: readonly string[];
  /** Titles of tasks that must not run beside it. */
  notBeside: readonly string[];
  criteria: readonly string[];
  attempts: readonly AttemptCard[];
  commit?: string;
  /** Tokens and cost; absent where its agents say none. */
  spent?: string;
}

export interface AttemptCard {
  number: number;
  words: string;
  startedAt: number;
  endedAt?: number;
  gates: readonly { name: string; result: GateRun['result']; words: string }[];
}

export type ToPage = { kind: 'page'; page: Page };

/** What the person does on the page. `baseline`: the gates shown as red may stay as red as they are. */
export type FromPage =
  | { kind: 'ready' }
  /** The page that came last is on the screen: the next one may come. */
  | { kind: 'drawn' }
  | { kind: 'approve'; planHash: string; baseline: boolean }
  | { kind: 'reject'; planHash: string; comment: string }
  /** A planner is to make the plan anew. */
  | { kind: 'revise'; comment: string }
  /** A group of tasks is opened or closed. */
  | { kind: 'fold'; group: string; open: boolean }
  | {
      kind: 'do';
      what: Todo | 'openTerminal' | 'openDiff' | 'whatWentWrong' | 'takeResult';
      task?: string;
      attempt?: number;
      attention?: string;
    };

/** How a part of the page tells the host. */
export type Say = (message: FromPage) => void;
