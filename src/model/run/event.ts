import type { Breaker } from '../crew/breaker.ts';
import type { Assignment } from '../crew/assignment.ts';
import type { Choice } from '../crew/auto.ts';
import type { Containment } from '../crew/crew.ts';
import type { Config, PushTarget } from '../config/config.ts';
import type { Failure } from '../failure.ts';
import type { Baseline, GateRun } from '../gate.ts';
import type { FailureType, JobEnd, ProcessIdentity, Reply, Report, Steering, Stopped } from './job.ts';
import type { Machine } from '../machine.ts';
import type { Order } from './order.ts';
import type { Plan } from '../plan/plan.ts';
import type { Planning } from '../plan/planning.ts';
import type { Pace } from '../schedule/pace.ts';
import type { Requirement } from '../plan/prd.ts';
import type { Without } from '../without.ts';

/**
 * The journal is a list of these; a run's state is their fold and nothing else (state.ts).
 *
 * Six families:
 * - `run.started`, orders, and edits of the plan's file: what came from outside.
 * - `….intended`: something will be done; it is done because this line is durable. Has an `intent` id.
 * - outcomes: close exactly one intent, named by `intent`.
 * - reports: what a job that is open said of itself, in the order it was said; they close nothing.
 * - what was seen of the machine, where that may change what is begun.
 * - decisions: what was concluded, so that a later version never concludes something else from an old journal.
 *
 * Every event carries `at`, epoch milliseconds, given when it is appended.
 */
export type Event = { at: number } & Happening;
/** An event before the journal stamps it. */
export type Happening = Started | Ordered | Edited | Intent | Outcome | Reported | MachineSeen | Decision;

export const JOURNAL_FORMAT = 1;

/** First line of each segment `journal.<epoch>.jsonl`. */
export interface SegmentHeader {
  journal: number;
  run: string;
  epoch: number;
  writer: ProcessIdentity & { by: 'cli' | 'editor' };
  /** Where the writer's end can be felt (process/pulse.ts); absent when it wrote once and left. */
  pulse?: string;
  /** How many bytes of the segment before count; what it holds beyond is ignored and reported. */
  predecessor?: { epoch: number; length: number };
}

export interface Started {
  type: 'run.started';
  run: string;
  plan: Plan;
  /** Relative to the repository's root, `/` as separator. Of a planning run, the file that it is to make. */
  planFile: string;
  /** It makes a plan: no file says what it does, and none of the checkout is written. */
  planning?: Planning;
  /** SHA-256 of the plan file's text, hex. */
  planHash: string;
  config: Config;
  /** The one commit every task of the run starts from or after. */
  base: string;
  /** The branch that was checked out, for a person's eye. */
  baseBranch?: string;
  /** Root of the checkout the run was started in; worktrees are made below it. */
  root: string;
  author: { name: string; email: string };
  /** Who does each task. */
  agents: Readonly<Record<string, Assignment>>;
  /** Who is each gate that is an agent. */
  reviewers: Readonly<Record<string, Assignment>>;
  /** What `auto` came to, and why. */
  auto?: Choice;
  /** What keeps each agent in its worktree, as it was when a person was asked. */
  containment: Readonly<Record<string, Containment>>;
  /** What a person should know before saying yes. */
  notes: readonly string[];
  /** What the PRD asks for, where tasks say which of it they cover. */
  requirements: readonly Requirement[];
  /** Base-lines known from an earlier run over the same tree and definition. */
  baselines: readonly Baseline[];
  /** Milliseconds that tasks should take, by what those like them took in earlier runs; none where none were measured. */
  times: Readonly<Record<string, number>>;
  /** Bytes of memory that jobs took in earlier runs, by their kind (crew/footprint.ts). */
  footprints: Readonly<Record<string, number>>;
  /** Tasks the file calls completed: the commit that proves it, or null where none was found. */
  completed: Readonly<Record<string, string | null>>;
}

export type Ordered =
  | { type: 'order.accepted'; order: Order }
  | { type: 'order.refused'; order: Order; reason: string };

/** The plan's file was edited while the run stands: a proposed revision, until a person answers or the edit is undone. */
export type Edited =
  | {
      type: 'plan.proposed';
      plan: Plan;
      planHash: string;
      agents: Started['agents'];
      containment: Started['containment'];
    }
  | { type: 'plan.withdrawn' };

/** What an attempt's worktree starts with beyond its base. */
export interface Carried {
  /** The commit with the former attempt's change, and the commit it was made on. */
  result: string;
  base: string;
}

export type JobPurpose =
  /** `message`: a further turn of the attempt's session, with what people said meanwhile. */
  | { kind: 'agent'; task: string; attempt: number; message?: string }
  | { kind: 'setup'; task: string; attempt: number }
  /** A gate on an attempt's own tree. */
  | { kind: 'taskGate'; gate: string; task: string; attempt: number }
  /** A gate on a tree built by the queue: the commit of candidate `candidate` with members `key`. */
  | { kind: 'candidateGate'; gate: string; candidate: number; key: string; commit: string }
  | { kind: 'baseline'; gate: string; commit: string };

