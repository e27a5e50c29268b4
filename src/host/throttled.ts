/**
 * Calls `draw` at once, and then at most once in `interval` milliseconds however often it is asked for; what was asked
 * for in between is drawn when the interval is over. A drawing that takes long is followed by a pause four times as
 * long, so that a run of ten thousand tasks leaves the editor its time. Nothing runs while nothing changes.
 */
export class Throttled implements Disposable {
  readonly #draw: () => void;
  readonly #interval: number;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;
  #asked = false;

  constructor(draw: () => void, interval: number, now = () => performance.now()) {
    this.#draw = draw;
    this.#interval = interval;
    this.#now = now;
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
    const began = this.#now();
    // Set before it draws: what is asked for meanwhile comes afterwards.
    const timer = (this.#timer = this.#wait(this.#interval));
    this.#draw();
    const pause = SHARE * (this.#now() - began);
    if (pause <= this.#interval || this.#timer !== timer) return;
    clearTimeout(timer);
    this.#timer = this.#wait(pause);
  }

  #wait(milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => this.#run(), milliseconds);
  }
}

const SHARE = 4;
