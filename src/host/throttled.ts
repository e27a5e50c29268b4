/**
 * Calls `draw` at once, and then at most once in `interval` milliseconds however often it is asked for; what was asked
 * for in between is drawn when the interval is over. Nothing runs while nothing changes.
 */
export class Throttled implements Disposable {
  readonly #draw: () => void;
  readonly #interval: number;
  #timer: NodeJS.Timeout | undefined;
  #asked = false;

  constructor(draw: () => void, interval: number) {
    this.#draw = draw;
    this.#interval = interval;
  }

  ask(): void {
    this.#asked = true;
    if (this.#timer === undefined) this.#run();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#asked = false;
  }

  #run(): void {
    this.#timer = undefined;
    if (!this.#asked) return;
    this.#asked = false;
    this.#timer = setTimeout(() => this.#run(), this.#interval);
    this.#draw();
  }
}
