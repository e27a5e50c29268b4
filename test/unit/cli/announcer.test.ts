import { strict as assert } from 'node:assert';
import { Announcer } from '../../../src/cli/shown/announcer.ts';
import { begin } from '../../../src/model/run/begin.ts';
import { evolve } from '../../../src/model/run/evolve.ts';
import { type Oracle, Simulation, task } from '../../rig/simulation.ts';
import { DEFAULT_CONFIG } from '../../../src/model/config/config.ts';

/** What is said over a whole run, from its first event or from a later one on. */
function told({ events }: Simulation, from = 0): string[] {
  const [first, ...others] = events;
  if (first?.type !== 'run.started') throw new Error('no start');
  const state = begin(first);
  for (const event of others.slice(0, from)) evolve(state, event);
  const announcer = new Announcer(from > 0 ? state : undefined);
  return others.slice(from).flatMap((event) => announcer.tell(event, evolve(state, event)));
}

const failing: Oracle = {
  agent: (id) =>
    id === 'b' ? { kind: 'failed', type: 'escalate', message: 'no', summary: '' } : { kind: 'succeeded', summary: '' },
};
const plan = [task('a'), task('b'), task('c', { wave: 2, dependencies: ['b'] }), task('d', { wave: 2 })];
const run = (world: Oracle = {}): Simulation =>
  new Simulation(plan, { limits: { ...DEFAULT_CONFIG.limits, retries: 0 } }, world).approve().run();

describe('announcements', () => {
  it('say when each wave begins, with its tasks, and when it is over', () => {
    assert.deepEqual(told(run()), [
      'wave 1 begins: a, b',
      'wave 1 is over: 2 of 2 tasks done',
      'wave 2 begins: c, d',
      'wave 2 is over: 2 of 2 tasks done',
    ]);
  });

  it('say what of a wave was not done', () => {
    const lines = told(run(failing));
    assert.ok(lines.includes('wave 1 is over: 1 of 2 tasks done, 1 failed'), lines.join('\n'));
    assert.ok(lines.includes('wave 2 is over: 1 of 2 tasks done, 1 blocked'), lines.join('\n'));
  });

  it('say again that a wave is over which was begun again', () => {
    const again = run(failing)
      .tell({ type: 'order.accepted', order: { id: 's', type: 'skip', task: 'b' } })
      .run();
    assert.equal(told(again).at(-1), 'wave 2 is over: 2 of 2 tasks done');
  });

  it('say nothing twice where others have said it, and nothing of a plan of one wave', () => {
    const whole = run();
    const half = whole.events.findIndex((event) => event.type === 'worktree.intended' && event.task === 'd');
    assert.deepEqual(told(whole, half), ['wave 2 is over: 2 of 2 tasks done']);
    assert.deepEqual(told(new Simulation([task('a'), task('b')]).approve().run()), []);
  });
});
