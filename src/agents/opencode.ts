import { ok, type Result } from '../model/failure.ts';
import type { AgentEvent, AgentOutcome, Usage } from '../model/run/job.ts';
import type { AgentReader, AgentRequest, AgentStart, ProcessAgent, ProgramExit } from './agent.ts';
import { CODING_AGENT } from './capabilities.ts';
import { failed } from './failure.ts';
import { numberOf, objectOf, parseObject, textOf, type Json } from './json.ts';
import { opencodeFailure } from './opencode-failure.ts';
import { aboutOf, optionsOf, stoppedOutcome, StrayLines } from './adapter.ts';

/** opencode without its screen: `opencode run --format json`. Read against version 1.18.33. */
export const opencode: ProcessAgent = {
  kind: 'process',
  name: 'opencode',
  title: 'opencode',
  capabilities: { ...CODING_AGENT, cost: true, givesUp: false },
  presence: {
    program: 'opencode',
    keys: ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'GEMINI_API_KEY', 'OPENROUTER_API_KEY'],
    logins: ['$XDG_DATA_HOME/opencode/auth.json', '~/.local/share/opencode/auth.json'],
    settings: [
      '$OPENCODE_CONFIG',
      '$XDG_CONFIG_HOME/opencode/opencode.json',
      '~/.config/opencode/opencode.json',
      '~/.config/opencode/opencode.jsonc',
    ],
    signIn: 'Run `opencode auth login`, or name a provider in its configuration.',
  },
  start,
  interactive: ({ session, model }) => optionsOf({ '--session': session, '--model': model }),
  reader: () => new OpencodeReader(),
};

/** Everything is allowed but files outside the worktree; each run leaves megabytes in its temporary folder. */
const WORKING = { external_directory: 'deny' };
/** A command could write anything. */
const LOOKING = { ...WORKING, edit: 'deny', bash: 'deny' };

function start({ settings, resume, prompt, ...request }: AgentRequest): Result<AgentStart> {
  const options = {
    '--model': request.model ?? settings.model,
    '--variant': request.effort ?? settings.effort,
    '--session': resume,
  };
  const given = optionsOf(options);
  const program = settings.command ?? ['opencode'];
  const argv = [...program, 'run', '--format', 'json', '--auto', ...given, ...(settings.args ?? [])];
  const permission = JSON.stringify(request.readOnly ? LOOKING : WORKING);
  const env = { OPENCODE_PERMISSION: permission, OPENCODE_DISABLE_AUTOUPDATE: '1', ...settings.env };
  return ok({ command: { argv }, stdin: prompt, env });
}

class OpencodeReader implements AgentReader {
  #session: string | undefined;
  /** There is no final event: a step that finished for the reason `stop`, and nothing after it, is the end. */
  #reason: string | undefined;
  #error: Json | undefined;
  #usage: Usage | undefined;
  #lastText = '';
  readonly #denied = new Set<string>();
  readonly #stray = new StrayLines();

  line(line: string, stream: 'stdout' | 'stderr'): AgentEvent[] {
    const message = stream === 'stdout' ? parseObject(line) : undefined;
    if (!message) return this.#stray.add(line, stream);
    const events = [...this.#readSession(message), ...this.#read(message, objectOf(message['part']) ?? {})];
    return events.length > 0 ? events : [{ type: 'other', name: textOf(message['type']) ?? 'object' }];
  }

  outcome(exit: ProgramExit): AgentOutcome {
    const about = aboutOf(this.#lastText, { denied: this.#denied, usage: this.#usage, session: this.#session });
    if (exit.stopped) return { ...about, ...stoppedOutcome(exit.stopped) };
    if (this.#reason === 'stop' && !this.#error && exit.code === 0) return { ...about, kind: 'succeeded' };
    const evidence = { error: this.#error, reason: this.#reason, exit, stray: this.#stray.text };
    return failed(about, opencodeFailure(evidence, Date.now()));
  }

  /** Every event names the session; the first says it. */
  #readSession(message: Json): AgentEvent[] {
    const id = textOf(message['sessionID']);
    if (id === undefined || this.#session !== undefined) return [];
    this.#session = id;
    return [{ type: 'session', id }];
  }

  #read(message: Json, part: Json): AgentEvent[] {
    switch (message['type']) {
      case 'step_start':
        this.#reason = undefined;
        this.#error = undefined;
        return [];
      case 'text':
        this.#lastText = textOf(part['text']) ?? '';
        return [{ type: 'text', text: this.#lastText }];
      case 'reasoning':
        return [{ type: 'thinking', text: textOf(part['text']) ?? '' }];
      case 'tool_use':
        return this.#readTool(part, objectOf(part['state']) ?? {});
      case 'step_finish':
        return this.#readFinish(part);
      case 'error':
        this.#error = objectOf(message['error']) ?? {};
        return [{ type: 'error', message: messageOf(this.#error) }];
      default:
        return [];
    }
  }

  /** A tool is told of when it has ended; a command that failed is "completed", with its exit code beside. */
  #readTool(part: Json, state: Json): AgentEvent[] {
    const [id = '', name = 'tool'] = [textOf(part['callID']), textOf(part['tool'])];
    const error = textOf(state['error']);
    const output = error ?? textOf(state['output']) ?? '';
    const detail = textOf(state['title']) ?? JSON.stringify(state['input'] ?? {});
    return [
      { type: 'toolStarted', id, name, detail },
      { type: 'toolEnded', id, failed: error !== undefined || exitOf(state) !== 0, output },
      ...(error === undefined ? [] : this.#readRefusal(name, error)),
    ];
  }

  #readRefusal(tool: string, detail: string): AgentEvent[] {
    if (!/rule which prevents|permission/i.test(detail)) return [];
    this.#denied.add(tool);
    return [{ type: 'denied', tool, detail }];
  }

  /** Tokens and cost are of the step alone, so they are added up. */
  #readFinish(part: Json): AgentEvent[] {
    this.#reason = textOf(part['reason']) ?? '';
    const tokens = objectOf(part['tokens']) ?? {};
    const cache = objectOf(tokens['cache']) ?? {};
    const sum = (...counts: unknown[]): number => counts.reduce<number>((all, one) => all + (numberOf(one) ?? 0), 0);
    this.#usage = {
      inputTokens: sum(this.#usage?.inputTokens, tokens['input'], cache['read'], cache['write']),
      outputTokens: sum(this.#usage?.outputTokens, tokens['output'], tokens['reasoning']),
      cost: sum(this.#usage?.cost, part['cost']),
    };
    const usage: AgentEvent = { type: 'usage', usage: this.#usage };
    return this.#reason === 'stop' ? [usage, { type: 'ended', success: true, message: '' }] : [usage];
  }
}

const exitOf = (state: Json): number => numberOf(objectOf(state['metadata'])?.['exit']) ?? 0;

const messageOf = (error: Json): string =>
  textOf(objectOf(error['data'])?.['message']) ?? textOf(error['name']) ?? 'It failed without a word.';
