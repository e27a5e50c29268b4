import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ProgramExit } from '../../../src/agents/agent.ts';
import { claude } from '../../../src/agents/claude.ts';
import type { AgentEvent, AgentOutcome } from '../../../src/model/job.ts';

const RECORDINGS = join(import.meta.dirname, 'fixtures', 'claude');

/** Reads a recording, or lines made up for the case. */
function readAll(
  lines: readonly string[],
  exit: Partial<ProgramExit> = {},
): { events: AgentEvent[]; outcome: AgentOutcome } {
  const reader = claude.reader();
  const events = lines.flatMap((line) => reader.line(line, 'stdout'));
  return { events, outcome: reader.outcome({ code: 0, signal: null, ...exit }) };
}

const recorded = (name: string): string[] =>
  readFileSync(join(RECORDINGS, `${name}.jsonl`), 'utf8')
    .trim()
    .split('\n');
const result = (fields: object): string =>
  JSON.stringify({ session_id: 's', is_error: true, subtype: 'success', ...fields, type: 'result' });

describe('The reader of Claude Code', () => {
  const outcomes: [recording: string, code: number, expected: string][] = [
    ['success', 0, 'succeeded'],
    ['tool-error', 0, 'succeeded'],
    ['denied', 0, 'succeeded'],
    ['throttled', 0, 'succeeded'],
    ['key-refused', 1, 'escalate'],
    ['unwell-500', 1, 'transient'],
    ['unwell-529', 1, 'transient'],
    ['unwell-malformed', 1, 'transient'],
    ['unwell-cut', 1, 'transient'],
    ['out-of-turns', 1, 'fixable'],
    ['resumed', 0, 'succeeded'],
  ];
  for (const [recording, code, expected] of outcomes) {
    it(`makes of the recording "${recording}": ${expected}`, () => {
      const { outcome, events } = readAll(recorded(recording), { code });
      equal(outcome.kind === 'failed' ? outcome.type : outcome.kind, expected);
      match(outcome.session ?? '', /^00000000-/);
      equal(events.at(-1)?.type, 'ended');
    });
  }

  it('counts tokens while it works, each answer once, and never more than its end does', () => {
    const { events } = readAll(recorded('success'));
    const counted = events.flatMap((event) => (event.type === 'usage' ? [event.usage.inputTokens] : []));
    ok(counted.length > 2, `${counted.length}`);
    deepEqual(
      counted,
      counted.toSorted((a, b) => a - b),
    );
    const killed = readAll(recorded('success').slice(0, -1), { code: null, signal: 'SIGKILL' });
    equal(killed.outcome.usage?.inputTokens, counted.at(-2));
  });

  it('knows every kind of line in the recordings', () => {
    const lines = readdirSync(RECORDINGS).flatMap((file) => recorded(file.replace('.jsonl', '')));
    const unknown = readAll(lines).events.flatMap((event) => (event.type === 'other' ? [event.name] : []));
    deepEqual(
      unknown.filter((name) => name !== 'system/thinking_tokens'),
      [],
    );
  });

  const failures: [what: string, line: string, code: number, expected: object][] = [
    [
      'a plan that is used up',
      result({ result: 'Claude AI usage limit reached|1763593200' }),
      1,
      { type: 'transient', resetAt: 1_763_593_200_000 },
    ],
    ['the same without a time', result({ result: "You've hit your limit" }), 1, { type: 'transient' }],
    [
      'no connection',
      result({ terminal_reason: 'api_error', result: 'API Error: Unable to connect' }),
      1,
      { type: 'transient' },
    ],
    [
      'a model that does not exist',
      result({ api_error_status: 404, result: 'no such model' }),
      1,
      { type: 'escalate' },
    ],
    [
      'a budget that is spent',
      result({ subtype: 'error_max_budget_usd', errors: ['Reached maximum budget'] }),
      1,
      { type: 'escalate' },
    ],
    ['success with a bad exit code', result({ is_error: false, result: 'fine' }), 1, { type: 'fixable' }],
    ['silence', '', 0, { type: 'transient' }],
    ['a program that is missing', 'sh: claude: not found', 127, { type: 'escalate' }],
    ['a missing login', 'Invalid API key · Please run /login', 1, { type: 'escalate' }],
  ];
  for (const [what, line, code, expected] of failures) {
    it(`${what} is ${JSON.stringify(expected)}`, () => {
      const { outcome } = readAll([line], { code });
      ok(outcome.kind === 'failed');
      const { type, resetAt } = outcome;
      deepEqual({ type, ...(resetAt === undefined ? {} : { resetAt }) }, expected);
      ok(outcome.message.length > 0);
    });
  }

  it('takes the time a limit ends from its own event', () => {
    const limit = JSON.stringify({
      type: 'rate_limit_event',
      rate_limit_info: { status: 'rejected', resetsAt: 1_763_593_200 },
    });
    const { outcome } = readAll([limit, result({ api_error_status: 429, result: "You've hit your session limit" })], {
      code: 1,
    });
    ok(outcome.kind === 'failed');
    equal(outcome.resetAt, 1_763_593_200_000);
  });

  it('never takes a stopped attempt for a success, whatever the program says', () => {
    equal(readAll(recorded('success'), { stopped: 'cancelled' }).outcome.kind, 'failed');
    equal(readAll(recorded('success'), { stopped: 'timedOut' }).outcome.kind, 'failed');
  });

  it('bears any line', () => {
    const odd = [
      '',
      '{',
      '[]',
      'null',
      '{}',
      '{"type":5}',
      '{"type":"assistant"}',
      '{"type":"assistant","message":{"content":[null,3,{}]}}',
      '{"type":"user","message":{"content":"text"}}',
      '{"type":"result"}',
      '{"type":"new thing"}',
    ];
    const { events, outcome } = readAll(odd, { code: 1 });
    equal(outcome.kind, 'failed');
    ok(events.every(({ type }) => type === 'output' || type === 'other' || type === 'ended'));
  });
});
