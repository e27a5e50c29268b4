import { deepEqual, equal, ok } from 'node:assert/strict';
import { claude } from '../../../src/agents/claude.ts';
import { readAll, recordings } from './recordings.ts';

const result = (fields: object): string =>
  JSON.stringify({ session_id: 's', is_error: true, subtype: 'success', ...fields, type: 'result' });

describe('The reader of Claude Code', () => {
  it('counts tokens while it works, each answer once, and never more than its end does', () => {
    const success = recordings('claude').find(({ name }) => name === 'success')?.lines ?? [];
    const { events } = readAll(claude, success);
    const counted = events.flatMap((event) => (event.type === 'usage' ? [event.usage.inputTokens] : []));
    ok(counted.length > 2, `${counted.length}`);
    deepEqual(
      counted,
      counted.toSorted((a, b) => a - b),
    );
    const killed = readAll(claude, success.slice(0, -1), { code: null, signal: 'SIGKILL' });
    equal(killed.outcome.usage?.inputTokens, counted.at(-2));
  });

  it('knows every kind of line in the recordings', () => {
    const lines = recordings('claude').flatMap((recording) => recording.lines);
    const unknown = readAll(claude, lines).events.flatMap((event) => (event.type === 'other' ? [event.name] : []));
    // What it thinks costs nothing that counts; "interrupted by user" is no news to who did it.
    deepEqual(
      unknown.filter((name) => name !== 'system/thinking_tokens' && name !== 'user'),
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
      const { outcome } = readAll(claude, [line], { code });
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
    const { outcome } = readAll(
      claude,
      [limit, result({ api_error_status: 429, result: "You've hit your session limit" })],
      {
        code: 1,
      },
    );
    ok(outcome.kind === 'failed');
    equal(outcome.resetAt, 1_763_593_200_000);
  });
});
