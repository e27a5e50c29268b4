import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { AgentReader } from '../../../src/agents/agent.ts';
import { shell } from '../../../src/agents/shell.ts';
import { TextProtocol } from '../../../src/agents/text-protocol.ts';
import { ProtocolReader } from '../../../src/agents/with-protocol.ts';
import type { AgentEvent, AgentOutcome } from '../../../src/model/run/job.ts';

const read = (text: string): object[] => {
  const protocol = new TextProtocol();
  const told = [...text.split('\n').flatMap((line) => protocol.line(line)), ...protocol.end()];
  return told.map(({ type: _type, ...rest }) => rest);
};

describe('The text protocol', () => {
  for (const [line, expected] of [
    ['[STATUS: STARTED] Agent beginning work', { state: 'started', text: 'Agent beginning work' }],
    [
      '[STATUS: PROGRESS-25%] Initial implementation',
      { state: 'working', percent: 25, text: 'Initial implementation' },
    ],
    ['- **[STATUS: PROGRESS-37%]** halfway', { state: 'working', percent: 37, text: 'halfway' }],
    ['[status: progress 150 %]', { state: 'working', percent: 100, text: '' }],
    ['[STATUS: COMPLETE] All tasks finished', { state: 'complete', percent: 100, text: 'All tasks finished' }],
    ['[STATUS: FAILED] Error encountered', { state: 'failed', text: 'Error encountered' }],
    ['[STATUS: BLOCKED] Waiting for dependency', { state: 'blocked', text: 'Waiting for dependency' }],
    ['[COMPLETE]', { state: 'complete', percent: 100, text: '' }],
    ['[FAILED] no database', { state: 'failed', text: 'no database' }],
    ['> [BLOCKED]: needs a key', { state: 'blocked', text: 'needs a key' }],
  ] as const) {
    it(`reads "${line}"`, () => assert.deepEqual(read(line), [expected]));
  }

  for (const line of [
    'On failure, print [FAILED] with the reason',
    '[failed] test/a.test.js',
    '[STATUS: DANCING] x',
    '[STARTED] x',
    '[  FAILED  ] Foo.Bar (gtest) is one in capitals'.replace('FAILED', 'FAILURE'),
    '[GATE: unit-tests] Service: AUTH - PASSED (45/45 tests)',
    '',
  ]) {
    it(`sees no marker in "${line}"`, () => assert.deepEqual(read(line), []));
  }

  it('reads a progress report, plain and in a fence, and what stands after it', () => {
    const report = [
      'agentId: AUTH_IMPL',
      'status: PROGRESS-50%',
      'completedTasks:',
      '  - OAuth2 provider implementation',
      '  - JWT token generation',
      'remainingTasks:',
      '  - Integration tests',
      '  - Documentation',
      'blockers: none',
      'estimatedCompletion: "1 hour"',
    ];
    const text = 'next Integration tests, 2 of 4 parts done, 1 hour left';
    assert.deepEqual(read(report.join('\n')), [{ state: 'working', percent: 50, text }]);
    const fenced = ['Report:', '```yaml', ...report.map((line) => `  ${line}`), '```', '[COMPLETE]'];
    assert.deepEqual(read(fenced.join('\n')), [
      { state: 'working', percent: 50, text },
      { state: 'complete', percent: 100, text: '' },
    ]);
    assert.deepEqual(read('agentId: X\nstatus: BLOCKED\nblockers: [a key, "a host"]'), [
      { state: 'blocked', text: 'held up by a key, a host' },
    ]);
  });

  it('reads an error block with its cause, impact and recommendation', () => {
    const block =
      '[ERROR: Agent AUTH_IMPL failed]\n   Cause: Database connection timeout\n   Impact: Blocks PROFILE_IMPL in wave 2\n   Recommendation: Fix connection and retry\nand so on';
    assert.deepEqual(read(block), [
      {
        state: 'failed',
        text: 'Agent AUTH_IMPL failed\ncause: Database connection timeout\nimpact: Blocks PROFILE_IMPL in wave 2\nrecommendation: Fix connection and retry',
      },
    ]);
  });

  it('never throws, and takes time in proportion to the text', () => {
    const piece = fc.constantFrom(
      '[',
      'STATUS',
      ':',
      'PROGRESS',
      '-',
      '9',
      '%',
      ']',
      ' ',
      '\t',
      '*',
      '\n',
      'agentId:',
      '- x',
      'Cause:',
      '[ERROR: Agent',
      'é',
      '\u0000',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 60 }), (parts) => {
        for (const { percent } of read(parts.join('')) as { percent?: number }[])
          assert.ok(percent === undefined || (percent >= 0 && percent <= 100));
      }),
    );
    for (const evil of [
      '[STATUS:'.repeat(40_000),
      ' '.repeat(400_000),
      '*'.repeat(400_000),
      `[ERROR: Agent ${'x'.repeat(400_000)}`,
    ]) {
      const before = process.cpuUsage().user;
      read(evil);
      assert.ok(process.cpuUsage().user - before < 1e6);
    }
  });
});

