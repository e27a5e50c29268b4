import type { AgentEvent } from '../../model/run/job.ts';

type ToolEnded = Extract<AgentEvent, { type: 'toolEnded' }>;

/**
 * Hears the same error again and again, word for word, among the last tools: what is done in between does not help.
 * Of `most` times, and of three times as many tools.
 */
export class SameError {
  readonly #most: number | undefined;
  readonly #last: string[] = [];
  /** Of the tools at work, by id. */
  readonly #details = new Map<string, string>();

  constructor(most: number | undefined) {
    this.#most = most;
  }

  /** Why it is enough, in a sentence; undefined while it is not. */
  hear(event: AgentEvent): string | undefined {
    if (this.#most === undefined) return undefined;
    if (event.type === 'toolStarted') this.#details.set(event.id, event.detail);
    return event.type === 'toolEnded' ? this.#ended(event, this.#most) : undefined;
  }

  #ended(event: ToolEnded, most: number): string | undefined {
    const error = event.failed ? this.#errorOf(event) : '';
    this.#details.delete(event.id);
    this.#last.push(error);
    if (this.#last.length > most * 3) this.#last.shift();
    if (error === '' || this.#last.filter((one) => one === error).length < most) return undefined;
    return `The same error came ${most} times: ${error.split('\n', 1)[0]?.slice(0, 200)}`;
  }

  #errorOf({ id, output }: ToolEnded): string {
    const said = output.slice(0, 4000).trim();
    return said.length >= TELLING ? said : [this.#details.get(id) ?? '', said].join(' ').trim();
  }
}

/** Characters. `exit 1` may be said of anything, and is the error of its command alone. */
const TELLING = 12;
