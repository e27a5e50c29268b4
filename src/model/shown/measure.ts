import type { Attempt, Merge, RunState } from '../run/state.ts';

/** How long things took, in milliseconds. */
export interface Measures {
  /** From the approval to the end: how long a person waits for is not the machine's time. */
  wall: number;
  /** Of agents at work, not of people. */
  agents: number;
  gates: number;
  /** (agents + gates) ÷ wall: how many times as fast as one after the other; absent where nothing was measured. */
  speedUp?: number;
}

/** A run's time begins when its plan was approved: how long a person took to say yes is no part of it. */
export const beginningOf = ({ approval, startedAt }: RunState): number =>
  approval.kind === 'given' ? approval.at : startedAt;

export function measure(state: RunState, now: number): Measures {
  const wall = Math.max(0, (state.ended?.at ?? now) - beginningOf(state));
  const attempts = [...state.tasks.values()].flatMap((task) => task.attempts);
  const byAgents = attempts.filter(({ task }) => state.agents[task]?.manual !== true);
  const agents = sum(byAgents.map((attempt) => agentTime(attempt, now)));
  const ofGates = [...attempts, ...state.merges].flatMap(({ gates: runs }) => runs.map(({ duration }) => duration));
  const gates = sum(ofGates);
  return { wall, agents, gates, ...(wall > 0 && agents > 0 ? { speedUp: (agents + gates) / wall } : {}) };
}

/** As the runner measured it; for what runs, or was cut off, from its beginning on. */
export function agentTime({ end, endedAt, startedAt }: Attempt, now: number): number {
  if (end?.kind === 'exited') return end.exit.endedAt - end.exit.startedAt;
  return Math.max(0, (endedAt ?? now) - startedAt);
}

/** The last gates that ran on exactly what is merged now; empty: nobody tested the whole. */
export function testedWhole(state: RunState): Merge['gates'] {
  return state.merges.filter(({ commit }) => commit === state.integration).flatMap(({ gates }) => gates);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
