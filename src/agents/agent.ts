import type { AgentSettings } from '../model/config/config.ts';
import type { Containment } from '../model/crew/crew.ts';
import type { Result } from '../model/failure.ts';
import type { AgentEvent, AgentOutcome, Conversation, Stopped } from '../model/run/job.ts';
import type { Task } from '../model/plan/plan.ts';
import type { Command } from '../process/spawn.ts';

/**
 * What the rest of Orchestrate knows of a coding agent. Whoever works with agents asks for capabilities, never for a
 * name: a new agent is one file and one line in all.ts.
 */
export type Agent = ProcessAgent | ConversationAgent | HostedAgent | ManualAgent;

/** A program that is started for each attempt and ends by itself. */
export interface ProcessAgent {
  kind: 'process';
  /** As in a plan and in orchestrate.yaml. */
  name: string;
  /** For people. */
  title: string;
  capabilities: Capabilities;
  /** It runs the task's own line: it has no role, no model and no skills. */
  runsLine?: true;
  /** It takes `system` apart from the prompt; for all others it stands at the head of the prompt. */
  takesSystem?: true;
  /** How to find out whether it is there; absent = `auto` never means it. */
  presence?: Presence;
  /** What keeps it in its worktree where that depends on the machine or the settings; else `capabilities.sandbox`. */
  containment?(settings: AgentSettings, machine: Machine): Promise<Containment | undefined>;
  /** What to start for an attempt; a failure where the task cannot be done by this agent at all, whoever tries again. */
  start(request: AgentRequest): Result<AgentStart>;
  /**
   * The arguments after the program's name with which a person goes on with a session in a terminal, or begins one
   * where there is none yet; absent where it has no such thing.
   */
  interactive?(begun: Begun): readonly string[];
  /** Reads the output of one attempt. */
  reader(): AgentReader;
}

/** What an agent has begun and a person goes on with: its session, and the model that was chosen for it. */
export interface Begun {
  session?: string;
  model?: string;
}

/** A program that is spoken with over the Agent Client Protocol for each attempt, and then sent away. */
export interface ConversationAgent {
  kind: 'conversation';
  name: string;
  title: string;
  capabilities: Capabilities;
  /** As in ProcessAgent; `auto` does not choose it. */
  presence?: Presence;
  /** The agent whose program opens its sessions for a person; absent where nothing does. */
  opener?: Pick<ProcessAgent, 'name' | 'interactive'>;
  /** As in ProcessAgent. */
  containment?(settings: AgentSettings, machine: Machine): Containment | undefined;
  start(request: AgentRequest): Result<Omit<AgentStart, 'stdin'> & { conversation: Conversation }>;
}

/**
 * Works inside the program that drives the run, with what only such a program has, and ends with it. Where the driver
 * brings no work for it (engine/session.ts, `hosted`), its tasks wait for one that does.
 */
export interface HostedAgent {
  kind: 'hosted';
  name: string;
  title: string;
  /** Where such a driver is found, for a person: "an editor". */
  home: string;
  /** As in ProcessAgent. */
  containment?(settings: AgentSettings, machine: Machine): Containment | undefined;
  capabilities: Capabilities;
}

/** What a hosted agent does with one attempt. Never rejects, and settles soon after `stop`. */
export type HostedWork = (attempt: HostedAttempt) => Promise<AgentOutcome>;

/** An attempt as a hosted agent gets it. */
export interface HostedAttempt {
  request: AgentRequest;
  /** Shown to people as the output of the attempt. */
  tell: (event: AgentEvent) => void;
  stop: AbortSignal;
  /** What people said to it since it was asked last; to be told to the model at its next turn. */
  messages: () => readonly string[];
  /** Aborts when a person interrupts what it does now. There is another signal once they have said how to go on. */
  interruption: () => AbortSignal;
  /** Resolves when a person has said something that `messages` tells, or it is stopped. */
  spokenTo: () => Promise<void>;
  /** Runs a line in the worktree and ends what it leaves behind, also when it is interrupted. `output` is the end of what it printed. */
  command: (line: string) => Promise<{ code: number | null; output: string }>;
}

/** A person, or a tool that a person drives, who is told what to do and says when it is done. */
export interface ManualAgent {
  kind: 'manual';
  name: string;
  title: string;
  capabilities: Capabilities;
  /** Markdown. */
  instructions(request: AgentRequest): string;
}

/** Where an agent would be started: its environment decides what it finds. */
export interface Machine {
  env: NodeJS.ProcessEnv;
  home: string;
  cwd: string;
  platform: NodeJS.Platform;
}

