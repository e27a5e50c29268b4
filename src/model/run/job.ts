import type { Permission, PermissionPolicy } from '../crew/permission.ts';
import type { Cap } from '../config/cap.ts';

/**
 * A job is everything that may outlive a second: one process tree, owned by a runner, described by a folder.
 *
 *     spec.json   what to run (this file's JobSpec), written before the runner starts
 *     claim       who owns it: the runner's identity, or "revoked" when an engine declared it dead first
 *     orders/     what the engine tells the runner (JobOrder), one file each; renamed to .applied or .refused by it
 *     output.jsonl  the agent's events (AgentEvent), one a line
 *     reports.jsonl  those of them that the engine must know before the end (Report), one a line
 *     raw.log     what the program printed, byte for byte
 *     ledger.jsonl  processes the runner saw (LedgerEntry)
 *     runner.log  what the runner itself had to say; empty when all is well
 *     exit.json   JobExit, written by rename after the whole process set is gone; unreadable = absent
 */
export const RUNNER_PROTOCOL = 2;

export interface JobSpec {
  protocol: number;
  /** Orders with a lower epoch are refused by the runner. */
  epoch: number;
  /** The intent that asked for this job; also the value of ORCHESTRATE_JOB in its environment. */
  job: string;
  /** What starts: a program with arguments, never interpreted by a shell; or a line for `sh`. */
  command: { argv: readonly string[] } | { line: string };
  cwd: string;
  /** Added to the environment of the runner; `null` removes a variable. */
  env: Readonly<Record<string, string | null>>;
  /** Sent to the program's standard input, which is then closed. */
  stdin?: string;
  /** The adapter whose parser reads the output; absent for gates and set-up (raw.log only). */
  agent?: string;
  /** The program is spoken with over the Agent Client Protocol instead. */
  conversation?: Conversation;
  /** Milliseconds of wall clock after which the job is ended as timed out. */
  timeout?: number;
  /** Watched for signs of life and of effect; absent for gates and set-up. */
  watch?: WatchLimits;
  /** Milliseconds between the group's polite signal and SIGKILL. */
  grace: number;
  /** At most this many bytes are kept in raw.log; the rest is counted and dropped. */
  outputLimit: number;
}

/** Why a runner ended its program. */
export type Stopped = 'cancelled' | 'timedOut' | 'idle' | 'noEffect' | 'flood' | 'tools' | 'budget';

/** What is absent is not watched. */
export interface WatchLimits {
  /** Milliseconds without a sign of life: new output, processor time, another program, a file, a commit. */
  idle?: number;
  /** Tools in a row whose output is nothing new, while no file holds what it did not hold before. */
  steps?: number;
  /** The same error of a tool so often, word for word, among the last tools. */
  errors?: number;
  /** Bytes a minute. */
  flood?: number;
  /** Tools in all. */
  tools?: number;
  /** What may be spent, as far as the agent says it while it works. */
  budget?: Cap;
}

/** What is said to an agent that is spoken with, and how it is to be taken. */
export interface Conversation {
  prompt: string;
  /** The session of an earlier attempt to go on with. */
  resume?: string;
  /** The mode and the model to choose where the agent offers a choice. */
  mode?: string;
  model?: string;
  /** What it may do without asking a person. */
  permissions: PermissionPolicy;
  /** Milliseconds without a word, while no tool runs and nobody is asked, after which its model counts as dead. */
  stall: number;
  /** A regular expression for the words in which it tells that its model failed, and calls that a good end. */
  failureText?: string;
  /** The same for what the program itself says among the words of its model. */
  noticeText?: string;
  /** It counts the tokens of every turn that its model had a part in. */
  countsTokens?: boolean;
}

/** A process is itself only with its start time and boot: pids come round again. */
export interface ProcessIdentity {
  boot: string;
  host: string;
  /** The pid namespace, where the system has them. */
  namespace: string;
  pid: number;
  /** Clock ticks or any text that differs for a later process with the same pid. */
  started: string;
}

/** `pulse` is the address of a socket that nobody writes to: a connection to it closes when the runner ends. */
export type Claim = ({ kind: 'runner'; pulse: string } & ProcessIdentity) | { kind: 'revoked'; at: number };

export interface LedgerEntry {
  pid: number;
  started: string;
  command: string;
}

/** What a runner is told while its job runs. `id` is the intent's; an order that comes twice is followed once. */
export type JobOrder = { id: string; epoch: number } & ({ kind: 'cancel' } | Steering);

/** What is said to an agent at work. */
export type Steering =
  | { kind: 'answer'; permission: string; option: string }
  | { kind: 'message'; text: string }
  /** Stop what it does now; it goes on with the next message, or ends. */
  | { kind: 'interrupt' };

