/** The last lines of a program that were no events, standard error among them: evidence when nothing else is said. */
export class StrayLines {
  readonly #lines: string[] = [];

  /** The places of a stack are no evidence, and would push out what is. */
  add(line: string): void {
    if (/^\s+at /.test(line)) return;
    this.#lines.push(line);
    if (this.#lines.length > 20) this.#lines.shift();
  }

  get text(): string {
    return this.#lines.join('\n').trim();
  }
}
