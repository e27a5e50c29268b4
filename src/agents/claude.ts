import { ok, type Result } from '../model/failure.ts';
import type { AgentEvent, AgentOutcome, Usage } from '../model/run/job.ts';
import { withUsage } from '../model/crew/spending.ts';
import type { AgentReader, AgentRequest, AgentStart, ProcessAgent, ProgramExit } from './agent.ts';
import { CODING_AGENT } from './capabilities.ts';
import { containment, SANDBOX } from './claude-containment.ts';
import { claudeFailure } from './claude-failure.ts';
import { type Json, listOf, numberOf, objectOf, objectsOf, parseObject, textOf } from './json.ts';
import { aboutOf, detailOf, optionsOf, stoppedOutcome, StrayLines } from './adapter.ts';
import { failed } from './failure.ts';

/** Claude Code without its screen: `claude -p` with one JSON object a line. Read against version 2.1.329. */
export const claude: ProcessAgent = {
  kind: 'process',
  name: 'claude',
  title: 'Claude Code',
  capabilities: {
    ...CODING_AGENT,
    presetSession: true,
    interrupt: 'SIGINT',
    maxTurns: true,
    budget: true,
    cost: true,
    commands: 'ifAllowed',
    showsRetries: true,
    sessionTotals: ['cost'],
  },
  takesSystem: true,
  presence: {
    program: 'claude',
    keys: [
      'ANTHROPIC_API_KEY',
      'ANTHROPIC_AUTH_TOKEN',
      'CLAUDE_CODE_OAUTH_TOKEN',
      'CLAUDE_CODE_USE_BEDROCK',
      'CLAUDE_CODE_USE_VERTEX',
    ],
    logins: ['$CLAUDE_CONFIG_DIR/.credentials.json', '~/.claude/.credentials.json'],
    settings: ['$CLAUDE_CONFIG_DIR/settings.json', '~/.claude/settings.json'],
    keychain: ['darwin'],
    signIn: 'Start `claude` once and type /login, or set ANTHROPIC_API_KEY.',
  },
  containment,
  start,
  interactive: ({ session, model }) => optionsOf({ '--resume': session, '--model': model }),
  reader: () => new ClaudeReader(),
};