/**
 * What the runner did with a steering order. `queued`: it is said when the agent's turn is over; `missed`: the job
 * ended before.
 */
export type Reply = { kind: 'applied' } | { kind: 'queued' } | { kind: 'refused'; reason: string } | { kind: 'missed' };

/** How the program itself ended. */
export interface JobExit {
  code: number | null;
  signal: string | null;
  /** Epoch milliseconds. */
  startedAt: number;
  endedAt: number;
  /** Why the runner ended it, when it did. */
  stopped?: Stopped;
  /** What the watchdog saw, in a sentence. */
  because?: string;
  /** The program could not be started at all: the system's message. */
  spawnError?: string;
  /** Processes of the job that outlived the program and had to be killed. */
  strays: number;
  /** Bytes printed in all, and how many of them raw.log lacks. */
  bytes: number;
  dropped: number;
  /** What its processes took together; absent where the system does not say. */
  used?: Used;
  /** What the adapter made of it; present for agents. */
  agent?: AgentOutcome;
}

/** What an exit says where there was no process. */
export const NO_PROCESS = { code: null, signal: null, strays: 0, bytes: 0, dropped: 0 } as const;

/** What the processes of a job took together, as far as the system says it. */
export interface Used {
  /** Milliseconds of processor time, of those processes that were waited for. */
  cpu?: number;
  /** Bytes of memory, the most that was seen at once: whenever it printed, at most once a second, or was looked after. */
  memory?: number;
}

/**
 * What a job came to, as the engine knows it. `interrupted`: the runner died before it could say; `unproven`: it may
 * still be at work on another host or in another container, so nothing it could write to may be used again.
 */
export type JobEnd =
  | { kind: 'exited'; exit: JobExit }
  | { kind: 'interrupted'; reason: string; unproven?: true; session?: string };

/** The one event stream every agent is brought to. Unknown lines of a program become `other` and are kept in raw.log. */
export type AgentEvent =
  | { type: 'session'; id: string; model?: string }
  | { type: 'text'; text: string }
  | { type: 'thinking'; text: string }
  | { type: 'toolStarted'; id: string; name: string; detail: string }
  | { type: 'toolEnded'; id: string; failed: boolean; output: string }
  /** The agent's own list of steps, whole each time. */
  | { type: 'plan'; entries: readonly { text: string; done: boolean }[] }
  | { type: 'retry'; attempt: number; reason: string; delay: number }
  | { type: 'usage'; usage: Usage }
  /** What the runner saw its processes take; told whenever that grew by a quarter. */
  | { type: 'measured'; used: Used }
  | { type: 'denied'; tool: string; detail: string }
  /** The agent waits for an answer, and for nothing else. */
  | { type: 'permissionAsked'; permission: Permission }
  /** `option` as a person answered; absent when the question was taken back. */
  | { type: 'permissionSettled'; permission: string; option?: string }
  /** The runner's reply to an order of the engine. */
  | { type: 'ordered'; order: string; reply: Reply }
  | { type: 'error'; message: string }
  /** What the agent says of how far it is; `percent` 0 to 100. */
  | {
      type: 'progress';
      state: 'started' | 'working' | 'complete' | 'failed' | 'blocked';
      percent?: number;
      text: string;
    }
  | { type: 'ended'; success: boolean; message: string }
  | { type: 'output'; stream: 'stdout' | 'stderr'; text: string }
  | { type: 'other'; name: string };

const REPORTS = ['permissionAsked', 'permissionSettled', 'ordered', 'progress', 'usage', 'measured'] as const;

/** An event that the engine must know before the job ends; it goes into the journal. Text never does. */
export type Report = Extract<AgentEvent, { type: (typeof REPORTS)[number] }>;

export const isReport = (event: AgentEvent): event is Report =>
  (REPORTS as readonly AgentEvent['type'][]).includes(event.type);

/** Counted over one attempt. `cost` in US dollars where the program says it. */
export interface Usage {
  inputTokens: number;
  outputTokens: number;
  cost?: number;
}

/** transient: the same again may work; fixable: again with the evidence; needs_replan and escalate: a person. */
export type FailureType = 'transient' | 'fixable' | 'needs_replan' | 'escalate';

/** Success needs the program's positive end and exit 0 and no cancel. Whether anything was done is asked of git. */
export type AgentOutcome = { summary: string; usage?: Usage; session?: string } & (
  | { kind: 'succeeded' }
  /**
   * `limit`: the allowance of an account is used up, until `resetAt` (epoch milliseconds) where the program says it.
   * `unknownSession`: the session it was to go on with is not there.
   */
  | { kind: 'failed'; type: FailureType; message: string; limit?: true; resetAt?: number; unknownSession?: true }
);
