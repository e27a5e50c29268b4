import { strict as assert } from 'node:assert';
import { DEFAULT_CONFIG } from '../../../../src/model/config/config.ts';
import type { Report } from '../../../../src/model/report/report.ts';
import { retrospectPage } from '../../../../src/model/report/retrospect-page.ts';
import { retrospectOf } from '../../../../src/model/report/retrospect.ts';
import { textIn, tokensOf } from '../../../rig/markdown.ts';
import { clocks, reported, sectionOf } from '../../../rig/reported.ts';
import { gate, type Oracle, Simulation, task } from '../../../rig/simulation.ts';

const tests = { gates: [gate('test', 'task')] };
/** Red on the first attempts of all. */
const redAtFirst: Oracle = { gate: (_gate, _tasks, attempt) => attempt !== 1, foresees: () => [] };
const named = (id: string, run: Simulation): Report => {
  const told = reported(run);
  return { ...told, run: `${id}-1`, plan: { ...told.plan, id } };
};
const page = (...reports: Report[]): string => retrospectPage(retrospectOf(reports), clocks);

const merged = (id: string): Report => named(id, new Simulation([task('a')], tests, redAtFirst).approve().run());
const failed = (id: string): Report => {
  const limits = { ...DEFAULT_CONFIG.limits, retries: 0 };
  const run = new Simulation([task('a'), task('b')], { ...tests, limits }, redAtFirst).approve();
  const order = { id: '1', type: 'skip', task: 'b', comment: 'later | *perhaps*' } as const;
  return named(id, run.tell({ type: 'order.accepted', order }).run());
};

describe('what several runs leave together', () => {
  it('is a line for each, what is unresolved and decided of each, and what failed in more than one', () => {
    const said = page(merged('M1'), failed('M2'));
    const [head, , ...rows] = said.split('\n\n')[1]?.split('\n') ?? [];
    assert.equal(head, '| plan | run | begun | is | tasks done | time | retries |');
    assert.match(rows[0] ?? '', /^\| M1 \| `M1-1` \| at 1000 \| merged \| 1 of 1 \| \d+ ms \| 1 \|$/);
    assert.match(rows[1] ?? '', /^\| M2 \| `M2-1` \| at 1000 \| \*\*failed\*\* \| 0 of 2 \| \d+ ms \| {2}\|$/);
    const left = sectionOf(said, 'Unresolved');
    assert.ok(left.indexOf('### M1') < left.indexOf('### M2'));
    assert.ok(left.includes('- a failed after 1 attempt: gate "test" is red'));
    assert.deepEqual(sectionOf(said, 'What people decided').slice(2), [
      String.raw`| M2 | at 1000 | skipped b | later \| \*perhaps\* |`,
    ]);
    assert.deepEqual(sectionOf(said, 'What failed in more than one'), ['- gate test failed (2 times: M1, M2)']);
  });

  it('tells of no failure that only one run had, however often, and leaves out what is empty', () => {
    const twice = new Simulation([task('a'), task('b')], tests, redAtFirst).approve().run();
    const whole = new Simulation([task('a')], { gates: [gate('test', 'task', 'wave')] }).approve().run();
    const said = page(named('M1', twice), named('M2', whole));
    assert.deepEqual(sectionOf(said, 'What failed in more than one'), []);
    assert.deepEqual(sectionOf(said, 'What people decided'), []);
    assert.ok(!said.includes('### M2'), 'nothing of it is unresolved');
    assert.match(said, /## Next time\n\n- M1: Gate test failed 2 of 2 first attempts/);
  });

  it('has its own headings and no Markdown of a plan', () => {
    const evil = '# <b>x</b> [a](http://b)\n\n## Mine';
    const said = page(merged(evil), failed(evil), merged('M3'));
    const foreign = tokensOf(said).filter(({ type }) => /^(?:link|image|html|fence)/.test(type));
    assert.deepEqual(foreign, []);
    assert.ok(!said.split('\n').includes('## Mine'));
    assert.ok(textIn(said).includes('[a](http://b)'));
  });
});
