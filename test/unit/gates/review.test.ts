import { deepEqual, equal, match, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { readReview, readVerdict } from '../../../src/gates/review.ts';
import type { ReviewGate } from '../../../src/model/gate.ts';
import type { AgentOutcome, JobEnd } from '../../../src/model/run/job.ts';

const GATE: ReviewGate = { name: 'review', command: { agent: 'claude', depth: 'full' }, on: ['task'], problems: [] };
const EXIT = { code: 0, signal: null, startedAt: 5, endedAt: 12, strays: 0, bytes: 0, dropped: 0 };
const ending = (agent: AgentOutcome, more: object = {}): JobEnd => ({
  kind: 'exited',
  exit: { ...EXIT, agent, ...more },
});
const saying = (summary: string): JobEnd => ending({ kind: 'succeeded', summary });
const read = (end: JobEnd, changed: readonly string[] = []) =>
  readReview(GATE, { end, agent: 'claude', root: '/t', changed, askedAt: 1 });
const verdict = (value: unknown) => readVerdict(JSON.stringify(value), '/t');

const LEAK = { severity: 'high', file: 'src/a.ts', line: 3, message: 'it leaks', suggestion: 'Close it.' };

describe("A reviewer's answer", () => {
  for (const [said, verdictIs] of [
    [{ verdict: 'approved' }, 'approved'],
    [{ verdict: 'Approved with comments' }, 'approved'],
    [{ verdict: 'changes-requested' }, 'needs_revision'],
    [{ verdict: 'blocked' }, 'blocked'],
    [{ status: 'completed', extra: { review_status: 'passed' } }, 'approved'],
    [{ status: 'completed', extra: { review_status: 'failed' } }, 'needs_revision'],
    [{ status: 'completed' }, undefined],
    [{ verdict: 'looks good' }, undefined],
    [{ verdict: ['approved'] }, undefined],
    [{ verdict: 'approved', findings: [{ ...LEAK, severity: 'critical' }] }, 'needs_revision'],
    [{ verdict: 'approved', findings: [LEAK] }, 'approved'],
    [{ verdict: 'approved', criteria: [{ criterion: 'c', status: 'missed' }] }, 'needs_revision'],
    [{ verdict: 'approved', criteria: [{ criterion: 'c', status: 'partial' }] }, 'approved'],
    [{ verdict: 'approved', findings: [{ ...LEAK, category: 'requirement' }] }, 'needs_revision'],
    [{ verdict: 'needs_revision', findings: [{ ...LEAK, category: 'beyond' }] }, 'approved'],
    [{ verdict: 'blocked', findings: [{ ...LEAK, category: 'beyond' }] }, 'blocked'],
    [{ verdict: 'needs_revision', findings: [{ ...LEAK, category: 'beyond' }, LEAK] }, 'needs_revision'],
    [
      { verdict: 'needs_revision', findings: [{ ...LEAK, severity: 'critical', category: 'beyond' }] },
      'needs_revision',
    ],
    [
      {
        verdict: 'needs_revision',
        findings: [{ ...LEAK, category: 'beyond' }],
        criteria: [{ criterion: 'c', status: 'partial' }],
      },
      'needs_revision',
    ],
    [{ verdict: 'approved', prd_compliance_issues: [{ severity: 'critical', description: 'AC-1' }] }, 'blocked'],
    [{ verdict: 'needs_revision', findings: [{ ...LEAK, severity: 'critical', category: 'PRD' }] }, 'blocked'],
  ] as const)
    it(`${JSON.stringify(said)} is ${verdictIs ?? 'no verdict'}`, () => equal(verdict(said)?.verdict, verdictIs));

  it('may stand in a fence, or among words', () => {
    const text = JSON.stringify({ verdict: 'approved', summary: 'Well done.' });
    for (const said of [text, `Here:\n\`\`\`json\n${text}\n\`\`\`\n`, `I looked. ${text} Bye.`])
      deepEqual(readVerdict(said, '/t'), { verdict: 'approved', summary: 'Well done.', remarks: [], criteria: [] });
  });

  it('names places in the tree, whatever way they are written, and none outside of it', () => {
    const places = [
      { file: 'src/a.ts', line: 3 },
      { file: '/t/src/a.ts', line: '3' },
      { location: './src/a.ts:3-9' },
      { file: 'src/a.ts:3:7', line: null },
      { file: '../../etc/passwd', line: 1 },
      { location: 'everywhere' },
      { file: null },
    ];
    const remarks = verdict({
      verdict: 'approved',
      findings: places.map((one) => ({ ...one, message: 'm' })),
    })?.remarks;
    const place = ['src/a.ts', 3];
    deepEqual(
      remarks?.map(({ file, line }) => [file, line]),
      [place, place, place, place, [undefined, undefined], ['everywhere', undefined], [undefined, undefined]],
    );
  });

  it('is problems for people: of an approval warnings, else errors, and the suggestion with them', () => {
    const low = { severity: 'low', message: 'a name' };
    const no = read(saying(JSON.stringify({ verdict: 'needs_revision', summary: 'No.', findings: [LEAK, low] })));
    deepEqual(
      no.problems.map(({ file, range, severity, message }) => [file, range.line, severity, message]),
      [
        ['src/a.ts', 3, 'error', 'it leaks Close it.'],
        [undefined, 1, 'warning', 'a name'],
      ],
    );
    equal(no.result, 'failed');
    equal(no.tail, 'No.\n- src/a.ts:3: high: it leaks (Close it.)\n- low: a name');
    const yes = read(saying(JSON.stringify({ verdict: 'approved', findings: [LEAK] })));
    deepEqual([yes.result, yes.problems[0]?.severity], ['passed', 'warning']);
    const bare = read(saying('{"verdict": "needs_revision", "summary": "Start over."}'));
    deepEqual([bare.result, bare.problems[0]?.message], ['failed', 'Start over.']);
  });

  it('stands whatever the reviewer changed, and that is said', () => {
    const run = read(saying('{"verdict": "approved"}'), ['a', 'b', 'c', 'd', 'e', 'f']);
    equal(run.result, 'passed');
    match(run.problems[0]?.message ?? '', /^claude was to look only and changed a, b, c, d, e and 1 more: thrown away/);
  });

  for (const [end, type, message] of [
    [saying('Approved!'), 'transient', /not the verdict it was asked for/],
    [saying(''), 'transient', /not the verdict/],
    [{ kind: 'interrupted', reason: 'the runner died' }, 'transient', /cut off: the runner died/],
    [
      ending({ kind: 'succeeded', summary: '{"verdict": "approved"}' }, { stopped: 'idle', because: 'No sign.' }),
      'transient',
      /No sign/,
    ],
    [ending({ kind: 'failed', summary: '', type: 'escalate', message: 'no key' }), 'escalate', /no key/],
    [ending({ kind: 'failed', summary: '', type: 'fixable', message: 'out of turns' }), 'transient', /out of turns/],
    [{ kind: 'exited', exit: { ...EXIT, code: null, spawnError: 'not found' } }, 'escalate', /could not be started/],
  ] as readonly [JobEnd, string, RegExp][])
    it(`is none after ${JSON.stringify(end).slice(0, 100)}, and never a pass`, () => {
      const { result, review, problems } = read(end);
      equal(result, 'error');
      equal(review?.verdict === 'none' ? review.type : undefined, type);
      match(problems[0]?.message ?? '', message);
    });

  it('holds no control characters, has bounds, and never throws, whatever it is', () => {
    const esc = read(saying(JSON.stringify({ verdict: 'blocked', summary: 'x\u001b[31my\u0002z' })));
    equal(esc.tail, 'xyz');
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (findings, criteria) => {
        const run = read(saying(JSON.stringify({ verdict: 'approved', findings, criteria })));
        ok(run.tail.length <= 4000 && run.problems.length <= 200);
      }),
    );
    const many = Array.from({ length: 500 }, () => ({ ...LEAK, message: 'm'.repeat(5000) }));
    const { problems, tail } = read(saying(JSON.stringify({ verdict: 'needs_revision', findings: many })));
    deepEqual([problems.length, tail.length], [100, 4000]);
  });
});
