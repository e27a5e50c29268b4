import { ok, type Result } from '../model/failure.ts';
import type { AgentEvent, AgentOutcome } from '../model/run/job.ts';
import type { AgentReader, AgentRequest, AgentStart, ProcessAgent, ProgramExit } from './agent.ts';
import { CODING_AGENT } from './capabilities.ts';
import { copilotFailure } from './copilot-failure.ts';
import { failed } from './failure.ts';
import { numberOf, objectOf, parseObject, textOf, type Json } from './json.ts';
import { aboutOf, detailOf, optionsOf, stoppedOutcome, StrayLines } from './adapter.ts';

/** GitHub Copilot CLI without its screen, one JSON object a line. Read against version 1.0.102. */
export const copilot: ProcessAgent = {
  kind: 'process',
  name: 'copilot',
  title: 'GitHub Copilot CLI',
  capabilities: { ...CODING_AGENT, presetSession: true, interrupt: 'SIGINT', usage: false, showsRetries: true },
  presence: {
    program: 'copilot',
    keys: ['COPILOT_GITHUB_TOKEN', 'GH_TOKEN', 'GITHUB_TOKEN', 'COPILOT_PROVIDER_BASE_URL'],
    logins: [],
    settings: [],
    keychain: 'everywhere',
    signIn: 'Start `copilot` once and type /login, or set COPILOT_GITHUB_TOKEN.',
  },
  start,
  // It knows a session by its name, or begins one of that name where it was ended before it had saved it.
  interactive: ({ session, model }) => optionsOf({ '--session-id': session, '--model': model }),
  reader: () => new CopilotReader(),
};

/** Without a permission for every tool it does not start at all; file tools keep to the worktree all the same. */
function start({ settings, session, resume, prompt, ...request }: AgentRequest): Result<AgentStart> {
  const options = {
    '--output-format': 'json',
    '--model': request.model ?? settings.model,
    '--reasoning-effort': request.effort ?? settings.effort,
  };
  const given = optionsOf(options);
  const alone = ['--allow-all-tools', '--disallow-temp-dir', '--no-ask-user', '--no-auto-update', '--no-color'];
  // Only at the very end does it say which session it was, so it is told beforehand.
  // A command could write anything. What is denied is so whatever else is allowed.
  const looks = request.readOnly ? ['--deny-tool=write', '--deny-tool=shell'] : [];
  const which = resume === undefined ? `--session-id=${session}` : `--resume=${resume}`;
  const argv = [...(settings.command ?? ['copilot']), ...given, ...alone, ...looks, which, ...(settings.args ?? [])];
  return ok({ command: { argv }, stdin: prompt, env: { ...settings.env } });
}

class CopilotReader implements AgentReader {
  #result: Json | undefined;
  #error: Json | undefined;
  #lastFailure: Json | undefined;
  #lastText = '';
  #retries = 0;
  readonly #denied = new Set<string>();
  readonly #tools = new Map<string, string>();
  readonly #stray = new StrayLines();

  line(line: string, stream: 'stdout' | 'stderr'): AgentEvent[] {
    const message = stream === 'stdout' ? parseObject(line) : undefined;
    if (!message) return this.#stray.add(line, stream);
    const events = this.#read(message, objectOf(message['data']) ?? {});
    return events.length > 0 ? events : [{ type: 'other', name: textOf(message['type']) ?? 'object' }];
  }

  outcome(exit: ProgramExit): AgentOutcome {
    const session = textOf(this.#result?.['sessionId']);
    const about = aboutOf(this.#lastText, { denied: this.#denied, session });
    if (exit.stopped) return { ...about, ...stoppedOutcome(exit.stopped) };
    if (this.#result?.['exitCode'] === 0 && exit.code === 0) return { ...about, kind: 'succeeded' };
    return failed(about, copilotFailure({ error: this.#error, exit, stray: this.#stray.text }, Date.now()));
  }

  #read(message: Json, data: Json): AgentEvent[] {
    switch (message['type']) {
      case 'assistant.message':
        return this.#readText(textOf(data['content']) ?? '');
      case 'assistant.reasoning':
        return [{ type: 'thinking', text: textOf(data['content']) ?? '' }];
      case 'tool.execution_start':
        return [this.#readToolStart(data)];
      case 'tool.execution_complete':
        return this.#readToolEnd(data);
      case 'model.call_failure':
        this.#lastFailure = data;
        return [];
      case 'assistant.turn_retry':
        return [this.#readRetry(data)];
      case 'session.error':
        this.#error = data;
        return [{ type: 'error', message: textOf(data['message']) ?? '' }];
      case 'result':
        return this.#readResult(message);
      default:
        return [];
    }
  }

  /** A message that only calls tools has no text. */
  #readText(text: string): AgentEvent[] {
    if (text === '') return [];
    this.#lastText = text;
    return [{ type: 'text', text }];
  }

  #readToolStart(data: Json): AgentEvent {
    const [id = '', name = 'tool'] = [textOf(data['toolCallId']), textOf(data['toolName'])];
    this.#tools.set(id, name);
    return { type: 'toolStarted', id, name, detail: detailOf(objectOf(data['arguments']) ?? {}, TELLING) };
  }

  /**
   * A command that ran is a success, whatever its exit code, which stands beside. A resumed session first ends the tools
   * that the one before was killed in: they are not of this attempt.
   */
  #readToolEnd(data: Json): AgentEvent[] {
    const id = textOf(data['toolCallId']) ?? '';
    const tool = this.#tools.get(id);
    if (tool === undefined) return [];
    const error = objectOf(data['error']);
    const output = textOf((error ?? objectOf(data['result']))?.[error ? 'message' : 'content']) ?? '';
    const ended: AgentEvent = {
      type: 'toolEnded',
      id,
      failed: data['success'] === false || exitOf(data) !== 0,
      output,
    };
    if (error?.['code'] !== 'denied') return [ended];
    this.#denied.add(tool);
    return [ended, { type: 'denied', tool, detail: output }];
  }

  #readRetry(data: Json): AgentEvent {
    const status = numberOf(this.#lastFailure?.['statusCode']);
    const reason = [textOf(data['reason']), status].filter((part) => part !== undefined).join(' ');
    this.#retries += 1;
    return { type: 'retry', attempt: this.#retries, reason, delay: 0 };
  }

  #readResult(message: Json): AgentEvent[] {
    this.#result = message;
    const id = textOf(message['sessionId']);
    const success = message['exitCode'] === 0;
    const text = success ? '' : (textOf(this.#error?.['message']) ?? '');
    return [...(id === undefined ? [] : [{ type: 'session' as const, id }]), { type: 'ended', success, message: text }];
  }
}

const exitOf = (data: Json): number => numberOf(objectOf(data['shellExecution'])?.['exitCode']) ?? 0;

const TELLING = ['command', 'path', 'pattern', 'query', 'url', 'description', 'prompt'];
