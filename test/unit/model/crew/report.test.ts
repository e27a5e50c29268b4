import { deepEqual, equal, match } from 'node:assert/strict';
import fc from 'fast-check';
import { readReport } from '../../../../src/model/crew/report.ts';

const REPORT = { status: 'failed', summary: 'No token.', failure_type: 'escalate', extra: { found: [{ line: 1 }] } };
const READ = { ok: true, value: { status: 'failed', summary: 'No token.', failureType: 'escalate', failures: [] } };

describe('The report of a role that a program reads', () => {
  for (const [how, text] of [
    ['raw', JSON.stringify(REPORT)],
    ['on several lines', JSON.stringify(REPORT, null, 2)],
    ['in a fence', `Here it is:\n\n\`\`\`json\n${JSON.stringify(REPORT, null, 2)}\n\`\`\`\n`],
    ['with words around it', `Done. ${JSON.stringify(REPORT)}\n\nDenied: bash.`],
  ] as const)
    it(`is read ${how}`, () => deepEqual(readReport(text), READ));

  it('need not say why it failed where it did not', () => {
    for (const type of [null, '', 'none', undefined])
      deepEqual(readReport(JSON.stringify({ status: 'completed', summary: 'All is well.', failure_type: type })), {
        ok: true,
        value: { status: 'completed', summary: 'All is well.', failures: [] },
      });
  });

  it('tells what a browser-tester saw fail, and where its evidence is, whatever else stands there', () => {
    const saying = (extra: unknown) => {
      const read = readReport(JSON.stringify({ status: 'completed', summary: 's', extra }));
      return read.ok ? [read.value.failures, read.value.evidence] : read;
    };
    const failures = [
      { scenario: 'Sign in', criteria: 'console_errors', details: 'x is null' },
      'no title',
      { scenario: 7 },
    ];
    deepEqual(saying({ failures, evidence_path: 'docs/e' }), [
      ['Sign in: console_errors: x is null', 'no title', 'something'],
      'docs/e',
    ]);
    for (const extra of [{ failures: 'none', evidence_path: 3 }, { failures: [3] }, {}, null, undefined, 'x', []])
      deepEqual(saying(extra), [[], undefined], JSON.stringify(extra));
  });

  it('says what is wrong with one that is none', () => {
    for (const [text, why] of [
      ['All is well.', /not one JSON object/],
      ['', /not one JSON object/],
      ['["completed"]', /not one JSON object/],
      ['{"status": "done", "summary": "x"}', /status/],
      ['{"status": "completed"}', /summary/],
    ] as const) {
      const read = readReport(text);
      equal(read.ok, false, text);
      match(read.ok ? '' : read.failure, why);
    }
  });

  it('never throws, whatever an agent says', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((text) => `${text} }`),
        ),
        (text) => {
          readReport(text);
        },
      ),
    );
  });
});
