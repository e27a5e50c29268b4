import { ok, type Result } from '../model/failure.ts';
import type { AgentEvent, AgentOutcome, Usage } from '../model/run/job.ts';
import type { AgentReader, AgentRequest, AgentStart, ProcessAgent, ProgramExit } from './agent.ts';
import { CODING_AGENT } from './capabilities.ts';
import { codexFailure } from './codex-failure.ts';
import { failed } from './failure.ts';
import { listOf, numberOf, objectOf, parseObject, textOf, type Json } from './json.ts';
import { aboutOf, optionsOf, stoppedOutcome, StrayLines } from './adapter.ts';

/** Codex without its screen: `codex exec --json`. Read against version 0.169.0. */
export const codex: ProcessAgent = {
  kind: 'process',
  name: 'codex',
  title: 'Codex',
  capabilities: {
    ...CODING_AGENT,
    interrupt: 'SIGINT',
    sandbox: 'system',
    commands: 'contained',
    showsRetries: true,
    sessionTotals: ['tokens'],
  },
  presence: {
    program: 'codex',
    keys: ['CODEX_API_KEY'],
    logins: ['$CODEX_HOME/auth.json', '~/.codex/auth.json'],
    settings: ['$CODEX_HOME/config.toml', '~/.codex/config.toml'],
    signIn: 'Run `codex login`, or set CODEX_API_KEY.',
  },
  start,
  // In the server that it likes to keep in the background it would work on in the worktree when the person has left.
  interactive: ({ session, model }) => [
    ...optionsOf({ '-c': 'features.daemon_auto_start=false', '-m': model }),
    ...(session === undefined ? [] : ['resume', session]),
  ],
  reader: () => new CodexReader(),
};

/**
 * The sandbox stands before `resume`: without it a resumed session could only read, would change nothing, and end well.
 * The temporary folder of the attempt may be written to, the one that everybody shares may not. Its home stays the
 * person's: the login is there, and the sessions, which a person may want to open.
 */
function start({ settings, resume, prompt, ...request }: AgentRequest): Result<AgentStart> {
  const model = request.model ?? settings.model;
  const effort = request.effort ?? settings.effort;
  const config = {
    approval_policy: '"never"',
    'sandbox_workspace_write.exclude_slash_tmp': 'true',
    'sandbox_workspace_write.exclude_tmpdir_env_var': 'false',
    check_for_update_on_startup: 'false',
    ...(effort === undefined ? {} : { model_reasoning_effort: JSON.stringify(effort) }),
  };
  const options = Object.entries(config).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const chosen = optionsOf({ '-m': model });
  const mode = ['exec', '--json', '-s', request.readOnly ? 'read-only' : 'workspace-write', '-C', request.cwd];
  const session = resume === undefined ? [] : ['resume', resume];
  const program = settings.command ?? ['codex'];
  const argv = [...program, ...mode, ...options, ...chosen, ...(settings.args ?? []), ...session, '-'];
  return ok({ command: { argv }, stdin: prompt, env: { ...settings.env } });
}

class CodexReader implements AgentReader {
  #session: string | undefined;
  #usage: Usage | undefined;
  #completed = false;
  #lastText = '';
  #lastError: string | undefined;
  #lastMessage = '';
  #retries = 0;
  readonly #running = new Set<string>();
  readonly #stray = new StrayLines();

  line(line: string, stream: 'stdout' | 'stderr'): AgentEvent[] {
    const message = stream === 'stdout' ? parseObject(line) : undefined;
    if (!message) return this.#stray.add(line, stream);
    const events = this.#read(message);
    return events.length > 0 ? events : [{ type: 'other', name: nameOf(message) }];
  }