/** Texts go in by standard input and by file: an argument has a limit and is seen by every user of the machine. */
function start({ settings, session, resume, prompt, ...request }: AgentRequest): Result<AgentStart> {
  const options = {
    '--output-format': 'stream-json',
    '--permission-mode': 'acceptEdits',
    ...(resume === undefined ? { '--session-id': session } : { '--resume': resume }),
    '--append-system-prompt-file': request.system?.file,
    '--model': request.model ?? settings.model,
    '--effort': request.effort ?? settings.effort,
    '--max-budget-usd': request.budget?.toString(),
    '--max-turns': settings.maxTurns?.toString(),
    '--settings': request.contained && !request.readOnly ? SANDBOX : undefined,
    '--disallowedTools': request.readOnly ? 'Write,Edit,NotebookEdit' : undefined,
  };
  const given = optionsOf(options);
  const argv = [...(settings.command ?? ['claude']), '-p', '--verbose', ...given, ...(settings.args ?? [])];
  // Started from inside a session of its own kind it would take itself for a part of that.
  const alone = { CLAUDECODE: null, CLAUDE_CODE_ENTRYPOINT: null };
  const quiet = { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1' };
  const env = { ...alone, ...quiet, ...settings.env };
  return ok({ command: { argv }, stdin: prompt, env });
}

class ClaudeReader implements AgentReader {
  #session: string | undefined;
  #result: Json | undefined;
  #lastText = '';
  #limitResetsAt: number | undefined;
  /** The answer counted last, and what all of them say. */
  #counted: string | undefined;
  #soFar: Usage | undefined;
  readonly #denied = new Set<string>();
  readonly #stray = new StrayLines();

  line(line: string, stream: 'stdout' | 'stderr'): AgentEvent[] {
    const message = stream === 'stdout' ? parseObject(line) : undefined;
    if (!message) return this.#stray.add(line, stream);
    const events = this.#read(message);
    return events.length > 0 ? events : [{ type: 'other', name: nameOf(message) }];
  }

  outcome(exit: ProgramExit): AgentOutcome {
    const result = this.#result;
    const usage = result ? usageOf(result) : this.#soFar;
    const said = textOf(result?.['result']) ?? this.#lastText;
    const about = aboutOf(said, { denied: this.#denied, usage, session: this.#session });
    if (exit.stopped) return { ...about, ...stoppedOutcome(exit.stopped) };
    if (result && !isError(result) && exit.code === 0) return { ...about, kind: 'succeeded' };
    const evidence = { result, exit, stray: this.#stray.text, resetsAt: this.#limitResetsAt };
    return failed(about, claudeFailure(evidence, Date.now()));
  }

  /** `type` need not be the first field, and more types than these are sent. */
  #read(message: Json): AgentEvent[] {
    switch (message['type']) {
      case 'system':
        return this.#readSystem(message);
      case 'assistant':
        return message['is_api_error_message'] === true
          ? contentOf(message).map((block) => ({ type: 'error', message: textOf(block['text']) ?? '' }))
          : [...contentOf(message).flatMap((block) => this.#readAssistant(block)), ...this.#count(message)];
      case 'user':
        return contentOf(message).flatMap(readToolResult);
      case 'rate_limit_event':
        return this.#readLimit(objectOf(message['rate_limit_info']) ?? {});
      case 'result':
        this.#result = message;
        this.#session ??= textOf(message['session_id']);
        return [...usageEvents(message), { type: 'ended', success: !isError(message), message: messageOf(message) }];
      default:
        return [];
    }
  }

  #readSystem(message: Json): AgentEvent[] {
    switch (message['subtype']) {
      case 'init':
        return this.#readInit(message);
      case 'api_retry': {
        const status = numberOf(message['error_status']);
        const reason = [textOf(message['error']), status].filter((part) => part !== undefined).join(' ');
        const delay = numberOf(message['retry_delay_ms']) ?? 0;
        return [{ type: 'retry', attempt: numberOf(message['attempt']) ?? 0, reason, delay }];
      }
      case 'permission_denied': {
        const tool = textOf(message['tool_name']) ?? 'tool';
        this.#denied.add(tool);
        return [{ type: 'denied', tool, detail: textOf(message['message']) ?? '' }];
      }
      default:
        return [];
    }
  }

  #readInit(message: Json): AgentEvent[] {
    const id = textOf(message['session_id']) ?? '';
    const model = textOf(message['model']);
    this.#session = id;
    return [{ type: 'session', id, ...(model === undefined ? {} : { model }) }];
  }

  #readAssistant(block: Json): AgentEvent[] {
    const text = textOf(block['text']);
    const thinking = textOf(block['thinking']);
    if (block['type'] === 'text' && text !== undefined) {
      this.#lastText = text;
      return [{ type: 'text', text }];
    }
    if (block['type'] === 'thinking' && thinking !== undefined) return [{ type: 'thinking', text: thinking }];
    if (block['type'] !== 'tool_use') return [];
    const [id = '', name = 'tool'] = [textOf(block['id']), textOf(block['name'])];
    return [{ type: 'toolStarted', id, name, detail: detailOf(objectOf(block['input']) ?? {}, TELLING) }];
  }

  /**
   * What each answer of its model says of itself, together. The answers come in pieces under one id, and say less of
   * what was written than the end does, which counts.
   */
  #count(message: Json): AgentEvent[] {
    const answer = objectOf(message['message']) ?? {};
    const usage = usageOf(answer);
    const id = textOf(answer['id']);
    if (!usage || id === undefined || id === this.#counted) return [];
    this.#counted = id;
    this.#soFar = withUsage(this.#soFar, usage);
    return [{ type: 'usage', usage: this.#soFar }];
  }

  /** Sent with every answer for an account with a plan; only a refusal is news. `resetsAt` in epoch seconds. */
  #readLimit(info: Json): AgentEvent[] {
    if (info['status'] !== 'rejected') return [];
    const seconds = numberOf(info['resetsAt']);
    this.#limitResetsAt = seconds === undefined ? undefined : seconds * 1000;
    return [{ type: 'error', message: 'usage limit reached' }];
  }
}

/** An API failure says subtype "success" and is told apart by is_error alone. */
const isError = (result: Json): boolean => result['is_error'] === true || result['subtype'] !== 'success';

const messageOf = (result: Json): string =>
  textOf(result['result']) ?? (listOf(result['errors']).map(textOf).join('\n') || (textOf(result['subtype']) ?? ''));

const contentOf = (message: Json): Json[] => objectsOf(objectOf(message['message'])?.['content']);

function readToolResult(block: Json): AgentEvent[] {
  if (block['type'] !== 'tool_result') return [];
  const content = block['content'];
  const output =
    textOf(content) ??
    listOf(content)
      .map((part) => textOf(objectOf(part)?.['text']) ?? '')
      .join('\n');
  return [{ type: 'toolEnded', id: textOf(block['tool_use_id']) ?? '', failed: block['is_error'] === true, output }];
}

const TELLING = ['command', 'file_path', 'notebook_path', 'pattern', 'path', 'url', 'query', 'description', 'prompt'];

function usageOf(result: Json): Usage | undefined {
  const usage = objectOf(result['usage']);
  if (!usage) return undefined;
  const cost = numberOf(result['total_cost_usd']);
  const read = ['input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens'];
  const inputTokens = read.reduce((sum, field) => sum + (numberOf(usage[field]) ?? 0), 0);
  return { inputTokens, outputTokens: numberOf(usage['output_tokens']) ?? 0, ...(cost === undefined ? {} : { cost }) };
}

function usageEvents(result: Json): AgentEvent[] {
  const usage = usageOf(result);
  return usage ? [{ type: 'usage', usage }] : [];
}

const nameOf = (message: Json): string =>
  [textOf(message['type']), textOf(message['subtype'])].filter((part) => part !== undefined).join('/') || 'object';
