import type { Breaker } from '../crew/breaker.ts';
import type { Choice } from '../crew/auto.ts';
import type { Config, PushTarget } from '../config/config.ts';
import type {
  AttemptFailure,
  Carried,
  Event,
  Finding,
  Foreseen,
  Intent,
  Member,
  Next,
  Question,
  RunOutcome,
  Started,
} from './event.ts';
import type { Baseline, GateRun } from '../gate.ts';
import type { Frontier } from '../schedule/frontier.ts';
import type { JobEnd, Steering, Report, Usage, Used } from './job.ts';
import type { Seen } from '../machine.ts';
import type { Permission } from '../crew/permission.ts';
import type { Plan, Task } from '../plan/plan.ts';
import type { Planning } from '../plan/planning.ts';
import type { Requirement } from '../plan/prd.ts';
import type { Change } from './changes.ts';

/**
 * What a run knows: the fold of its journal. `evolve` owns the object and changes it in place (a run of 10,000 tasks
 * has some 100,000 events); everybody else reads. It never looks at a clock, a file or chance.
 */
export interface RunState {
  readonly run: string;
  /** What is done: the file's, with what had begun before a revision as it was. */
  plan: Plan;
  readonly planFile: string;
  /** It makes a plan. */
  readonly planning?: Planning;
  /** Of the plan as its file said it when it was last approved. */
  planHash: string;
  written: Plan;
  /** What the file says since it was edited; nothing that it touches is begun before a person answers. */
  proposal?: Proposal;
  /** What its last edit before the approval changed; absent where there was none. */
  changed?: readonly Change[];
  /** The hash of the last revision that was rejected. */
  declined?: string;
  /** As the run began; only the number of agents may change. */
  config: Config;
  readonly base: string;
  readonly baseBranch?: string;
  root: string;
  readonly author: { name: string; email: string };
  readonly startedAt: number;
  graph: Graph;
  approval:
    | { kind: 'awaited' }
    | { kind: 'given'; baseline: boolean; at: number }
    | { kind: 'refused'; comment: string };
  readonly tasks: Map<string, TaskState>;
  /** Which adapter does each task. */
  agents: Started['agents'];
  /** Who is each gate that is an agent. */
  readonly reviewers: Started['reviewers'];
  /** What reviewers of candidates spent, by gate. */
  readonly reviewed: Map<string, Usage>;
  /** What `auto` came to, where a task asked for it. */
  readonly auto?: Choice;
  /** What keeps each agent in its worktree. */
  containment: Started['containment'];
  /** What was noticed when it was made. */
  readonly notes: readonly string[];
  readonly requirements: readonly Requirement[];
  /** What may start; made anew when a task is reopened. */
  frontier: Frontier;
  /** With `mode: adaptive`: what was decided before the wave that is open, or opens now. */
  adapted?: { after: number; wave: number; apart: ReadonlySet<string>; reasons: readonly string[] };
  /** Attempts that are not over. */
  readonly live: Set<Attempt>;
  /** Those of the living for which something is to be done: all but the queued. */
  readonly active: Set<Attempt>;
  /** Attempts that wait to be merged, by wave: thousands of one wave cost no more than what changes. */
  readonly queued: Map<number, Set<Attempt>>;
  /** Those of the queued that a task of the same wave or an earlier one conflicts with: it may wait for them. */
  readonly contested: Set<Attempt>;
  /** Attempts that are over and whose worktree is there and not about to be removed. */
  readonly leftovers: Set<Attempt>;
  /** The tip of what is merged: moved only by `merge.done`. */
  integration: string;
  readonly open: Map<string, Event & Intent>;
  /** Jobs that were told to stop, by the intent that started them. */
  readonly stopping: Set<string>;
  /** What the open jobs reported, by the intent that started them. */
  readonly reports: Map<string, JobReports>;
  /** What is to be said to agents at work and has no intent yet, oldest first. */
  readonly unsaid: { job: string; steering: Steering }[];
  /** How many intents there were; the next one's id follows from it. */
  intents: number;
  candidate?: Candidate;
  candidates: number;
  readonly merges: Merge[];
  readonly baselines: Map<string, Baseline>;
  readonly questions: Map<string, Question & { askedAt: number }>;
  /** What people answered that holds for later work too, `question answer`, oldest first. */
  readonly lasting: string[];
  /** How often the budget of the run was granted. */
  budgets: number;
  /** Agents that met a usage limit. */
  readonly breakers: Map<string, Breaker>;
  /** When an agent's usage limit was last over, epoch milliseconds. */
  readonly limitsOver: Map<string, number>;
  /** Merged results are to be taken back: until they are, nothing is begun and nothing merged. */
  rollback?: Undoing;
  /** What was taken back, oldest first. */
  readonly rollbacks: TakenBack[];
  /** What the machine had left when it was last seen, and before; oldest first. */
  machine?: Seen;
  readonly seen: Seen[];
  /** Milliseconds that tasks should take, by their id; nothing of those of which nothing was measured. */
  readonly times: ReadonlyMap<string, number>;
  /** Bytes of memory that jobs take, by their kind. */
  readonly footprints: Map<string, number>;
  /** `asked`: by a person, who need not be told. */
  paused?: { reason: string; halt: boolean; asked?: true; at: number };
  cancelled: boolean;
  ended?: { outcome: RunOutcome; reason: string; at: number };
  /** The result branch, and the commit it was last put at. */
  branch?: string;
  published?: string;
  /** What became, or becomes, of pushing the result. */
  push?: Push;
  /** The tree in which candidates and the base are tried is there. */
  gateTree: boolean;
  /** Orders that were answered, by id: why it was refused, or null where it was accepted. */
  readonly orders: Map<string, string | null>;
  /** When the last event was appended. */
  at: number;
}

