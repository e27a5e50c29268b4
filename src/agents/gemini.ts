import { ok, type Result } from '../model/failure.ts';
import type { AgentEvent, AgentOutcome, Usage } from '../model/run/job.ts';
import type { AgentReader, AgentRequest, AgentStart, ProcessAgent, ProgramExit } from './agent.ts';
import { CODING_AGENT } from './capabilities.ts';
import { LOOSENED } from './containment.ts';
import { failed } from './failure.ts';
import { geminiFailure } from './gemini-failure.ts';
import { numberOf, objectOf, parseObject, textOf, type Json } from './json.ts';
import { aboutOf, detailOf, optionsOf, stoppedOutcome, StrayLines } from './adapter.ts';

/** Gemini CLI without its screen, one JSON object a line. Read against version 0.61.0. */
export const gemini: ProcessAgent = {
  kind: 'process',
  name: 'gemini',
  title: 'Gemini CLI',
  capabilities: {
    ...CODING_AGENT,
    presetSession: true,
    interrupt: 'SIGINT',
    commands: 'ifAllowed',
    showsRetries: true,
  },
  presence: {
    program: 'gemini',
    keys: ['GEMINI_API_KEY', 'GOOGLE_API_KEY', 'GOOGLE_GENAI_USE_VERTEXAI'],
    logins: ['$GEMINI_CLI_HOME/.gemini/oauth_creds.json', '~/.gemini/oauth_creds.json'],
    settings: ['$GEMINI_CLI_HOME/.gemini/settings.json', '~/.gemini/settings.json'],
    signIn: 'Start `gemini` once and choose how to sign in, or set GEMINI_API_KEY.',
  },
  containment: async ({ args = [] }) =>
    args.some((arg) => /^(?:--approval-mode|--yolo$|-y$)/.test(arg)) ? LOOSENED : undefined,
  start,
  interactive: ({ session, model }) => optionsOf({ '--resume': session, '-m': model }),
  reader: () => new GeminiReader(),
};

/** Edits are allowed and commands are not, unless the settings' arguments choose another approval mode. */
function start({ settings, session, resume, prompt, ...request }: AgentRequest): Result<AgentStart> {
  const args = request.readOnly ? withoutApproval(settings.args ?? []) : (settings.args ?? []);
  const model = request.model ?? settings.model;
  const mode = args.some((arg) => APPROVAL.test(arg))
    ? []
    : ['--approval-mode', request.readOnly ? 'default' : 'auto_edit'];
  const which = resume === undefined ? ['--session-id', session] : ['--resume', resume];
  const chosen = optionsOf({ '-m': model });
  const program = settings.command ?? ['gemini'];
  const argv = [...program, '-o', 'stream-json', '--skip-trust', ...mode, ...which, ...chosen, ...args];
  // Without it the program starts itself once more, and signals to the first never reach the second.
  const env = { GEMINI_CLI_NO_RELAUNCH: 'true', ...settings.env };
  return ok({ command: { argv }, stdin: prompt, env });
}

const APPROVAL = /^(--approval-mode|--yolo$|-y$)/;

/** Who looks only has no use for what settings allow to those who work. */
const withoutApproval = (args: readonly string[]): string[] =>
  args.filter((arg, at) => !APPROVAL.test(arg) && args[at - 1] !== '--approval-mode');

class GeminiReader implements AgentReader {
  #session: string | undefined;
  #result: Json | undefined;
  #error: string | undefined;
  #usage: Usage | undefined;
  /** Text comes in pieces; it is one text until something else comes. */
  #pieces = '';
  #lastText = '';
  readonly #denied = new Set<string>();
  readonly #tools = new Map<string, string>();
  readonly #stray = new StrayLines();

