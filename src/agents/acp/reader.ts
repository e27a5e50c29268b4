import type { AgentEvent, AgentOutcome, Conversation, Usage } from '../../model/run/job.ts';
import type { AgentReader, ProgramExit } from '../agent.ts';
import { failed } from '../failure.ts';
import { numberOf, objectOf, objectsOf, parseObject, textOf, type Json } from '../json.ts';
import { failureOfTurn, type Turn } from './failure.ts';
import { Tools } from './tools.ts';
import { aboutOf, stoppedOutcome, StrayLines } from '../adapter.ts';

type Spoken = Pick<Conversation, 'failureText' | 'noticeText' | 'countsTokens'>;

/**
 * Reads what an agent says over the protocol: its updates in the order they come, and how each turn ended. It sees only
 * the agent's side, so it needs no connection, and reads a recording as well.
 */
export class AcpReader implements AgentReader {
  readonly tools = new Tools();
  readonly #countsTokens: boolean;
  readonly #failureText: RegExp | undefined;
  readonly #noticeText: RegExp | undefined;
  readonly #stray = new StrayLines();
  #session: string | undefined;
  /** What a loaded session repeats of its past is no news. */
  #listens = false;
  #turn: Turn = { said: '', didSomething: false };
  #text = '';
  #message: string | undefined;
  #usage: Usage | undefined;

  constructor({ failureText, noticeText, countsTokens = false }: Spoken) {
    this.#noticeText = noticeText === undefined ? undefined : new RegExp(noticeText);
    this.#countsTokens = countsTokens;
    this.#failureText = failureText === undefined ? undefined : new RegExp(failureText, 'i');
  }

  line(line: string, stream: 'stdout' | 'stderr'): AgentEvent[] {
    const message = stream === 'stdout' ? parseObject(line) : undefined;
    if (!message) return this.#stray.add(line, stream);
    if (message['method'] === 'session/update') return this.#update(objectOf(message['params']) ?? {});
    return this.#answer(message);
  }

  /** The session is there. */
  began(session: string): AgentEvent[] {
    this.#session = session;
    return [{ type: 'session', id: session }];
  }

  /** A turn begins; what comes from here on is its. */
  turn(): void {
    this.#listens = true;
    this.#turn = { said: '', didSomething: false };
  }

  /** A person said no to something in this turn. */
  rejected(what: string): void {
    this.#turn = { ...this.#turn, rejected: what, didSomething: false, said: '' };
  }

  /** The turn cannot be had: no connection, no session, no word. */
  failed(problem: NonNullable<Turn['problem']>): void {
    this.#turn.problem ??= problem;
  }

