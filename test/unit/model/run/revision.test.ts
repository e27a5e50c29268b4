import { strict as assert } from 'node:assert';
import { refusal } from '../../../../src/model/run/accept.ts';
import type { Wish } from '../../../../src/model/run/order.ts';
import { changesTo } from '../../../../src/model/run/revision.ts';
import { changeLines } from '../../../../src/model/run/revision-words.ts';
import { attention, rest } from '../../../../src/model/run/view.ts';
import { type Oracle, Simulation, task } from '../../../rig/simulation.ts';

/** Follows an order as a driver would: what is refused does not happen. */
function say(simulation: Simulation, wish: Wish): void {
  const order = { id: JSON.stringify([wish, simulation.events.length]), ...wish };
  assert.equal(refusal(simulation.state, order), undefined);
  simulation.tell({ type: 'order.accepted', order });
}

const merged = ({ state }: Simulation): string[] =>
  state.merges.flatMap(({ members }) => members.map((member) => member.task));

describe('a plan edited while its run stands', () => {
  /** `a` is at work, the others wait for it. */
  const atWork = (oracle: Oracle = {}): Simulation =>
    new Simulation(
      [task('a'), task('b', { dependencies: ['a'], run: 'old' }), task('c', { dependencies: ['b'] })],
      {},
      { takes: () => 100, ...oracle },
    )
      .approve()
      .run(1000, 1050);

  it('is a proposal: the run goes on, begins nothing that it touches, and does not end before an answer', () => {
    const simulation = atWork().edit([task('a'), task('b', { dependencies: ['a'], run: 'new' })], 'h2');
    const [item] = attention(simulation.state);
    assert.equal(item?.text, 'plan.yaml was edited: 2 tasks (1 changed, 1 removed)');
    assert.equal(item.detail, '~ b: b\n    run: old → new\n- c: c');
    simulation.run();
    assert.deepEqual([merged(simulation), rest(simulation.state)], [['a'], 'waiting']);
    say(simulation, { type: 'approve', planHash: 'h2' });
    simulation.run();
    assert.deepEqual([merged(simulation), simulation.state.ended?.outcome], [['a', 'b'], 'merged']);
    assert.deepEqual([simulation.state.planHash, simulation.state.plan.tasks[1]?.run], ['h2', 'new']);
  });

  it('is rejected: the run goes on as it was, and the same text is not asked about again', () => {
    const edit = [task('a'), task('b', { run: 'new' })];
    const simulation = atWork().edit(edit, 'h2');
    say(simulation, { type: 'reject', planHash: 'h2', comment: '' });
    simulation.edit(edit, 'h2').run();
    assert.deepEqual([merged(simulation), simulation.state.ended?.outcome], [['a', 'b', 'c'], 'merged']);
  });

  it('and back again asks nothing any more', () => {
    const { plan } = atWork().state;
    const simulation = atWork()
      .edit([task('a')], 'h2')
      .edit(plan.tasks, 'h3');
    assert.deepEqual(attention(simulation.state), []);
  });

  it('in nothing but states is no proposal', () => {
    const tasks = atWork().state.plan.tasks.map((one) => ({ ...one, status: 'completed' }));
    assert.deepEqual(attention(atWork().edit(tasks, 'h2').state), []);
  });

  it('lets what is at work or merged be as it is, and says so', () => {
    const edit = [task('b', { dependencies: ['a'], run: 'old' }), task('d', { dependencies: ['c'] })];
    const simulation = atWork().edit([task('a', { run: 'other' }), task('c'), ...edit], 'h2');
    const lines = changesTo(simulation.state, simulation.state.proposal!.plan).flatMap(changeLines);
    assert.equal(lines[0], '~ a: a (has begun: stays as it was)');
    say(simulation, { type: 'approve', planHash: 'h2' });
    simulation.run();
    assert.deepEqual(simulation.started.toSorted(), ['a', 'b', 'c', 'd']);
    assert.equal(simulation.state.tasks.get('a')?.task.run, undefined);
    assert.deepEqual(simulation.state.ended?.outcome, 'merged');
  });

  it('before the plan is approved is simply the plan, and an answer about the old one is refused', () => {
    const simulation = new Simulation([task('a')]).edit([task('z')], 'h2');
    assert.match(refusal(simulation.state, { id: '1', type: 'approve', planHash: 'h' }) ?? '', /plan changed/);
    say(simulation, { type: 'approve', planHash: 'h2' });
    simulation.run();
    assert.deepEqual(merged(simulation), ['z']);
  });

  it('gives a failed task that changes another chance, and drops what is asked about it', () => {
    let broken = true;
    const agent: Oracle['agent'] = () =>
      broken ? { kind: 'failed', type: 'escalate', message: 'no', summary: '' } : { kind: 'succeeded', summary: '' };
    const simulation = new Simulation([task('a'), task('b', { dependencies: ['a'] })], {}, { agent }).approve().run();
    assert.equal(attention(simulation.state)[0]?.kind, 'escalated');
    broken = false;
    simulation.edit([task('a', { description: 'better' }), task('b', { dependencies: ['a'] })], 'h2');
    say(simulation, { type: 'approve', planHash: 'h2' });
    simulation.run();
    assert.deepEqual([merged(simulation), simulation.state.ended?.outcome], [['a', 'b'], 'merged']);
  });

  it('is answered by its own hash only', () => {
    const simulation = atWork()
      .edit([task('a')], 'h2')
      .edit([task('a'), task('x')], 'h3');
    for (const planHash of ['h', 'h2'])
      assert.match(refusal(simulation.state, { id: '1', type: 'approve', planHash }) ?? '', /look at it again/);
    say(simulation, { type: 'approve', planHash: 'h3' });
    assert.match(refusal(simulation.state, { id: '1', type: 'approve', planHash: 'h3' }) ?? '', /approved already/);
  });
});
