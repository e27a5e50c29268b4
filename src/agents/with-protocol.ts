import type { AgentEvent, AgentOutcome } from '../model/run/job.ts';
import type { AgentReader, ProgramExit } from './agent.ts';
import { saysUnknownSession } from './failure.ts';
import { type Progress, TextProtocol } from './text-protocol.ts';

/**
 * Hears the text protocol in what any agent says, whatever its adapter. `plain`: its output lines are its words; else
 * only its text is, not what its tools print.
 *
 * [FAILED] and [BLOCKED] in its final text make the attempt failed, also where the program ended well. [COMPLETE]
 * makes nothing succeed.
 */
export class ProtocolReader implements AgentReader {
  readonly #reader: AgentReader;
  readonly #plain: boolean;
  readonly #protocol = new TextProtocol();
  readonly #news = new News();
  /** A line of its text that is not over yet: some agents say their text in pieces. */
  #rest = '';
  /** It did something since it last spoke, so what it says next is another text. */
  #acted = false;
  #final: Progress | undefined;

  constructor(reader: AgentReader, { plain }: { plain: boolean }) {
    this.#reader = reader;
    this.#plain = plain;
  }

  get wantsWholeLines(): boolean {
    return this.#reader.wantsWholeLines === true;
  }

  line(line: string, stream: 'stdout' | 'stderr'): AgentEvent[] {
    return this.#reader.line(line, stream).flatMap((event) => [...this.hear(event), event]);
  }

  /** The progress that is told with an event. */
  hear(event: AgentEvent): Progress[] {
    if (event.type === 'output') return this.#plain && event.stream === 'stdout' ? this.#take([event.text]) : [];
    if (event.type === 'toolStarted' || event.type === 'toolEnded') {
      this.#acted = true;
      return this.#flush();
    }
    if (event.type === 'plan') return this.#tell([stepsDone(event)]);
    return event.type === 'text' && !this.#plain ? this.#text(event.text) : [];
  }

  outcome(exit: ProgramExit): AgentOutcome {
    const outcome = this.judge(this.#reader.outcome(exit), exit);
    if (outcome.kind !== 'failed' || !saysUnknownSession(outcome.message)) return outcome;
    return { ...outcome, unknownSession: true };
  }

  /** What the agent said of itself against what its program made of it. */
  judge(outcome: AgentOutcome, { stopped }: Pick<ProgramExit, 'stopped'>): AgentOutcome {
    this.#flush();
    this.#take([], true);
    const final = this.#final;
    if (stopped || (final?.state !== 'failed' && final?.state !== 'blocked')) return outcome;
    const { summary, usage, session } = outcome;
    const about = { summary, ...(usage ? { usage } : {}), ...(session === undefined ? {} : { session }) };
    const word = final.state === 'failed' ? 'It says that it failed' : 'It says that it is blocked';
    const reason = `${word}${final.text && `: ${final.text}`}`;
    if (outcome.kind === 'failed') return { ...outcome, message: `${reason}\n${outcome.message}` };
    // What blocks it will block another attempt as well, until a person does something about it.
    return { ...about, kind: 'failed', type: final.state === 'failed' ? 'fixable' : 'escalate', message: reason };
  }

  #text(text: string): Progress[] {
    if (this.#acted) this.#final = undefined;
    this.#acted = false;
    const whole = /^[\n[]/.test(text) && this.#rest !== '' ? `${this.#rest}\n${text}` : this.#rest + text;
    const lines = whole.slice(-LONGEST_TEXT).split('\n');
    this.#rest = lines.pop() ?? '';
    return this.#take(lines);
  }

  #flush(): Progress[] {
    const rest = this.#rest;
    this.#rest = '';
    return rest === '' ? [] : this.#take([rest]);
  }

  #take(lines: readonly string[], end = false): Progress[] {
    const told = [...lines.flatMap((line) => this.#protocol.line(line)), ...(end ? this.#protocol.end() : [])];
    this.#final = told.findLast(({ state }) => ENDS.has(state)) ?? this.#final;
    return this.#tell(told);
  }

  #tell(told: readonly Progress[]): Progress[] {
    return told
      .filter((progress) => this.#news.is(progress))
      .map((progress) => ({ ...progress, text: short(progress.text) }));
  }
}

/** How far its list of steps says that it is: how many are done, and which is next. */
function stepsDone({ entries }: Extract<AgentEvent, { type: 'plan' }>): Progress {
  const done = entries.filter((entry) => entry.done).length;
  const percent = Math.round((done * 100) / Math.max(1, entries.length));
  return { type: 'progress', state: 'working', percent, text: entries.find((entry) => !entry.done)?.text ?? '' };
}

/** The journal holds it: one line, not long. */
const short = (text: string): string => text.replaceAll('\n', '; ').slice(0, 200);

const LONGEST_TEXT = 1024 * 1024;
const ENDS: ReadonlySet<Progress['state']> = new Set(['complete', 'failed', 'blocked']);

/** Progress goes into the journal, so a few are told: another state, or another ten percent. */
class News {
  #told = '';
  #left = 30;

  is({ state, percent }: Progress): boolean {
    const key = `${state} ${percent === undefined ? '' : Math.floor(percent / 10)}`;
    if (key === this.#told || this.#left === 0) return false;
    this.#told = key;
    this.#left -= 1;
    return true;
  }
}