  outcome(exit: ProgramExit): AgentOutcome {
    const about = aboutOf(this.#text || this.#turn.said, { usage: this.#usage, session: this.#session });
    if (exit.stopped) return { ...about, ...stoppedOutcome(exit.stopped) };
    const evidence = { exit, stray: this.#stray.text, countsTokens: this.#countsTokens };
    const failure = failureOfTurn(this.#turn, evidence, Date.now());
    return failure ? failed(about, failure) : { ...about, kind: 'succeeded' };
  }

  #update(params: Json): AgentEvent[] {
    const update = objectOf(params['update']) ?? {};
    const name = textOf(update['sessionUpdate']) ?? 'update';
    if (!this.#listens) return [{ type: 'other', name }];
    if (name === 'agent_message_chunk') return this.#say(update);
    const events = [...this.#flush(), ...this.#read(name, update)];
    if (events.length > 0) delete this.#turn.failedWords;
    return events.length > 0 ? events : [{ type: 'other', name }];
  }

  #read(name: string, update: Json): AgentEvent[] {
    switch (name) {
      case 'agent_thought_chunk': {
        const text = textOf(objectOf(update['content'])?.['text']) ?? '';
        return text === '' ? [] : [{ type: 'thinking', text }];
      }
      case 'tool_call':
      case 'tool_call_update': {
        // What is still said of a tool that a person did not allow is nothing that was done.
        const events = this.tools.take(update);
        if (events.length > 0) this.#turn.didSomething = true;
        return events;
      }
      case 'plan': {
        const entries = objectsOf(update['entries']);
        return entries.length === 0 ? [] : [{ type: 'plan', entries: entries.map(planEntry) }];
      }
      case 'usage_update': {
        const cost = numberOf(objectOf(update['cost'])?.['amount']);
        if (cost !== undefined) this.#usage = { inputTokens: 0, outputTokens: 0, ...this.#usage, cost };
        return [];
      }
      default:
        return [];
    }
  }

  /** Words come in pieces: they are told a message at a time. */
  #say(update: Json): AgentEvent[] {
    const text = textOf(objectOf(update['content'])?.['text']) ?? '';
    const message = textOf(update['messageId']);
    if (this.#noticeText?.test(text)) return [...this.#flush(), { type: 'output', stream: 'stdout', text }];
    const isFailure = this.#failureText?.test(text) === true;
    const before = message === this.#message && !isFailure ? [] : this.#flush();
    if (isFailure) this.#turn.failedWords = text.trim();
    else delete this.#turn.failedWords;
    this.#message = message;
    this.#text += text;
    return before;
  }

  #flush(): AgentEvent[] {
    const text = this.#text;
    this.#text = '';
    if (text.trim() === '') return [];
    this.#turn.said = text;
    return [{ type: 'text', text }];
  }

  /** The answer to a prompt has a reason why it stopped; errors answer any request. */
  #answer(message: Json): AgentEvent[] {
    const method = textOf(message['method']);
    const error = objectOf(message['error']);
    const result = objectOf(message['result']) ?? {};
    if (method === undefined && error && this.#listens) return this.#broke(error);
    const reason = method === undefined ? textOf(result['stopReason']) : undefined;
    return reason === undefined
      ? [...this.#flush(), { type: 'other', name: method ?? 'answer' }]
      : this.#stopped(reason, result);
  }

  #broke(error: Json): AgentEvent[] {
    const message = wordsOf(error);
    this.#turn.problem ??= { kind: 'error', code: numberOf(error['code']) ?? 0, message };
    return [...this.#flush(), { type: 'ended', success: false, message }];
  }

  #stopped(reason: string, result: Json): AgentEvent[] {
    const said = this.#flush();
    this.#turn.stopReason = reason;
    const usage = usageOf(result);
    this.#turn.counted = usage !== undefined;
    this.#count(usage);
    const told: AgentEvent[] = this.#usage ? [{ type: 'usage', usage: this.#usage }] : [];
    const evidence = { exit: { code: 0, signal: null }, stray: '', countsTokens: this.#countsTokens };
    const failure = failureOfTurn(this.#turn, evidence, Date.now());
    return [...said, ...told, { type: 'ended', success: !failure, message: failure?.message ?? '' }];
  }

  /** Each answer counts the tokens of its own turn. */
  #count(turn: Pick<Usage, 'inputTokens' | 'outputTokens'> | undefined): void {
    const { inputTokens = 0, outputTokens = 0, ...more } = this.#usage ?? {};
    if (!turn) return;
    this.#usage = {
      inputTokens: inputTokens + turn.inputTokens,
      outputTokens: outputTokens + turn.outputTokens,
      ...more,
    };
  }
}

const planEntry = (entry: Json): { text: string; done: boolean } => ({
  text: textOf(entry['content']) ?? '',
  done: entry['status'] === 'completed',
});

/** The words of an error, and of what lies beneath it. */
function wordsOf(error: Json): string {
  const data = error['data'];
  const more = textOf(data) ?? textOf(objectOf(data)?.['details']) ?? textOf(objectOf(data)?.['message']) ?? '';
  return [textOf(error['message']) ?? '', more].filter((part) => part !== '').join(': ');
}

/** Tokens as one turn's answer counts them: in the protocol's own field, or in the one that came before it. */
function usageOf(result: Json): Pick<Usage, 'inputTokens' | 'outputTokens'> | undefined {
  const usage = objectOf(result['usage']);
  const quota = objectOf(objectOf(objectOf(result['_meta'])?.['quota'])?.['token_count']);
  if (usage) {
    const read = ['inputTokens', 'cachedReadTokens', 'cachedWriteTokens'];
    const inputTokens = read.reduce((sum, field) => sum + (numberOf(usage[field]) ?? 0), 0);
    return { inputTokens, outputTokens: numberOf(usage['outputTokens']) ?? 0 };
  }
  if (!quota) return undefined;
  return { inputTokens: numberOf(quota['input_tokens']) ?? 0, outputTokens: numberOf(quota['output_tokens']) ?? 0 };
}
