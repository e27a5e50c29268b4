import { defined } from '../model/defined.ts';
import type { AgentEvent, AgentOutcome, FailureType, Stopped } from '../model/run/job.ts';
import { type Json, textOf } from './json.ts';

/* What the adapters have in common. */

/** The options of a command line, each with its value, without those that have none. */
export const optionsOf = (options: Readonly<Record<string, string | undefined>>): string[] =>
  Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));

/** The last lines of a program that were no events, standard error among them: evidence when nothing else is said. */
export class StrayLines {
  readonly #lines: string[] = [];

  /** Keeps a line, and tells it. The places of a stack are no evidence, and would push out what is. */
  add(line: string, stream: 'stdout' | 'stderr'): AgentEvent[] {
    if (!/^\s+at /.test(line)) this.#lines.push(line);
    if (this.#lines.length > 20) this.#lines.shift();
    return [{ type: 'output', stream, text: line }];
  }

  get text(): string {
    return this.#lines.join('\n').trim();
  }
}

/** The one of these inputs of a tool that is there; it tells a person most. Else all of them, as JSON. */
export const detailOf = (input: Json, telling: readonly string[]): string =>
  telling.map((name) => textOf(input[name])).find((text) => text !== undefined) ?? JSON.stringify(input);

type About = Pick<AgentOutcome, 'summary' | 'usage' | 'session'>;

/** What an outcome says however it ended: its last words, the tools that it was denied, and what is known besides. */
export function aboutOf(
  said: string,
  {
    denied = new Set(),
    ...known
  }: { denied?: ReadonlySet<string> } & { [K in 'usage' | 'session']?: About[K] | undefined },
): About {
  const refused = denied.size === 0 ? '' : `\n\nDenied: ${[...denied].join(', ')}.`;
  return { summary: `${said}${refused}`.trim(), ...defined(known) };
}

/** The outcome of an agent that was made to stop. A cancel is nobody's fault; the rest may be mended by the agent. */
export const stoppedOutcome = (stopped: Stopped): { kind: 'failed'; type: FailureType; message: string } => ({
  kind: 'failed',
  type: stopped === 'cancelled' ? 'transient' : 'fixable',
  message: `The attempt ${WHY[stopped]} and was ended.`,
});

const WHY: Record<Stopped, string> = {
  cancelled: 'was cancelled',
  timedOut: 'took longer than allowed',
  idle: 'showed no sign of life',
  noEffect: 'went on without any effect',
  flood: 'printed more than anybody can read',
  tools: 'used more tools than allowed',
  budget: 'spent its budget',
};
