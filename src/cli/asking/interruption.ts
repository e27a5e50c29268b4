import type { RunSession } from '../../engine/session.ts';
import { describe } from '../../model/failure.ts';
import type { Terminal } from '../terminal.ts';

/**
 * What Ctrl+C and the signals of a closing terminal do to a run that is attended. The first Ctrl+C asks, stops or
 * leaves, as told; the second leaves at once; SIGTERM and SIGHUP leave. Without a word a run that this process drives
 * is stopped, and one that it only follows is left.
 */
export class Interruption {
  /** Set where somebody can be asked. */
  onAsk: (() => void) | undefined;
  /** Resolves when the run is left to itself. */
  readonly left: Promise<void>;
  hasLeft = false;
  readonly #session: RunSession;
  readonly #terminal: Terminal;
  readonly #policy: string | undefined;
  #resolve: () => void = () => undefined;
  #pending = false;
  readonly #onInterrupt = (): void => this.interrupt();
  readonly #onEnd = (): void => this.leave();

  constructor(session: RunSession, terminal: Terminal, policy: string | undefined) {
    this.#session = session;
    this.#terminal = terminal;
    this.#policy = policy;
    this.left = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    process.on('SIGINT', this.#onInterrupt);
    for (const signal of ENDS) process.on(signal, this.#onEnd);
  }

  interrupt(): void {
    const policy = this.#policy ?? (this.#session.role === 'drives' ? 'stop' : 'leave');
    if (this.#pending || policy === 'leave' || this.#nothingRuns()) return this.leave();
    this.#pending = true;
    if (policy === 'ask' && this.onAsk) this.onAsk();
    else this.stop();
  }

  /** The person chose to go on. */
  goOn(): void {
    this.#pending = false;
  }

  /** Agents are told to stop; the run then ends as cancelled. */
  stop(): void {
    if (!this.onAsk) this.#terminal.note('stopping the agents; once more leaves at once');
    void this.#cancel();
  }

  leave(): void {
    this.hasLeft = true;
    this.#resolve();
  }

  dispose(): void {
    process.off('SIGINT', this.#onInterrupt);
    for (const signal of ENDS) process.off(signal, this.#onEnd);
  }

  async #cancel(): Promise<void> {
    const given = await this.#session.order({ type: 'cancel' });
    if (!given.ok) this.#terminal.note(describe(given.failure));
  }

  #nothingRuns(): boolean {
    return this.#session.state.open.size === 0 && this.#session.state.live.size === 0;
  }
}

const ENDS = ['SIGTERM', 'SIGHUP'] as const;
