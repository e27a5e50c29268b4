import type { HostedWork } from '../../agents/agent.ts';
import type { Closing, Event, Intent } from '../../model/run/event.ts';
import type { Result } from '../../model/failure.ts';
import type { RunState } from '../../model/run/state.ts';
import type { Gauge } from '../../process/gauge.ts';
import type { RunningJob } from '../../process/follow.ts';
import type { ReportLine } from '../../process/reports.ts';
import type { Replies } from './replies.ts';
import type { RunRef } from '../session.ts';

/** Everything an intent needs to be performed; one for each driver. */
export interface Workshop {
  ref: RunRef;
  state: RunState;
  /** Goes with every order to a runner: one of a lower epoch is refused. */
  epoch: number;
  /** Path of the runner's bundle, and the Node.js it runs on. */
  runner: string;
  node: string;
  /** The work of hosted agents that this process can do, by the agent's name. */
  hosted: ReadonlyMap<string, HostedWork>;
  /** What the machine has left. */
  gauge: Gauge;
  /** Aborts when the driver leaves: what works inside this process ends with it. */
  leaving: AbortController;
  /** Jobs being watched, by intent. */
  jobs: Map<string, RunningJob>;
  /** What runners replied to what was said to their agents. */
  replies: Replies;
  /** Takes what a job reported, in order; what the state has already is left out. */
  report: (job: string, lines: readonly ReportLine[]) => void;
  /** What was found open at the start and done about it, for the person who looks. */
  note: (finding: string) => void;
  /** Work that ends by itself in moments: waited for before the driver leaves. */
  short: Set<Promise<unknown>>;
}

/** An intent of one kind, as the journal has it. */
export type IntentOf<T extends Intent['type']> = Event & Intent & { type: T };

/**
 * `fresh`: the intent was made by this driver a moment ago. `found`: it was open when the driver started, so it may
 * have been done, half done or not begun. All but jobs do the same for both: doing them twice is doing them once.
 */
export type Perform<T extends Intent['type']> = (
  shop: Workshop,
  intent: IntentOf<T>,
  known: 'fresh' | 'found',
) => Promise<Result<Closing>>;
export type PerformTable = { readonly [T in Intent['type']]: Perform<T> };

/** Counts `work` among what the driver waits for before it leaves. */
export function soon<T>(shop: Workshop, work: Promise<T>): Promise<T> {
  shop.short.add(work);
  const over = (): boolean => shop.short.delete(work);
  work.then(over, over);
  return work;
}