/** A reader that hands through what it is given. */
const through = (outcome: AgentOutcome): AgentReader => ({
  line: (line) => [JSON.parse(line) as AgentEvent],
  outcome: () => outcome,
});
const SUCCEEDED: AgentOutcome = { kind: 'succeeded', summary: 'ok' };
const exit = { code: 0, signal: null };
const text = (said: string): AgentEvent => ({ type: 'text', text: said });
const tool: AgentEvent = { type: 'toolStarted', id: '1', name: 'bash', detail: 'npm test' };
const printed: AgentEvent = { type: 'toolEnded', id: '1', failed: false, output: '[FAILED] a test' };

describe('An agent that speaks the text protocol', () => {
  for (const [what, events, kind, message] of [
    [
      'says at last that it failed',
      [text('Well.\n[FAILED] no database')],
      'failed',
      'It says that it failed: no database',
    ],
    [
      'says so in pieces',
      [text('[FAI'), text('LED] no '), text('database')],
      'failed',
      'It says that it failed: no database',
    ],
    ['is blocked', [text('[STATUS: BLOCKED] needs a key')], 'failed', 'It says that it is blocked: needs a key'],
    ['failed first and went on', [text('[FAILED] no database'), tool, printed, text('All is well.')], 'succeeded', ''],
    ['only printed it', [tool, printed, text('Done.')], 'succeeded', ''],
    ['is complete after all', [text('[FAILED] once\n[COMPLETE]')], 'succeeded', ''],
  ] as const) {
    it(`and ${what}: ${kind}`, () => {
      const reader = new ProtocolReader(through(SUCCEEDED), { plain: false });
      for (const event of events) reader.line(JSON.stringify(event), 'stdout');
      const outcome = reader.outcome(exit);
      assert.equal(outcome.kind, kind);
      if (outcome.kind === 'failed') assert.equal(outcome.message, message);
    });
  }

  it('tells by its list of steps how far it is', () => {
    const reader = new ProtocolReader(through(SUCCEEDED), { plain: false });
    const plan = (...done: boolean[]): AgentEvent => ({
      type: 'plan',
      entries: done.map((one, index) => ({ text: `step ${index + 1}`, done: one })),
    });
    const told = [plan(false, false), plan(true, false), plan(true, false), plan(true, true)].flatMap((event) =>
      reader.hear(event),
    );
    assert.deepEqual(
      told.map(({ percent, text: next }) => [percent, next]),
      [
        [0, 'step 1'],
        [50, 'step 2'],
        [100, ''],
      ],
    );
  });

  it('does not succeed by saying [COMPLETE]', () => {
    const reader = new ProtocolReader(shell.reader(), { plain: true });
    reader.line('[COMPLETE]', 'stdout');
    assert.equal(reader.outcome({ code: 1, signal: null }).kind, 'failed');
  });

  it('as a shell line fails with its reason although it exits with 0, and tells few steps of many', () => {
    const reader = new ProtocolReader(shell.reader(), { plain: true });
    const told = Array.from({ length: 101 }, (_, percent) => `[STATUS: PROGRESS-${percent}%] step ${percent}`)
      .flatMap((line) => reader.line(line, 'stdout'))
      .filter(({ type }) => type === 'progress');
    assert.equal(told.length, 11);
    reader.line('[FAILED] the disk is full', 'stdout');
    const outcome = reader.outcome(exit);
    assert.ok(outcome.kind === 'failed' && outcome.type === 'fixable');
    assert.match(outcome.message, /^It says that it failed: the disk is full/);
  });
});
