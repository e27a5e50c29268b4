/*
 * The runner's own: `performance` loads ten modules of Node.js before it tells the time, and `timers/promises` more than
 * the one line that is needed of it.
 */

/** Milliseconds of a clock that nobody sets and that stands still while the machine sleeps. */
export const steadyTime = (): number => Number(process.hrtime.bigint() / 1_000_000n);

/** Resolves after so many milliseconds. */
export const wait = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