  line(line: string, stream: 'stdout' | 'stderr'): AgentEvent[] {
    const message = stream === 'stdout' ? parseObject(line) : undefined;
    if (!message) return this.#readStray(line, stream);
    if (message['type'] === 'message' && message['role'] === 'assistant') {
      this.#pieces += textOf(message['content']) ?? '';
      return [];
    }
    const events = [...this.#takeText(), ...this.#read(message)];
    return events.length > 0 ? events : [{ type: 'other', name: nameOf(message) }];
  }

  outcome(exit: ProgramExit): AgentOutcome {
    this.#takeText();
    const about = aboutOf(this.#lastText, { denied: this.#denied, usage: this.#usage, session: this.#session });
    if (exit.stopped) return { ...about, ...stoppedOutcome(exit.stopped) };
    const error = textOf(objectOf(this.#result?.['error'])?.['message']) ?? this.#error;
    const success = this.#result?.['status'] === 'success' && error === undefined;
    if (success && exit.code === 0) return { ...about, kind: 'succeeded' };
    return failed(about, geminiFailure({ error, exit, stray: this.#stray.text }, Date.now()));
  }

  #takeText(): AgentEvent[] {
    const text = this.#pieces;
    this.#pieces = '';
    if (text === '') return [];
    this.#lastText = text;
    return [{ type: 'text', text }];
  }

  /** Retries are told of on standard error only. */
  #readStray(line: string, stream: 'stdout' | 'stderr'): AgentEvent[] {
    const told = this.#stray.add(line, stream);
    const [, attempt, reason] = /^Attempt (\d+) failed(?: with| due to)? ?(.*?)\.? Retrying/.exec(line) ?? [];
    if (attempt === undefined) return told;
    return [{ type: 'retry', attempt: Number(attempt), reason: reason ?? '', delay: 0 }];
  }

  #read(message: Json): AgentEvent[] {
    switch (message['type']) {
      case 'init':
        return this.#readInit(message);
      case 'tool_use':
        return [this.#readToolUse(message)];
      case 'tool_result':
        return this.#readToolResult(message);
      case 'error':
        return this.#readError(message);
      case 'result':
        return this.#readResult(message);
      default:
        return [];
    }
  }

  #readInit(message: Json): AgentEvent[] {
    const model = textOf(message['model']);
    this.#session = textOf(message['session_id']) ?? '';
    return [{ type: 'session', id: this.#session, ...(model === undefined ? {} : { model }) }];
  }

  #readToolUse(message: Json): AgentEvent {
    const [id = '', name = 'tool'] = [textOf(message['tool_id']), textOf(message['tool_name'])];
    this.#tools.set(id, name);
    return { type: 'toolStarted', id, name, detail: detailOf(objectOf(message['parameters']) ?? {}, TELLING) };
  }

  /** Out of turns, or going round in circles, it says so here, and then that all went well, and exits with 0. */
  #readError(message: Json): AgentEvent[] {
    const text = textOf(message['message']) ?? '';
    if (message['severity'] === 'error' || /loop detected/i.test(text)) this.#error = text;
    return [{ type: 'error', message: text }];
  }

  /** A command that fails is a success here, whatever its exit code: only its output tells. */
  #readToolResult(message: Json): AgentEvent[] {
    const id = textOf(message['tool_id']) ?? '';
    const error = objectOf(message['error']);
    const output = textOf(message['output']) ?? textOf(error?.['message']) ?? '';
    const ended: AgentEvent = { type: 'toolEnded', id, failed: message['status'] === 'error', output };
    const refused = /policy|not in workspace|denied/i.test(`${textOf(error?.['type'])} ${textOf(error?.['message'])}`);
    if (!error || !refused) return [ended];
    const tool = this.#tools.get(id) ?? 'tool';
    this.#denied.add(tool);
    return [ended, { type: 'denied', tool, detail: output }];
  }

  #readResult(message: Json): AgentEvent[] {
    this.#result = message;
    const stats = objectOf(message['stats']);
    const count = (field: string): number => numberOf(stats?.[field]) ?? 0;
    if (stats) this.#usage = { inputTokens: count('input_tokens'), outputTokens: count('output_tokens') };
    const text = textOf(objectOf(message['error'])?.['message']) ?? this.#error ?? '';
    const success = message['status'] === 'success' && text === '';
    return [
      ...(this.#usage ? [{ type: 'usage' as const, usage: this.#usage }] : []),
      { type: 'ended', success, message: text },
    ];
  }
}

const TELLING = ['command', 'file_path', 'dir_path', 'pattern', 'query', 'prompt', 'description'];

const nameOf = (message: Json): string =>
  [textOf(message['type']), textOf(message['role'])].filter((part) => part !== undefined).join('/') || 'object';
