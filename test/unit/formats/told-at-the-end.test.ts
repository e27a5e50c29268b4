import { strict as assert } from 'node:assert';
import { setPhaseResult } from '../../../src/formats/orchestra/phase-result.ts';
import { prdAfter } from '../../../src/formats/prd-done.ts';
import type { ShownTask } from '../../../src/formats/shown.ts';
import { plan, task } from '../model/texts.ts';

const DONE: ShownTask = {
  id: 'phase-1',
  status: 'completed',
  wave: 1,
  retries: 1,
  minutes: 2,
  commit: 'abc',
  files: ['a.ts', 'b.ts'],
};

describe('The result of a phase', () => {
  const phase = (result: string): string => `---\nstatus: done\n---\n\n## Objective\nX\n\n${result}## Notes\nmine\n`;
  const OURS = '\nstatus: done\nfiles_changed: [a.ts, b.ts]\nverification_retries: 1\ncommit: abc\n\n';

  for (const [what, before] of [
    ['nothing', '\n'],
    ['a comment', '\n<!-- filled by lead -->\n\n'],
    ['words in brackets', '\n_(filled by the lead)_\n\n'],
    ['a former result of ours', '\nstatus: failed\nverification_retries: 3\nerror_summary: red\n\n'],
  ])
    it(`stands where there is ${what}`, () => {
      const told = setPhaseResult(phase(`## Result\n${before}`), DONE);
      assert.equal(told, phase(`## Result\n${OURS}`));
      assert.equal(setPhaseResult(told, DONE), told);
    });

  it('keeps CRLF, and is last where nothing follows', () => {
    const text = '---\r\nstatus: done\r\n---\r\n## Result\r\n';
    assert.equal(
      setPhaseResult(text, { ...DONE, status: 'failed', error: 'gate test\nis red' }),
      `${text}\r\nstatus: failed\r\nverification_retries: 1\r\ncommit: abc\r\nerror_summary: gate test is red\r\n`,
    );
  });

  for (const [what, text, shown] of [
    ["somebody else's words stand", phase('## Result\n\nAll fine.\n\n'), DONE],
    ['there is no such section', phase(''), DONE],
    ['it is in a fence', '```\n## Result\n```\n', DONE],
    ['the phase is not at its end', phase('## Result\n\n'), { ...DONE, status: 'in_progress' }],
  ] as const)
    it(`changes nothing where ${what}`, () => assert.equal(setPhaseResult(text, shown), text));
});

describe('A PRD at the end of a plan', () => {
  const PRD = (a: string, b: string, changes: string): string =>
    `prd_id: p\nversion: 1.0.0\nfeatures:\n  - name: Search\n    status: ${a}\n  - name: Tags\n    status: ${b}\n  - name: Bare\nchanges:${changes}\n`;
  const subject = plan(
    task('a', { title: 'Search in notes' }),
    task('b', { title: 'Rank results', description: 'Best of the search first.' }),
    task('c', { title: 'Research hashtags, and bare walls' }),
  );
  const after = (text: string, ...done: string[]): string => prdAfter(text, { plan: subject, done: new Set(done) });

  it('has a feature complete once every task that names it is done, and a change that says so', () => {
    const before = PRD('planned', 'planned', ' []');
    const told = PRD('complete', 'planned', '\n  - version: 1.0.0\n    change: "Complete: Search (plan p)"');
    assert.equal(after(before, 'a', 'b'), told);
    assert.equal(after(told, 'a', 'b'), told);
  });

  for (const [what, text, done] of [
    ['a task that names it is not', PRD('planned', 'planned', ' []'), ['a']],
    ['it is complete already, in other words', PRD('completed', 'planned', ' []'), ['a', 'b']],
    ['it has no status', PRD('complete', 'planned', ' []'), ['a', 'b', 'c']],
    ['it is not YAML', 'features: [\n', ['a', 'b', 'c']],
  ] as const)
    it(`stays as it is where ${what}`, () => assert.equal(after(text, ...done), text));

  it('needs the whole plan for what only its objective names', () => {
    const whole = { ...subject, objective: 'Bring tags' };
    const text = PRD('complete', 'planned', ' []');
    assert.equal(prdAfter(text, { plan: whole, done: new Set(['a', 'b']) }), text);
    assert.match(prdAfter(text, { plan: whole, done: new Set(['a', 'b', 'c']) }), /Complete: Tags \(plan p\)/);
  });
});