  outcome(exit: ProgramExit): AgentOutcome {
    const about = aboutOf(this.#lastText, { usage: this.#usage, session: this.#session });
    if (exit.stopped) return { ...about, ...stoppedOutcome(exit.stopped) };
    if (this.#completed && exit.code === 0) return { ...about, kind: 'succeeded' };
    return failed(about, codexFailure({ error: this.#lastError, exit, stray: this.#stray.text }, Date.now()));
  }

  #read(message: Json): AgentEvent[] {
    switch (message['type']) {
      case 'thread.started':
        this.#session = textOf(message['thread_id']) ?? '';
        return [{ type: 'session', id: this.#session }];
      case 'item.started':
        return this.#readStart(objectOf(message['item']) ?? {});
      case 'item.completed':
        return this.#readEnd(objectOf(message['item']) ?? {});
      case 'error':
        return this.#readError(textOf(message['message']) ?? '');
      case 'turn.completed':
        this.#completed = true;
        return [...this.#readUsage(objectOf(message['usage'])), { type: 'ended', success: true, message: '' }];
      case 'turn.failed':
        this.#lastError = textOf(objectOf(message['error'])?.['message']) ?? this.#lastError ?? '';
        return [{ type: 'ended', success: false, message: this.#lastError }];
      default:
        return [];
    }
  }

  #readStart(item: Json): AgentEvent[] {
    const id = textOf(item['id']) ?? '';
    this.#running.add(id);
    return [{ type: 'toolStarted', id, name: textOf(item['type']) ?? 'tool', detail: toolDetail(item) }];
  }

  #readEnd(item: Json): AgentEvent[] {
    const text = textOf(item['text']) ?? '';
    switch (item['type']) {
      case 'agent_message':
        this.#lastText = text;
        return [{ type: 'text', text }];
      case 'reasoning':
        return [{ type: 'thinking', text }];
      case 'error':
        return [{ type: 'error', message: textOf(item['message']) ?? '' }];
      default:
        return this.#readToolEnd(item);
    }
  }

  /** Some tools are told of only when they have ended. */
  #readToolEnd(item: Json): AgentEvent[] {
    const id = textOf(item['id']) ?? '';
    const begun = this.#running.delete(id) ? [] : this.#readStart(item);
    this.#running.delete(id);
    const refused = item['status'] === 'declined';
    const output = textOf(item['aggregated_output']) ?? textOf(objectOf(item['error'])?.['message']) ?? '';
    const tool = textOf(item['type']) ?? 'tool';
    return [
      ...begun,
      { type: 'toolEnded', id, failed: refused || item['status'] === 'failed', output },
      ...(refused ? [{ type: 'denied' as const, tool, detail: toolDetail(item) }] : []),
    ];
  }

  /** "Reconnecting… 2/5 (why)" is no failure yet; without a network it is said again and again, and read once. */
  #readError(message: string): AgentEvent[] {
    const [, reason] = /^Reconnecting\W+(.*)$/s.exec(message) ?? [];
    const repeated = message === this.#lastMessage;
    this.#lastMessage = message;
    if (reason === undefined) {
      this.#lastError = message;
      return [{ type: 'error', message }];
    }
    if (repeated) return [];
    this.#retries += 1;
    const why = reason.replace(/^\d+\/\d+\s*/, '').replace(/^\((.*)\)$/s, '$1');
    return [{ type: 'retry', attempt: this.#retries, reason: why, delay: 0 }];
  }

  #readUsage(usage: Json | undefined): AgentEvent[] {
    if (!usage) return [];
    const count = (field: string): number => numberOf(usage[field]) ?? 0;
    this.#usage = { inputTokens: count('input_tokens'), outputTokens: count('output_tokens') };
    return [{ type: 'usage', usage: this.#usage }];
  }
}

/** What tells a person most of a tool: its command, the files it changes, or what it asked for. */
function toolDetail(item: Json): string {
  const paths = listOf(item['changes']).map((change) => textOf(objectOf(change)?.['path']) ?? '');
  return textOf(item['command']) ?? textOf(item['query']) ?? textOf(item['tool']) ?? paths.join(' ');
}

const nameOf = (message: Json): string =>
  [textOf(message['type']), textOf(objectOf(message['item'])?.['type'])]
    .filter((part) => part !== undefined)
    .join('/') || 'object';
