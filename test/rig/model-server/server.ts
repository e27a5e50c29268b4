import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { anthropic } from './anthropic.ts';
import { chat } from './chat.ts';
import type { Dialect } from './dialect.ts';
import { gemini } from './gemini.ts';
import { responses } from './responses.ts';
import { callId, type Answer, type Fault, type ModelRequest, type Script, type Step } from './script.ts';

const DIALECTS: readonly Dialect[] = [anthropic, responses, chat, gemini];

/** A model on loopback that says what a test wrote down. Each run has a URL of its own, so many go on at once. */
export class ModelServer {
  readonly #server: Server;
  readonly #runs = new Map<string, ScriptedRun>();

  private constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  static async open(): Promise<ModelServer> {
    const server = new ModelServer();
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  /** Adds a run; its `url` is the base URL to give to the program. */
  run(script: Script): ScriptedRun {
    const address = this.#server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const name = `run-${this.#runs.size + 1}`;
    const run = new ScriptedRun(script, `http://127.0.0.1:${port}/${name}`);
    this.#runs.set(name, run);
    return run;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, name = '', rest = ''] = /^\/([^/]+)(\/[^?]*)/.exec(request.url ?? '') ?? [];
    const body = await bodyOf(request);
    const run = this.#runs.get(name);
    const dialect = DIALECTS.find((one) => one.answers(rest));
    if (run && dialect && request.method === 'POST')
      return run.answer(dialect, dialect.read(body, rest), { body, response });
    response.statusCode = 404;
    response.end('{}');
  }
}

/** One run's script, and what was asked of it. */
export class ScriptedRun {
  readonly url: string;
  readonly requests: ModelRequest[] = [];
  /** The same requests as they came, JSON. */
  readonly bodies: string[] = [];
  readonly #script: Script;
  readonly #faultsDone = new Map<number, number>();
  readonly #wanted = new Set<{ met: () => boolean; resolve: () => void }>();

  constructor(script: Script, url: string) {
    this.#script = script;
    this.url = url;
  }

  /** Resolves when a request for this step, from 0, has come. */
  asked(step: number): Promise<void> {
    return this.#until(() => this.#asked.some(({ round }) => round === step));
  }

  /** Resolves when so many requests have come, for whichever step. */
  askedTimes(count: number): Promise<void> {
    return this.#until(() => this.#asked.length >= count);
  }

  answer(
    dialect: Dialect,
    request: ModelRequest,
    { body, response }: { body: unknown; response: ServerResponse },
  ): void {
    this.requests.push(request);
    this.bodies.push(JSON.stringify(body));
    // Titles and summaries are no part of the script.
    if (request.tools.length === 0) return dialect.reply(response, { text: 'ok', calls: [] }, request);
    for (const { met, resolve } of this.#wanted) if (met()) resolve();
    const step = this.#script.steps[request.round] ?? { text: 'The script is over.' };
    const fault = this.#nextFault(request.round, step);
    if (fault) return fail(dialect, fault, response, request);
    const reply = (): void => dialect.reply(response, answerOf(dialect, step, request), request);
    if (step.after) void step.after.then(reply);
    else reply();
  }

  /** Requests with tools: those the script is about. */
  get #asked(): readonly ModelRequest[] {
    return this.requests.filter(({ tools }) => tools.length > 0);
  }

  #until(met: () => boolean): Promise<void> {
    return met() ? Promise.resolve() : new Promise((resolve) => this.#wanted.add({ met, resolve }));
  }

  #nextFault(round: number, { faults = [] }: Step): Fault | undefined {
    const done = this.#faultsDone.get(round) ?? 0;
    this.#faultsDone.set(round, done + 1);
    const last = faults.at(-1);
    return faults[done] ?? (last?.forever ? last : undefined);
  }
}

function answerOf(dialect: Dialect, step: Step, { round, tools }: ModelRequest): Answer {
  const calls = (step.actions ?? []).map((action, index) => ({
    id: callId(round, index),
    ...dialect.call(action, tools),
  }));
  return { text: step.text ?? '', calls, ...(step.thinking === undefined ? {} : { thinking: step.thinking }) };
}

function fail(dialect: Dialect, fault: Fault, response: ServerResponse, request: ModelRequest): void {
  switch (fault.kind) {
    case 'status':
      response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers });
      response.end(JSON.stringify(fault.body ?? dialect.error(fault)));
      return;
    case 'hang':
      return;
    case 'cut':
      dialect.begin(response, request);
      response.once('drain', () => response.destroy());
      setImmediate(() => response.destroy());
      return;
    case 'malformed':
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html>This is a login page.</html>');
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return {};
  }
}
