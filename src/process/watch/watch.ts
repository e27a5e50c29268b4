import type { AgentEvent, WatchLimits } from '../../model/run/job.ts';
import { steadyTime as now } from '../clock.ts';
import type { ProcessRow } from '../process-table.ts';
import { Watchdog, type Sign, type Verdict } from './watchdog.ts';

/** Who is watched: the worktree it works in, and which of its processes are alive. */
interface Watched {
  limits: WatchLimits;
  folder: string;
  living: () => Promise<readonly ProcessRow[]>;
}

/** Keeps a watchdog over an agent: tells it what is printed, and looks for it when it asks. */
export class Watch {
  readonly #living: Watched['living'];
  readonly #folder: string;
  readonly #onVerdict: (verdict: Verdict) => void;
  readonly #dog: Watchdog;
  /** What is older was there before it began; epoch milliseconds. */
  readonly #begun = Date.now();
  #timer: NodeJS.Timeout | undefined;
  #looking = false;
  #over = false;

  constructor({ limits, folder, living }: Watched, onVerdict: (verdict: Verdict) => void) {
    this.#living = living;
    this.#folder = folder;
    this.#onVerdict = onVerdict;
    this.#dog = new Watchdog(limits, now());
    this.#arm();
  }

  printed(bytes: number): void {
    this.#hear(this.#dog.printed(bytes, now()));
  }

  happened(events: readonly AgentEvent[]): void {
    this.#hear(this.#dog.happened(events, now()));
    const { lookAt } = this.#dog;
    if (lookAt !== undefined && lookAt <= now()) void this.#look();
    else if (!this.#timer) this.#arm();
  }

  /** It is a person's turn, or no more. */
  waits(forPerson: boolean): void {
    this.#dog.waits(forPerson, now());
    this.#arm();
  }

  end(): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }

  /** The alarm is set once; where there was life in between, it only sets itself anew. */
  #arm(): void {
    const { lookAt } = this.#dog;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (lookAt === undefined || this.#over) return;
    this.#timer = setTimeout(() => this.#alarm(), Math.min(Math.max(1, lookAt - now()), 2 ** 31 - 1));
    this.#timer.unref();
  }

  #alarm(): void {
    const { lookAt } = this.#dog;
    if (lookAt !== undefined && lookAt <= now()) void this.#look();
    else this.#arm();
  }

  async #look(): Promise<void> {
    if (this.#looking || this.#over) return;
    this.#looking = true;
    // What happens while it looks may be seen or not: the next look asks for it again.
    const begun = now();
    const sign = await this.#sign();
    this.#looking = false;
    this.#hear(this.#dog.looked(sign, begun));
    this.#arm();
  }

  async #sign(): Promise<Sign> {
    const ago = now() - this.#dog.since;
    // File systems stamp with a clock that ticks some milliseconds behind.
    const since = Math.max(this.#begun, Date.now() - ago - 20);
    const { changedSince, madeSince } = await import('./signs.ts');
    const [living, changed, made] = await Promise.all([
      this.#living(),
      changedSince(this.#folder, since),
      this.#dog.isBarren ? madeSince(this.#folder, since) : [],
    ]);
    const cpu = living.reduce((sum, row) => sum + row.cpu, 0);
    return { cpu, commands: living.map(({ command }) => command), changed, made };
  }

  #hear(verdict: Verdict | undefined): void {
    if (!verdict || this.#over) return;
    this.end();
    this.#onVerdict(verdict);
  }
}