export interface Member {
  task: string;
  attempt: number;
  commit: string;
}

/** What taking back the results of tasks comes to. The result goes back to a commit that it has been at. */
export interface Rollback {
  from: string;
  to: string;
  /** So many merges stay as they are. */
  stay: number;
  /** In plan order: the tasks that were named and all that stand on them. They are to do again, from the start. */
  gone: readonly string[];
  /** Results that were merged later, and began before what goes: merged again as they are. */
  kept: readonly Member[];
  /** Tasks whose result began on what goes: their change is brought to the new tip, and tried there without an agent. */
  brought: readonly string[];
}

/** A result that could not be merged with what an attempt has made so far. */
export interface Foreseen extends Member {
  paths: readonly string[];
}

export type Intent = { intent: string } & (
  | {
      type: 'worktree.intended';
      task: string;
      attempt: number;
      name: string;
      branch: string;
      base: string;
      carry?: Carried;
    }
  | { type: 'job.intended'; purpose: JobPurpose }
  | { type: 'cancel.intended'; job: string }
  /** Something is said to the agent of a job; sent again until its runner replied. */
  | { type: 'steer.intended'; job: string; steering: Steering }
  | { type: 'result.intended'; task: string; attempt: number }
  /** Compare what an attempt has made so far with results that its own will have to go together with. */
  | { type: 'forecast.intended'; task: string; attempt: number; beside: readonly Member[] }
  /** Build the tree of integration plus members, in this order. `key` names the members. */
  | { type: 'candidate.intended'; candidate: number; key: string; onto: string; members: readonly Member[] }
  | { type: 'merge.intended'; candidate: number; old: string; new: string }
  /** Move integration back, and the result branch with it where there is one; what was there is kept under a ref. */
  | ({ type: 'rollback.intended'; number: number; publish: boolean } & Rollback)
  | { type: 'removal.intended'; task: string; attempt: number; name: string; branch: string }
  | { type: 'branch.intended'; commit: string }
  /** Move these branches of a remote to the commit, all or none, and never back. */
  | ({ type: 'push.intended'; commit: string } & PushTarget)
  /** Take away the tree in which candidates and the base were tried. */
  | { type: 'tidying.intended' }
);

/** Something seen in what an attempt left behind that its word alone cannot settle. */
export interface Finding {
  kind:
    | 'headMoved'
    | 'foreignCommits'
    | 'nestedRepository'
    | 'symlinkOutside'
    | 'unreadable'
    | 'conflictMarkers'
    | 'gateDefining'
    | 'outsideScope'
    | 'outsideRole'
    | 'protectedFile'
    | 'protectedByPerson'
    | 'criteriaChanged'
    | 'reportChanged'
    | 'strayWrites'
    | 'configChanged'
    | 'hooksChanged'
    | 'refsMoved'
    | 'worktreeGone';
  paths: readonly string[];
  detail: string;
}

export type Outcome = { intent: string } & (
  | {
      type: 'worktree.created';
      path: string;
      /** `patch`: the former change did not apply and goes into the prompt instead. */
      carried: 'none' | 'applied' | 'patch';
      warnings: readonly string[];
    }
  | { type: 'job.ended'; end: JobEnd; gate?: GateRun }
  | { type: 'cancel.sent' }
  | { type: 'steer.replied'; reply: Reply }
  | {
      type: 'result.taken';
      /** The commit on the attempt's base; null when the tree equals the base's. */
      commit: string | null;
      /** The commit's tree: two attempts with the same made the same. */
      tree?: string;
      paths: readonly string[];
      /** Lines that it adds and removes; absent where nothing was read of it. */
      lines?: number;
      findings: readonly Finding[];
    }
  /** Only those that do not go together with it. */
  | { type: 'forecast.made'; conflicts: readonly Foreseen[] }
  | { type: 'candidate.built'; commit: string }
  /** The member at which the merge stopped. */
  | { type: 'candidate.conflicted'; task: string; paths: readonly string[]; with: readonly string[] }
  | { type: 'merge.done' }
  /** The branch a person finds the result on, where it went back too. */
  | { type: 'rollback.done'; branch?: string }
  | { type: 'worktree.removed'; trash?: string }
  | { type: 'branch.moved'; branch: string }
  | { type: 'tidying.done' }
  /** `url`: of the remote, without what opens it. */
  | { type: 'push.done'; url: string }
  /** Nothing was moved there. */
  | { type: 'push.refused'; reason: string }
  /** It could not be done; the run pauses and the intent is tried again when it is resumed. */
  | { type: 'intent.failed'; failure: Failure }
);

/** What closes an intent, before it gets the intent's id. */
export type Closing = Without<Outcome, 'intent'>;

/** `line` counts the job's reports from 1: found again after a restart, one is not taken twice. */
export interface Reported {
  type: 'job.reported';
  job: string;
  line: number;
  report: Report;
}

/** What the machine had left. */
export interface MachineSeen {
  type: 'machine.seen';
  machine: Machine;
}

