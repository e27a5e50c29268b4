import { isProgram, isReview } from '../gate.ts';
import type { Intent } from '../run/event.ts';
import type { Attempt, RunState, TaskState } from '../run/state.ts';
import { sizeText } from '../text/size.ts';
import { statusOf } from '../run/view.ts';
import { gateOf } from './breaker.ts';
import { agentKind, footprintOf, gateKind, type JobKind } from './footprint.ts';
import { type Strain, strainsOf } from './strain.ts';

/** Why a task that could begin does not: what it needs is not left, or the machine is short of something. */
export type Held = { of: 'room'; left: number; needs: number; kind: JobKind } | { of: Strain['of']; words: string };

/** `waits for memory: 0.4 GB left, claude takes about 0.9 GB`. */
export const heldWords = (held: Held): string =>
  held.of === 'room'
    ? `waits for memory: ${held.left > 0 ? sizeText(held.left) : 'nothing'} left, ${held.kind} takes about ${sizeText(held.needs)}`
    : `waits for ${held.words}`;

/**
 * Who may be begun on the machine as it was last seen: as many agents as their memory allows, with room for what those at
 * work are going to take and for the gates of their results. Where no agent is at work one always may, but for a full
 * disk: waiting would change nothing.
 */
export class Admission {
  readonly #state: RunState;
  readonly #strains: readonly Strain[];
  #atWork: number;
  /** Bytes for agents and gates to come; Infinity where nobody counts them. */
  #left: number;

  constructor(state: RunState, now: number) {
    const attempts = agentsAtWork(state, now);
    this.#state = state;
    this.#strains = strainsOf(state.machine, state.config.limits);
    this.#atWork = attempts.length;
    this.#left = memoryLeft(state, attempts);
  }

  /** Places for further agents, whatever the machine says. */
  get places(): number {
    return this.#state.config.limits.agents - this.#atWork;
  }

  heldBy(task: string): Held | undefined {
    const { agents } = this.#state.config.limits;
    const strain = this.#strains.find((one) => one.agents(agents) <= this.#atWork);
    if (strain) return { of: strain.of, words: strain.words(this.#state.machine ?? {}) };
    const kind = kindOf(this.#state, task);
    if (this.#atWork === 0 || this.#left === Infinity || kind === undefined) return undefined;
    const needs = footprintOf(this.#state, kind);
    const left = this.#left - roomForGates(this.#state, this.#atWork + 1);
    return needs > left ? { of: 'room', left, needs, kind } : undefined;
  }

  begin(task: string): void {
    const kind = kindOf(this.#state, task);
    this.#atWork += 1;
    this.#left -= kind === undefined ? 0 : footprintOf(this.#state, kind);
  }
}

/** The same of a task for a person to see; undefined where it could not begin anyway. */
export function heldBack(state: RunState, task: TaskState): Held | undefined {
  if (!state.machine || state.paused || state.ended || state.approval.kind !== 'given') return undefined;
  const status = statusOf(state, task);
  if (status !== 'ready' && status !== 'needsRevision') return undefined;
  const admission = new Admission(state, state.at);
  return admission.places > 0 ? admission.heldBy(task.task.id) : undefined;
}

/** The same of a run in a line; empty where the machine holds nothing back. */
export function heldLines(state: RunState): string[] {
  const held = heldNow(state);
  return held ? [`Nothing more is begun at once: the next task ${heldWords(held)}.`] : [];
}

/** What holds back the most urgent task that could begin. */
export function heldNow(state: RunState): Held | undefined {
  let held: Held | undefined;
  state.frontier.offer((id) => {
    const task = state.tasks.get(id);
    held = task && heldBack(state, task);
    return false;
  });
  return held;
}

/** Gates at work at once, on the machine as it was last seen. */
export const gatesAtOnce = ({ machine, config: { limits } }: RunState): number =>
  Math.min(limits.gates, ...strainsOf(machine, limits).map(({ gates }) => gates(limits.gates)));

/** The attempts that hold one of the agents' places. */
const agentsAtWork = (state: RunState, now: number): Attempt[] =>
  [...state.active].filter((attempt) => occupiesPlace(state, attempt, now));

/**
 * From its worktree to its result an attempt holds one of the agents' places; a person's work holds none, and neither
 * does one that waits for the end of a usage limit.
 */
function occupiesPlace({ breakers, agents }: RunState, { stage, task }: Attempt, now: number): boolean {
  if (stage.at === 'verifying') return false;
  if (stage.at === 'working') return stage.intent !== undefined;
  const waiting = stage.at === 'prepared' || stage.at === 'setUp';
  return !waiting || gateOf(breakers, agents[task]?.name ?? '', now) !== 'open';
}

/** Undefined for who takes no memory of ours: a person, and agents that work inside another program. */
function kindOf({ agents }: RunState, task: string): JobKind | undefined {
  const agent = agents[task];
  return !agent || agent.manual || agent.home !== undefined ? undefined : agentKind(agent);
}

/** Milliseconds after which what a job takes is in what is seen of the machine. */
const SETTLED = 20_000;

/** What is left for agents and gates that are not begun yet, of the machine and of what the run may take itself. */
function memoryLeft(state: RunState, attempts: readonly Attempt[]): number {
  const { machine, config } = state;
  const { share, size } = config.limits.memory ?? {};
  const jobs = [...attempts.map((attempt) => ofAgent(state, attempt)), ...gatesAtWork(state)];
  const own =
    size === undefined ? Infinity : size - jobs.reduce((sum, { takes, needs }) => sum + Math.max(takes, needs), 0);
  const memory = machine?.memory;
  if (!machine || !memory || share === undefined) return own;
  const isSeen = ({ takes, since }: Working): boolean => takes === 0 && machine.at - since > SETTLED;
  const toCome = jobs.reduce((sum, job) => sum + (isSeen(job) ? 0 : Math.max(0, job.needs - job.takes)), 0);
  return Math.min(own, memory.free - memory.total * (1 - share) - toCome);
}

/** A job at work: the memory it was seen to take and the memory it needs, bytes, and when it began. */
interface Working {
  takes: number;
  needs: number;
  since: number;
}

function ofAgent(state: RunState, { task, using, startedAt }: Attempt): Working {
  const kind = kindOf(state, task);
  return { takes: using?.memory ?? 0, needs: kind === undefined ? 0 : footprintOf(state, kind), since: startedAt };
}

function gatesAtWork(state: RunState): Working[] {
  const isGate = (intent: Intent): boolean => intent.type === 'job.intended' && 'gate' in intent.purpose;
  return [...state.open.values()].filter(isGate).map((intent) => {
    const gate = intent.type === 'job.intended' && 'gate' in intent.purpose ? intent.purpose.gate : '';
    return { takes: 0, needs: footprintOf(state, gateKind(state, gate)), since: intent.at };
  });
}

/** As many gates as may be at work at once, when so many agents come to their ends; those at work count already. */
function roomForGates(state: RunState, agents: number): number {
  const gates = state.config.gates.filter((gate) => isProgram(gate) || isReview(gate));
  const largest = Math.max(0, ...gates.map(({ name }) => footprintOf(state, gateKind(state, name))));
  return largest * Math.max(0, Math.min(gatesAtOnce(state), agents) - gatesAtWork(state).length);
}
