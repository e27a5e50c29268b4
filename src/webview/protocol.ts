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
  /** Epoch milliseconds. */
  startedAt: number;
  endedAt?: number;
  /** Tokens and cost of the whole run. */
  spent?: string;
  limits: { agents: number; retries: number };
  mode: 'waves' | 'continuous';
  /** Who works and what keeps each in its worktree, a line each; `loose`: nothing does. */
  crew: readonly { text: string; loose: boolean }[];
  /** What a person should know before saying yes. */
  warnings: readonly string[];
  waiting: readonly {
    id: string;
    text: string;
    since: number;
    todo: 'review' | 'answer' | 'showInstructions' | 'handBack' | 'tell' | 'resume';
  }[];
  /** An edit of the plan's file that waits for an answer; a line of `changes` begins as in a diff. */
  revision?: { planHash: string; text: string; changes: readonly string[] };
  gates: readonly GateCard[];
  waves: readonly { wave: number; tasks: readonly TaskCard[] }[];
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
  status: TaskStatus;
  /** Absent = unknown. */
  scope?: readonly string[];
  dependencies: readonly string[];
  /** Tasks that must not run beside it. */
  conflicts: readonly string[];
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
  | { kind: 'approve'; planHash: string; baseline: boolean }
  | { kind: 'reject'; planHash: string; comment: string }
  | {
      kind: 'do';
      what:
        | 'openTerminal'
        | 'openDiff'
        | 'retry'
        | 'answer'
        | 'showInstructions'
        | 'handBack'
        | 'tell'
        | 'resume'
        | 'takeResult';
      task?: string;
      attempt?: number;
      attention?: string;
    };

/** How a part of the page tells the host. */
export type Say = (message: FromPage) => void;
