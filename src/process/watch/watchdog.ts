import type { AgentEvent, Stopped, WatchLimits } from '../../model/run/job.ts';
import { capText, isOver, usageText } from '../../model/crew/spending.ts';
import { sizeText } from '../../model/text/size.ts';
import { SameError } from './same-error.ts';

/** What a look at the job's processes and its worktree shows. */
export interface Sign {
  /** Milliseconds of processor time that the process set has used so far. */
  cpu: number;
  /** Names of the programs that are alive. */
  commands: readonly string[];
  /** A file or a commit of the worktree is newer than the moment that was asked about. */
  changed: boolean;
  /** What was changed since then, in texts that are the same where it holds the same; only for who is barren. */
  made: readonly string[];
}

export interface Verdict {
  stopped: Stopped;
  /** For the person who reads why, and for the agent that tries next. */
  because: string;
}

/** What ends a job whose wall clock has run down. */
export const TIMED_OUT: Verdict = { stopped: 'timedOut', because: 'It ran longer than its limit.' };

/** Why a job was made to stop. Aborted without a verdict, it was told to end. */
export function reasonOf({ aborted, reason }: AbortSignal): Partial<Verdict> {
  if (!aborted) return {};
  return isVerdict(reason) ? reason : { stopped: 'cancelled' };
}

const isVerdict = (value: unknown): value is Verdict =>
  typeof value === 'object' && value !== null && 'because' in value;

/**
 * Tells work from its appearance. Pure: whoever owns it tells it what happened and when (milliseconds of a clock that
 * stands still while the machine sleeps), looks when it asks to, and ends the job on its word.
 *
 * Alive is who prints something not printed before, uses the processor, starts another program, writes a file or
 * commits. So a spinner is not alive and a long test run that prints nothing is. An effect is a tool's new output, a
 * commit, or a file that holds what it did not hold before.
 */
export class Watchdog {
  readonly #limits: WatchLimits;
  readonly #said = new Recent();
  readonly #found = new Recent();
  readonly #made = new Set<string>();
  readonly #errors: SameError;
  readonly #commands = new Set<string>();
  #aliveAt: number;
  #lookedAt: number;
  #cpu = 0;
  #tools = 0;
  #barren = 0;
  /** It waits for a person: until then it is not its turn. */
  #waits = false;
  #effectAt: number;
  #window: { from: number; bytes: number };

  constructor(limits: WatchLimits, now: number) {
    this.#limits = limits;
    this.#aliveAt = now;
    this.#lookedAt = now;
    this.#effectAt = now;
    this.#window = { from: now, bytes: 0 };
    this.#errors = new SameError(limits.errors);
  }

  /** The moment of the next look; none where nothing needs one. A job that shows itself alive is not looked at. */
  get lookAt(): number | undefined {
    if (this.isBarren) return this.#aliveAt;
    const { idle } = this.#limits;
    return idle === undefined || this.#waits ? undefined : Math.max(this.#aliveAt, this.#lookedAt) + idle / LOOKS;
  }

  /** A look asks for changes from here on. */
  get since(): number {
    return this.isBarren ? this.#effectAt : this.#lookedAt;
  }

  waits(forPerson: boolean, now: number): void {
    this.#waits = forPerson;
    this.#aliveAt = now;
  }

