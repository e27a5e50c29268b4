import { setTimeout as wait } from 'node:timers/promises';
import { type ClientContext, client, methods, type Stream } from '@agentclientprotocol/sdk';
import { choiceCalls } from '../agents/acp/choices.ts';
import { AcpReader } from '../agents/acp/reader.ts';
import type { AgentReader, ProgramExit } from '../agents/agent.ts';
import { type Json, numberOf, objectOf, parseObject, textOf } from '../agents/json.ts';
import type { AgentEvent, AgentOutcome, Conversation, Reply, Steering } from '../model/run/job.ts';
import { Permissions } from './permissions.ts';

export interface TalkOptions {
  conversation: Conversation;
  /** The worktree. */
  cwd: string;
  /** Writes one line to the program. */
  send: (line: string) => void;
  /** Tells the program that nothing more comes. */
  hangUp: () => void;
  note: (events: readonly AgentEvent[]) => void;
  /** Whether the agent waits for a person, who may take any time. */
  onWaiting: (waits: boolean) => void;
}

/**
 * One conversation with an agent over the Agent Client Protocol: opens a session, says the prompt and what a person adds,
 * one turn after the other and never two at once, and hands a person's leave on. Neither files nor terminals are
 * offered: agents have their own.
 */
export class Talk implements AgentReader {
  readonly wantsWholeLines = true;
  readonly #options: TalkOptions;
  readonly #reader: AcpReader;
  readonly #permissions: Permissions;
  readonly #queue: string[] = [];
  readonly #over = new AbortController();
  /** Runs from the first prompt on: how long a program takes to start says nothing of its model. */
  #stalled: NodeJS.Timeout | undefined;
  #incoming: ReadableStreamDefaultController<Json> | undefined;
  #agent: ClientContext | undefined;
  #init: Json = {};
  #session = '';
  #inTurn = false;
  /** A person interrupted it: it waits for what they say next. */
  #held: (() => void) | undefined;
  #left: Promise<void> | undefined;

  constructor(options: TalkOptions) {
    this.#options = options;
    this.#reader = new AcpReader(options.conversation);
    this.#permissions = new Permissions({ ...options, policy: options.conversation.permissions, reader: this.#reader });
  }

