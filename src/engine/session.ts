import type { HostedWork } from '../agents/agent.ts';
import type { Event } from '../model/run/event.ts';
import type { Result } from '../model/failure.ts';
import type { Wish } from '../model/run/order.ts';
import type { RunState } from '../model/run/state.ts';
import type { Repository } from '../git/repository.ts';

/** A run on disk: `folder` is `<git common dir>/orchestrate/runs/<run>`. */
export interface RunRef {
  repository: Repository;
  run: string;
  folder: string;
}

export interface Change {
  events: readonly Event[];
  /** The session's state with these events folded in; the same object each time. */
  state: RunState;
}

/**
 * One open run as a front end sees it, whether this process drives it or follows another's driving: the same state,
 * the same orders. Get one from `openSession`.
 */
export interface RunSession {
  readonly ref: RunRef;
  readonly state: RunState;
  /** Changes when a driver is fenced off, or a follower takes over. */
  readonly role: 'drives' | 'follows';
  /** What was found and done that no event tells: cut lines, settled jobs, files that are not written back, each once. */
  readonly findings: readonly string[];
  /** Called after each durable append, in order. */
  subscribe(listener: (change: Change) => void): Disposable;
  /** Resolves when the order is in the journal; a refusal is a failure of kind `refused` with the reason. */
  order(wish: Wish): Promise<Result<void>>;
  /** Resolves when the state is next at rest (`rest(state) !== 'working'`), at once if it is. */
  atRest(): Promise<void>;
  /** Stops driving or following; agents and gates that run go on and are found again by the next session. */
  dispose(): Promise<void>;
}

export interface SessionOptions {
  by: 'cli' | 'editor';
  /** Path of the runner bundle (dist/runner.cjs). */
  runner: string;
  /**
   * `drive`: take over if no living process drives it, else follow. `follow`: only look; orders still work.
   * A follower whose driver dies takes over by itself when it was opened with `drive`.
   */
  as: 'drive' | 'follow';
  /** What this program brings for hosted agents, by their name; tasks of others wait for a driver that does. */
  hosted?: ReadonlyMap<string, HostedWork>;
  /** May a file of the checkout, relative to its root, be written now? No while an editor holds unsaved changes of it. */
  mayWrite?: (file: string) => boolean;
  /** Hears each finding as it comes. */
  onFinding?: (finding: string) => void;
}
