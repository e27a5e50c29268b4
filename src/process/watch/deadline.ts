import { steadyTime } from '../clock.ts';

/** A limit of wall clock that stands still while somebody else has to do something. */
export class Deadline {
  readonly #onOver: () => void;
  #left: number | undefined;
  #since = steadyTime();
  #timer: NodeJS.Timeout | undefined;

  /** `limit` in milliseconds; none when undefined. */
  constructor(limit: number | undefined, onOver: () => void) {
    this.#left = limit;
    this.#onOver = onOver;
    this.#goOn();
  }

  waits(forSomebody: boolean): void {
    if (forSomebody) this.#hold();
    else this.#goOn();
  }

  #hold(): void {
    if (this.#timer && this.#left !== undefined) this.#left -= steadyTime() - this.#since;
    this.end();
  }

  #goOn(): void {
    if (this.#left === undefined || this.#timer) return;
    this.#since = steadyTime();
    this.#timer = setTimeout(this.#onOver, Math.min(Math.max(0, this.#left), LONGEST_TIMER));
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** Milliseconds; a longer timer would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;