/** Why an attempt did not become done. */
export type AttemptFailure = { type: FailureType; message: string } & (
  | { kind: 'agent' }
  /** A usage limit; `resetAt`: when it ends, where the program said it; epoch milliseconds. */
  | { kind: 'limit'; resetAt?: number }
  | { kind: Exclude<Stopped, 'cancelled'> }
  | { kind: 'setup'; tail: string }
  | { kind: 'nothingChanged' }
  | { kind: 'finding'; findings: readonly Finding[] }
  | { kind: 'gate'; run: GateRun }
  | { kind: 'conflict'; paths: readonly string[]; with: readonly string[] }
  | { kind: 'together'; run: GateRun; with: readonly string[] }
  | { kind: 'interrupted' }
  | { kind: 'cancelled' }
  | { kind: 'rejected' }
  /** No failure of its own: what it made, or began on, is not part of the result any more. */
  | { kind: 'takenBack'; brought: boolean }
  /** No failure of its own: it asked questions, and the next attempt has the answers. */
  | { kind: 'asked' }
  /** No failure of its own: another's result for the same task was taken. */
  | { kind: 'notPicked' }
);

/** What follows a failed attempt. `revision` and `again` spend no retry. */
export type Next =
  /** `stuck`: why it gets nowhere; the attempt is to take another way than those before. There is one such. */
  | { kind: 'retry'; at?: number; stuck?: string }
  | { kind: 'revision' }
  | { kind: 'again'; at?: number }
  | { kind: 'giveUp' }
  | { kind: 'skip' };

export interface Question {
  id: string;
  task?: string;
  /** The gate it is about. */
  gate?: string;
  kind:
    | 'baseline'
    | 'gateDefining'
    | 'outsideScope'
    | 'protectedByPerson'
    | 'flaky'
    | 'review'
    | 'look'
    | 'completed'
    | 'leave'
    | 'escalated'
    | 'final'
    | 'permission'
    | 'budget'
    | 'push'
    | 'asked'
    | 'pick';
  text: string;
  /** What is answered holds for later work too. */
  lasting?: true;
  /** More than a line holds: a command, a change. */
  detail?: string;
  /** The job whose agent asks, and its name for what it asks. */
  permission?: { job: string; id: string };
  choices: readonly { id: string; label: string }[];
}

/** What a wave that is over says about the next. */
export interface Adapted {
  /** The wave that is over, and the one that begins. */
  after: number;
  wave: number;
  pace: Pace;
  /** Tasks of the wave after it that it takes along. */
  moves: readonly string[];
  /** Tasks of it of which no two are at work at once. */
  apart: readonly string[];
  /** A line for each change, for a person. */
  reasons: readonly string[];
}

export type Decision =
  /** The writer stopped by itself: anybody may write the next segment. */
  | { type: 'writer.released' }
  /** The checkout is not where it was: it is this one now, and the worktrees came along. */
  | { type: 'run.moved'; root: string }
  /** A manual attempt is ready for its person. */
  | { type: 'attempt.handed'; task: string; attempt: number }
  /** Its agent, cut off, is started again in the same worktree: with its session, or anew where that is not there. */
  | { type: 'attempt.resumed'; task: string; attempt: number; session?: string }
  /** Who is at work is told, in these words, that it could not be merged as it is. Once for each result. */
  | { type: 'conflict.foreseen'; task: string; attempt: number; conflicts: readonly Foreseen[]; text: string }
  /** What it began with is its result: the change of the attempt before, tried on another commit. */
  | { type: 'attempt.brought'; task: string; attempt: number }
  /** Good enough for the queue, as any that is accepted; others are at the same task, and one result is picked. */
  | { type: 'attempt.passed'; task: string; attempt: number; warnings: readonly string[] }
  | { type: 'attempt.accepted'; task: string; attempt: number; warnings: readonly string[] }
  | { type: 'attempt.failed'; task: string; attempt: number; failure: AttemptFailure; next: Next }
  | { type: 'candidate.formed'; candidate: number; onto: string; members: readonly Member[]; gates: readonly string[] }
  | { type: 'candidate.dissolved'; candidate: number; reason: string }
  | { type: 'question.asked'; question: Question }
  /** A usage limit was met: nothing new is begun with the agent before `until`. */
  | { type: 'breaker.opened'; breaker: Breaker }
  | { type: 'breaker.closed'; agent: string }
  /** With `mode: adaptive`, before a wave begins. */
  | ({ type: 'waves.adapted' } & Adapted)
  /** With `on_failure: rollback`: what the wave has merged goes back, and it begins anew. */
  | { type: 'wave.failed'; wave: number; tasks: readonly string[]; reason: string }
  | { type: 'run.paused'; reason: string; halt: boolean }
  | { type: 'run.ended'; outcome: RunOutcome; reason: string };

export type RunOutcome = 'merged' | 'failed' | 'cancelled' | 'rejected';

export const isIntent = (event: Happening): event is Intent => event.type.endsWith('.intended');