  printed(bytes: number, now: number): Verdict | undefined {
    const { flood } = this.#limits;
    if (now - this.#window.from >= MINUTE) this.#window = { from: now, bytes: 0 };
    this.#window.bytes += bytes;
    if (flood === undefined || this.#window.bytes <= flood) return undefined;
    return { stopped: 'flood', because: `It printed more than ${sizeText(flood)} within a minute.` };
  }

  happened(events: readonly AgentEvent[], now: number): Verdict | undefined {
    for (const event of events) {
      if (this.#said.isNew(saying(event))) this.#aliveAt = now;
      if (event.type === 'toolStarted') this.#tools += 1;
      const because = this.#errors.hear(event);
      if (because !== undefined) return { stopped: 'noEffect', because };
      if (event.type !== 'toolEnded') continue;
      const isNew = this.#found.isNew(`${event.failed} ${event.output}`);
      this.#barren = isNew ? 0 : this.#barren + 1;
      if (isNew) this.#effectAt = now;
    }
    return this.#overBudget(events) ?? this.#tooManyTools();
  }

  #overBudget(events: readonly AgentEvent[]): Verdict | undefined {
    const { budget } = this.#limits;
    const over = events.find((event) => event.type === 'usage' && isOver(budget, event.usage));
    if (!budget || over?.type !== 'usage') return undefined;
    return { stopped: 'budget', because: `It spent ${usageText(over.usage)} of ${capText(budget)}.` };
  }

  #tooManyTools(): Verdict | undefined {
    const { tools } = this.#limits;
    if (tools === undefined || this.#tools <= tools) return undefined;
    return { stopped: 'tools', because: `It used more than ${tools} tools.` };
  }

  looked({ cpu, commands, changed, made }: Sign, now: number): Verdict | undefined {
    const elapsed = now - this.#lookedAt;
    const busy = cpu - this.#cpu > elapsed * BUSY;
    const fresh = commands.filter((command) => !this.#commands.has(command)).length > 0;
    for (const command of commands) this.#commands.add(command);
    const { idle } = this.#limits;
    if (this.isBarren && !this.#isEffect(made, now)) return this.#withoutEffect(changed);
    if (busy || fresh || changed) this.#aliveAt = now;
    this.#cpu = cpu;
    this.#lookedAt = now;
    if (idle === undefined || now - this.#aliveAt < idle) return undefined;
    const because = `For ${timeText(idle)} it printed nothing new, used no processor time and changed no file.`;
    return { stopped: 'idle', because };
  }

  #isEffect(made: readonly string[], now: number): boolean {
    const news = made.filter((one) => !this.#made.has(one));
    for (const one of news) this.#made.add(one);
    if (news.length === 0) return false;
    this.#barren = 0;
    this.#effectAt = now;
    return true;
  }

  #withoutEffect(changed: boolean): Verdict {
    const meanwhile = changed ? 'its files hold what they held before' : 'no file was changed meanwhile';
    return { stopped: 'noEffect', because: `Its last ${this.#limits.steps} tools gave nothing new, and ${meanwhile}.` };
  }

  /** So many tools gave nothing new that only what they left behind can show an effect. */
  get isBarren(): boolean {
    return this.#limits.steps !== undefined && this.#barren >= this.#limits.steps;
  }
}

/** So many looks while an idle limit runs: each costs a reading of the process table. */
const LOOKS = 4;
const MINUTE = 60_000;
/** The share of one processor below which a program only waits: event loops tick, sockets are kept alive. */
const BUSY = 0.03;

/** What an event says that may be new; that the model is tried once more is no sign of life. */
function saying(event: AgentEvent): string {
  switch (event.type) {
    case 'permissionAsked':
    case 'permissionSettled':
    case 'ordered':
    case 'retry':
    case 'usage':
    case 'measured':
      return '';
    case 'plan':
      return event.entries.map(({ text, done }) => `${done} ${text}`).join('\n');
    case 'toolStarted':
      return `${event.name} ${event.detail}`;
    case 'toolEnded':
      return event.output;
    case 'denied':
      return event.detail;
    case 'session':
      return event.id;
    case 'error':
    case 'ended':
      return event.message;
    case 'other':
      return event.name;
    case 'text':
    case 'thinking':
    case 'progress':
    case 'output':
      return event.text;
  }
}

const MOST_TEXTS = 256;

/** The texts heard last. Numbers, colours and spinners do not make a text another one. */
class Recent {
  readonly #texts = new Set<string>();

  isNew(text: string): boolean {
    const letters = text.slice(0, 4000).replaceAll(/\[[\d;]*m|[^\p{L}]/gu, '');
    if (letters === '' || this.#texts.delete(letters)) {
      if (letters !== '') this.#texts.add(letters);
      return false;
    }
    this.#texts.add(letters);
    const [oldest] = this.#texts;
    if (this.#texts.size > MOST_TEXTS && oldest !== undefined) this.#texts.delete(oldest);
    return true;
  }
}

function timeText(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  return seconds >= 120 ? `${Math.round(seconds / 60)} minutes` : `${Math.round(seconds * 10) / 10} seconds`;
}