/** Where to look whether a program is installed and signed in: names only, nothing of anybody is opened. */
export interface Presence {
  /** Its name on PATH. */
  program: string;
  /** Environment variables of which any says that it has an account. */
  keys: readonly string[];
  /** Files of which any is there once somebody signed in. `~/` is the home, `$NAME/…` counts only where NAME is set. */
  logins: readonly string[];
  /** Files that may hold an account, and may not: with one of them it cannot be told. */
  settings: readonly string[];
  /** Where there is no file because the system keeps it: it cannot be told there, or nowhere. */
  keychain?: readonly NodeJS.Platform[] | 'everywhere';
  /** How a person signs in, as a sentence. */
  signIn: string;
}

export interface Capabilities {
  /** It takes the session id we give it, so a session can be found even when it said nothing. */
  presetSession: boolean;
  /** A later attempt can go on with the session of an earlier one. */
  resume: boolean;
  /** It can be told something while it works. */
  messages: boolean;
  /** It asks leave for what it was not allowed, and waits for the answer. */
  asks: boolean;
  /** The signal that makes the program stop what it does and tidy up, sent to it alone before its group is ended. */
  interrupt?: 'SIGINT';
  maxTurns: boolean;
  /** It can be given a limit in US dollars. */
  budget: boolean;
  /** It says how many tokens it used. */
  usage: boolean;
  /** It says what it cost. */
  cost: boolean;
  /** It says itself how it ended, so an exit code of 0 alone is no success. */
  finalEvent: boolean;
  /** It needs an account with somebody, so it can be refused, throttled and billed. */
  needsAccount: boolean;
  /** It gets a temporary folder of its own as TMPDIR, removed when it has ended. */
  ownTemp: boolean;
  /**
   * What keeps it in its worktree. `system`: the operating system, for its tools and all they start; `rules`: its own
   * permission rules, which a shell command can get around; `none`: nothing.
   */
  sandbox: 'system' | 'rules' | 'none';
  /**
   * Whether it may run commands with the permissions we give it. `contained`: inside its sandbox, where a commit is
   * refused; `ifAllowed`: not unless the settings' arguments allow it; `yes`: any command.
   */
  commands: 'contained' | 'ifAllowed' | 'yes';
  /** It says when it tries its model again. */
  showsRetries: boolean;
  /** It ends by itself when its model never gets well; otherwise only the wall clock ends it. */
  givesUp: boolean;
  /** Which of its numbers count the whole session, the attempts before a resume included. */
  sessionTotals: readonly ('tokens' | 'cost')[];
}

export interface AgentRequest {
  run: string;
  /** The plan's objective. */
  objective: string;
  task: Task;
  /** From 1. */
  attempt: number;
  /** Its place in the plan, from 1, and how often a person wants to hear of it, milliseconds. */
  place?: { number: number; reportEvery?: number | undefined };
  prompt: string;
  /** A file with the prompt's text. */
  promptFile: string;
  /** What it is told beside its task, and a file with it: only for those that take it apart. */
  system?: { text: string; file: string };
  /** The operating system is to keep it in its worktree: so it was told to the person who approved it. */
  contained?: true;
  /** Its role only looks: it is to be kept from changing anything, where that can be done. */
  readOnly?: true;
  /** A file with the evidence of the last failure; absent at a first attempt. */
  feedbackFile?: string;
  /** The attempt's worktree and the branch checked out in it. */
  cwd: string;
  branch: string;
  /** A UUID, always the same for the same attempt. */
  session: string;
  /** The session of an earlier attempt to go on with, as its outcome named it; only for agents that can. */
  resume?: string;
  settings: AgentSettings;
  /** US dollars that this attempt may cost; only for agents that can be told. */
  budget?: number;
  model?: string;
  effort?: string;
}

export interface AgentStart {
  command: Command;
  stdin?: string;
  /** As in JobSpec: added to the environment, `null` removes. */
  env: Readonly<Record<string, string | null>>;
}

export interface AgentReader {
  /** Its lines are messages, of which a part is of no use, however long they are. */
  readonly wantsWholeLines?: boolean;
  /** One line without its end. Never throws: what it does not know becomes `output` or `other`. */
  line(line: string, stream: 'stdout' | 'stderr'): AgentEvent[];
  /** Called once, after the last line. */
  outcome(exit: ProgramExit): AgentOutcome;
}

/** How the program ended, and whether it was made to. */
export interface ProgramExit {
  code: number | null;
  signal: string | null;
  stopped?: Stopped;
}
