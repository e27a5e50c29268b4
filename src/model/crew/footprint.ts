import type { JobPurpose } from '../run/event.ts';
import type { Used } from '../run/job.ts';
import type { RunState } from '../run/state.ts';
import { MEGABYTE } from '../text/size.ts';

/** Bytes of memory that jobs of a kind are taken to need before one was seen. */
const UNKNOWN = 200 * MEGABYTE;

/** Jobs that need about as much as each other: those of one agent with one model, or of one gate. */
export type JobKind = string;

/** Who does a task, as a kind of job. */
export const agentKind = ({ name, model }: { name: string; model?: string }): JobKind =>
  model === undefined ? name : `${name} ${model}`;

/** Of the agent that a gate is, or of its program. */
export function gateKind({ reviewers }: Pick<RunState, 'reviewers'>, gate: string): JobKind {
  const reviewer = reviewers[gate];
  return reviewer ? agentKind(reviewer) : `gate ${gate}`;
}

function kindOf(state: RunState, purpose: JobPurpose): JobKind | undefined {
  if ('gate' in purpose) return gateKind(state, purpose.gate);
  const agent = purpose.kind === 'agent' ? state.agents[purpose.task] : undefined;
  return agent && agentKind(agent);
}

/** Bytes that a job of the kind is going to take. */
export const footprintOf = ({ footprints }: Pick<RunState, 'footprints'>, kind: JobKind): number =>
  footprints.get(kind) ?? UNKNOWN;

/** One that is at work takes this much already, so others of its kind are going to. */
export function learnAtWork(state: RunState, purpose: JobPurpose, { memory = 0 }: Used): void {
  const kind = kindOf(state, purpose);
  if (kind !== undefined && memory > (state.footprints.get(kind) ?? 0)) state.footprints.set(kind, memory);
}

/** What one took in all: more counts at once, less only by and by, because a small task says little of the next. */
export function learnAtEnd(state: RunState, purpose: JobPurpose, { memory }: Used): void {
  const kind = kindOf(state, purpose);
  if (kind === undefined || memory === undefined) return;
  const former = Math.max(memory, state.footprints.get(kind) ?? memory);
  state.footprints.set(kind, Math.round(former - (former - memory) / 4));
}