  line(line: string, stream: 'stdout' | 'stderr'): AgentEvent[] {
    this.#stalled?.refresh();
    const message = stream === 'stdout' ? parseObject(line) : undefined;
    const events = this.#reader.line(line, stream);
    if (message && message['method'] !== 'session/update' && !this.#over.signal.aborted)
      this.#incoming?.enqueue(message);
    return events;
  }

  outcome(exit: ProgramExit): AgentOutcome {
    clearTimeout(this.#stalled);
    return this.#reader.outcome(exit);
  }

  /** Resolves when all is said, or cannot be said: the program is of no more use then. */
  async run(): Promise<void> {
    try {
      await this.#open();
      await this.#turns(this.#options.conversation.prompt);
    } catch (error) {
      // Of a program that is gone, its exit tells more.
      if (!this.#over.signal.aborted) this.#reader.failed(problemOf(error));
    }
    await this.#leave();
  }

  /** The program is gone. */
  close(): void {
    if (this.#over.signal.aborted) return;
    this.#over.abort();
    clearTimeout(this.#stalled);
    this.#incoming?.close();
    this.#held?.();
  }

  /** The polite way to stop: resolves when the agent says that it did. */
  async cancel(): Promise<void> {
    this.#queue.length = 0;
    await this.#interrupt();
    await this.#leave();
  }

  async steer(steering: Steering): Promise<Reply> {
    switch (steering.kind) {
      case 'answer':
        this.#stalled?.refresh();
        return this.#permissions.answer(steering.permission, steering.option);
      case 'message':
        return this.#message(steering.text);
      case 'interrupt':
        if (!this.#inTurn) return { kind: 'refused', reason: 'it does nothing that could be interrupted' };
        this.#held = () => undefined;
        await this.#interrupt();
        return { kind: 'applied' };
    }
  }

  async #open(): Promise<void> {
    const app = client({ name: 'orchestrate' }).onRequest(
      methods.client.session.requestPermission,
      (params: unknown) => objectOf(params) ?? {},
      ({ params }) => this.#permissions.request(params),
    );
    this.#agent = app.connect(this.#stream()).agent;
    this.#init = await this.#request(methods.agent.initialize, {
      protocolVersion: 1,
      clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
      clientInfo: { name: 'orchestrate', title: 'Orchestrate', version: '0' },
    });
    const opened = (await this.#resume()) ?? (await this.#request(methods.agent.session.new, this.#place()));
    this.#session = textOf(opened['sessionId']) ?? this.#options.conversation.resume ?? '';
    this.#options.note(this.#reader.began(this.#session));
    for (const [method, params] of choiceCalls(opened, this.#options.conversation))
      await this.#request(method, { sessionId: this.#session, ...params });
  }

  /** The earlier session, where one is to be gone on with. That it is gone is a failure in known words. */
  async #resume(): Promise<Json | undefined> {
    const { resume } = this.#options.conversation;
    if (resume === undefined || objectOf(this.#init['agentCapabilities'])?.['loadSession'] !== true) return undefined;
    try {
      return await this.#request(methods.agent.session.load, { ...this.#place(), sessionId: resume });
    } catch (error) {
      throw new Error(`No session found with session ID ${resume}: ${problemOf(error).message}`, { cause: error });
    }
  }

  #place(): Json {
    return { cwd: this.#options.cwd, mcpServers: [] };
  }

  async #turns(prompt: string): Promise<void> {
    for (let text: string | undefined = prompt; text !== undefined; text = await this.#next()) {
      this.#reader.turn();
      this.#inTurn = true;
      this.#stalled = setTimeout(() => this.#stall(), this.#options.conversation.stall);
      try {
        const said = [{ type: 'text', text }];
        await this.#request(methods.agent.session.prompt, { sessionId: this.#session, prompt: said });
      } finally {
        this.#inTurn = false;
        clearTimeout(this.#stalled);
      }
    }
  }

  /** What was said meanwhile; one that was interrupted waits for it. */
  async #next(): Promise<string | undefined> {
    if (this.#queue.length === 0 && this.#held && !this.#over.signal.aborted) {
      this.#options.onWaiting(true);
      await new Promise<void>((resolve) => {
        this.#held = resolve;
      });
      this.#options.onWaiting(false);
    }
    this.#held = undefined;
    return this.#queue.shift();
  }

  async #message(text: string): Promise<Reply> {
    if (this.#over.signal.aborted) return { kind: 'missed' };
    if (this.#inTurn && !this.#held && (await this.#inject(text))) return { kind: 'applied' };
    this.#queue.push(text);
    const waits = !this.#inTurn;
    this.#held?.();
    return waits ? { kind: 'applied' } : { kind: 'queued' };
  }

  /** Some take a message in the middle of a turn; none may be sent a second prompt. */
  async #inject(text: string): Promise<boolean> {
    const steering = objectOf(objectOf(this.#init['_meta'])?.['steering']);
    const within = objectOf(objectOf(objectOf(this.#init['agentCapabilities'])?.['_meta'])?.['steering']);
    if ((steering ?? within)?.['supported'] !== true) return false;
    const prompt = [{ type: 'text', text }];
    const answer = await this.#request('_session/steering', { sessionId: this.#session, prompt }).catch(
      () => undefined,
    );
    return answer !== undefined;
  }

  /** Open questions are answered as cancelled first: some agents stop only then. */
  async #interrupt(): Promise<void> {
    if (!this.#inTurn) return;
    this.#permissions.takeBack();
    await this.#agent?.notify(methods.agent.session.cancel, { sessionId: this.#session }).catch(() => undefined);
  }

  #stall(): void {
    if (this.#permissions.areAsked || this.#reader.tools.atWork) {
      this.#stalled?.refresh();
      return;
    }
    const minutes = Math.round(this.#options.conversation.stall / 6000) / 10;
    this.#reader.failed({ kind: 'stalled', minutes });
    this.#options.note([{ type: 'error', message: `nothing was heard of it for ${minutes} min` }]);
    void this.#interrupt().then(() => this.#leave());
  }

  /** Closes the session where that is offered: with some, only that ends what a tool still does. */
  #leave(): Promise<void> {
    this.#left ??= this.#takeLeave();
    return this.#left;
  }

  async #takeLeave(): Promise<void> {
    if (this.#over.signal.aborted) return;
    const session = objectOf(objectOf(this.#init['agentCapabilities'])?.['sessionCapabilities']);
    if (this.#session !== '' && session?.['close'] !== undefined && session['close'] !== null) {
      const closed = this.#request(methods.agent.session.close, { sessionId: this.#session }).catch(() => undefined);
      await Promise.race([closed, wait(PATIENCE)]);
    }
    this.#options.hangUp();
    this.close();
  }

  #stream(): Stream {
    const readable = new ReadableStream<Json>({ start: (controller) => void (this.#incoming = controller) });
    const writable = new WritableStream<object>({ write: (message) => this.#options.send(JSON.stringify(message)) });
    return { readable, writable } as unknown as Stream;
  }

  async #request(method: string, params: Json): Promise<Json> {
    if (!this.#agent) throw new Error('there is no connection');
    return objectOf(await this.#agent.request(method, params)) ?? {};
  }
}

/** Milliseconds for a session to be closed. */
const PATIENCE = 2000;

function problemOf(error: unknown): { kind: 'error'; code: number; message: string } {
  const found = error instanceof Error ? (error as Error & { code?: unknown; data?: unknown }) : undefined;
  const data = textOf(found?.data) ?? textOf(objectOf(found?.data)?.['details']);
  return {
    kind: 'error',
    code: numberOf(found?.code) ?? 0,
    message: [found?.message ?? String(error), ...(data ? [data] : [])].join(': '),
  };
}
