/** The last lines of a program that were no events, standard error among them: evidence when nothing else is said. */
export class StrayLines {
  readonly #lines: string[] = [];

  add(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > 20) this.#lines.shift();
  }

  get text(): string {
    return this.#lines.join('\n').trim();
  }
}