/** A later plan that waits for an answer. */
export interface Proposal {
  readonly plan: Plan;
  readonly planHash: string;
  readonly agents: Started['agents'];
  readonly containment: Started['containment'];
  /** Tasks that it would change or take away. */
  readonly touched: ReadonlySet<string>;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A rollback that was done, with what it took back. */
export interface TakenBack {
  readonly from: string;
  readonly to: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly gone: readonly string[];
  readonly merges: readonly Merge[];
  /** The wave whose second chance it was. */
  readonly wave?: number;
}

/** The results of these tasks, and all that stands on them, are to be taken back. */
export interface Undoing {
  readonly tasks: readonly string[];
  readonly reason: string;
  /** Whether the run stands still afterwards, for a person to say how it goes on; goes on; or ends. */
  readonly afterwards: 'pause' | 'goOn' | 'end';
  /** What a person said to the next attempts at these tasks. */
  readonly comment?: string;
  /** It is the second chance of this wave. */
  readonly wave?: number;
}

/** What an open job reported. */
export interface JobReports {
  /** How many lines there were. */
  lines: number;
  /** What its agent waits for leave to do, by the agent's id for it. */
  readonly permissions: Map<string, Permission>;
}

/**
 * What became of pushing the result; of another commit than today's it says nothing of today's.
 *
 *     [wanted] → pushing → pushed | refused        refused → (again) | declined, as a person says
 */
export type Push = PushTarget &
  (
    | { kind: 'wanted' }
    | { kind: 'pushing'; commit: string }
    | { kind: 'pushed'; commit: string; url: string; at: number }
    | { kind: 'refused'; commit: string; reason: string }
    | { kind: 'declined'; commit: string }
  );

/** Computed from the plan, anew with each revision; then from what was seen not to go together. */
export interface Graph {
  /** Task → tasks it must not run beside. */
  conflicts: ReadonlyMap<string, ReadonlySet<string>>;
  /** Task → longest path from it to an end, by estimates or by what tasks took. */
  urgency: ReadonlyMap<string, number>;
  /** Task → place in the plan. */
  order: ReadonlyMap<string, number>;
  /** Id in the plan's file → the tasks that are at it at once, in plan order. */
  contests: ReadonlyMap<string, readonly string[]>;
}

export interface TaskState {
  readonly task: Task;
  readonly wave: number;
  readonly attempts: Attempt[];
  /** Retries and revisions spent; what is `again` spends neither. */
  retries: number;
  revisions: number;
  /** Attempts up to this number were before a person gave the task another chance. */
  countsFrom: number;
  /** Why it gets nowhere: the next attempt takes another way, and if that fails too a person is asked. */
  stuck?: string;
  /** A retry waits until then, epoch milliseconds. */
  retryAt?: number;
  /** What a person said to the next attempt. */
  comment?: string;
  /** What its agents asked and were answered, `question: answer`, oldest first. */
  readonly answers: string[];
  /** Said while no attempt was under way: the next one's prompt has them. */
  readonly messages: Message[];
  /** The file calls it completed and no commit proves it: a person is asked. */
  claimed?: boolean;
  /** A person said that it may begin. */
  allowed?: true;
  settled?: { kind: 'done'; commit: string | null } | { kind: 'failed' } | { kind: 'skipped' };
}

export interface Attempt {
  readonly task: string;
  readonly number: number;
  readonly name: string;
  readonly branch: string;
  readonly base: string;
  readonly carry?: Carried;
  readonly startedAt: number;
  worktree: 'none' | 'there' | 'removed';
  path?: string;
  carried: 'none' | 'applied' | 'patch';
  readonly warnings: string[];
  /** Kinds of findings a person accepted. */
  readonly waived: Set<Finding['kind']>;
  /** Gates without whose word a person lets it go on. */
  readonly waivedGates: Set<string>;
  /** Its gates let it pass, with these warnings, while others were at the same task. */
  passed?: readonly string[];
  /** A person picked it. */
  picked?: true;
  /** A person looked at what it changed and said no. */
  refused?: string;
  /** What people said to its agent, oldest first. */
  readonly messages: Message[];
  /** A person took it over then (epoch milliseconds): the agent is stopped, and the worktree is theirs until they hand it back. */
  takenAt?: number;
  /** A person interrupted its agent then (epoch milliseconds), which waits for what they say next. */
  heldAt?: number;
  /** Results that its base does not have, accepted before it is over: its own has to go together with them. */
  readonly beside: Member[];
  /** Whether what it made was compared with them. */
  forecast: 'none' | 'due' | 'open' | 'made';
  /** Those that it could not be merged with, when it was last compared. */
  foreseen: readonly Foreseen[];
  /** Tasks of which it was warned. */
  readonly warned: Set<string>;
  /** The agent's own name for its session, once a turn of it is over. */
  session?: string;
  stage: Stage;
  /** What its time went to, oldest first; never two of a kind in a row. */
  readonly stretches: Stretch[];
  /** The runs of its gates, latest last. */
  readonly gates: GateRun[];
  result?: {
    commit: string | null;
    tree?: string;
    paths: readonly string[];
    lines?: number;
    findings: readonly Finding[];
  };
  /** The session its agent goes on with; absent when it began by itself. */
  resume?: string;
  /** How often its agent went on after it was cut off, and how often it began anew in the same worktree. */
  resumed: number;
  anew: number;
  /** What it asked and was answered since its last turn, by question; and how often it was answered before that. */
  readonly answers: Map<string, string>;
  rounds: number;
  /** What its reviewers spent. */
  reviewed?: Usage;
  /** Tokens and cost, of all the times its agent was started; absent where it says none. */
  spent?: Usage;
  /** The same with what the agent at work says of it; absent until it does, and when it is over. */
  spending?: Usage;
  /** What its agents took that are over, and what the one at work was last seen to take; absent where nobody measured it. */
  used?: Used;
  using?: Used;
  /** What its agent said last of how far it is. */
  progress?: Report & { type: 'progress' };
  end?: JobEnd;
  endedAt?: number;
}

/**
 *     preparing → prepared → [settingUp] → working → worked → collecting → verifying → queued → merged
 *          any of them ──────────────────────────────────────────────────────────────────────→ ended
 *
 * `intent` is the open intent that the stage waits for; it is absent when that failed and must be asked for again.
 */
export type Stage =
  | { at: 'preparing'; intent?: string }
  | { at: 'prepared' }
  | { at: 'settingUp'; intent: string }
  | { at: 'setUp' }
  | { at: 'working'; intent?: string }
  | { at: 'worked' }
  | { at: 'collecting'; intent: string }
  | { at: 'verifying'; intent?: string }
  | { at: 'queued'; commit: string }
  | { at: 'merged'; commit: string | null }
  | { at: 'ended'; failure: AttemptFailure; next: Next };

/**
 * What an attempt spends its time on. `start`: worktree, set-up, and waiting for its agent; `agent` ends when its result
 * is taken; `queue`: until it is merged, the gates of the merge included; `person`: a person keeps it; `over`: nothing any more.
 */
export type StretchKind = 'start' | 'agent' | 'gate' | 'queue' | 'person' | 'over';

/** One kind of time of an attempt, until its next one begins. */
export interface Stretch {
  readonly kind: StretchKind;
  /** Epoch milliseconds. */
  readonly from: number;
}

/** What the queue is testing: `integration` plus members in plan order, and every tree built to find who broke it. */
export interface Candidate {
  readonly number: number;
  readonly onto: string;
  readonly members: readonly Member[];
  readonly gates: readonly string[];
  /** Built trees by the key of their members. */
  readonly builds: Map<
    string,
    { commit: string } | { task: string; paths: readonly string[]; with: readonly string[] }
  >;
  /** Gate runs by key, then by gate. */
  readonly runs: Map<string, Map<string, GateRun[]>>;
  /** Gates a person accepted for this candidate. */
  readonly waived: Set<string>;
}

export interface Merge {
  readonly candidate: number;
  readonly commit: string;
  readonly members: readonly Member[];
  readonly gates: readonly GateRun[];
  readonly at: number;
}

/** Tasks that must not be at work beside this one. */
export function rivalsOf({ graph, adapted, tasks }: RunState, id: string): Iterable<string> {
  const conflicts = graph.conflicts.get(id) ?? NOBODY;
  if (!adapted?.apart.has(id)) return conflicts;
  const contest = tasks.get(id)?.task.contest;
  const mates = contest === undefined ? [] : (graph.contests.get(contest) ?? []);
  return [...conflicts, ...adapted.apart].filter((other) => other !== id && !mates.includes(other));
}

const NOBODY: ReadonlySet<string> = new Set();

export const latest = (task: TaskState): Attempt | undefined => task.attempts.at(-1);

export function taskOf(state: RunState, id: string): TaskState {
  const task = state.tasks.get(id);
  if (!task) throw new Error(`the journal names a task that the plan does not have: ${id}`);
  return task;
}

export function attemptOf(state: RunState, id: string, number: number): Attempt {
  const attempt = taskOf(state, id).attempts[number - 1];
  if (!attempt) throw new Error(`the journal names attempt ${number} of ${id}, which never began`);
  return attempt;
}

/** Adds a run of a gate on the tree that is built from the members with this key. */
export function addRun({ runs }: Candidate, key: string, run: GateRun): void {
  const byGate = runs.get(key) ?? new Map<string, GateRun[]>();
  byGate.set(run.gate, [...(byGate.get(run.gate) ?? []), run]);
  runs.set(key, byGate);
}

/** Names a list of members, and so the tree built from them. */
export const keyOf = (members: readonly Member[]): string =>
  members.map(({ task, attempt }) => `${attempt}:${task}`).join('\n');

/**
 * What a person said to an agent, and how far it came.
 *
 *     sending → told | later | waiting        waiting → told, with the agent's next turn or the next attempt's prompt
 *
 * `later`: the agent's program says it when the turn is over. There is never a second prompt while one runs.
 */
export interface Message {
  readonly text: string;
  /** Epoch milliseconds. */
  readonly at: number;
  state: 'sending' | 'told' | 'later' | 'waiting';
}
