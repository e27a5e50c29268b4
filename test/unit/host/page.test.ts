import { strict as assert } from 'node:assert';
import { DEFAULT_CONFIG } from '../../../src/model/config/config.ts';
import { pageOf } from '../../../src/host/pages/page.ts';
import { Simulation, task } from '../../rig/simulation.ts';

/** A run of so many tasks in two waves, at work until the virtual time; `t0` and `t1` never end, `t2` always fails. */
function runOf(many: number, until = Infinity): Simulation {
  const tasks = Array.from({ length: many }, (_, at) =>
    task(`t${at}`, {
      title: `Task ${at}`,
      wave: at < many / 2 ? 1 : 2,
      scope: [`m${at}/**`],
      dependencies: at === many - 1 ? ['t0'] : [],
    }),
  );
  const simulation = new Simulation(
    tasks,
    {},
    {
      takes: (id) => (until < Infinity && (id === 't0' || id === 't1') ? 1e12 : 10),
      agent: (id) =>
        id === 't2'
          ? { kind: 'failed', type: 'escalate', message: 'no', summary: '' }
          : { kind: 'succeeded', summary: '' },
    },
  );
  return simulation.approve().run(100_000, until);
}

describe('what the review page shows of the tasks', () => {
  it('is every card and the picture where there are few', () => {
    const page = pageOf(runOf(8, 5_000).state);
    const groups = page.waves.flatMap((wave) => wave.groups);
    assert.deepEqual(
      groups.map(({ fold, tasks }) => [fold, tasks?.length]),
      [
        [undefined, 4],
        [undefined, 4],
      ],
    );
    assert.equal(page.atWork, undefined);
    assert.equal(page.graph?.length, 8);
    assert.deepEqual(groups[1]?.tasks?.[3]?.after, ['Task 0']);
  });

  it('has the line that a shell is to run, to be read before it is approved', () => {
    const { state } = new Simulation([task('a', { agent: 'shell', run: 'rm -rf build' }), task('b')]);
    const cards = pageOf(state).waves.flatMap(({ groups }) => groups.flatMap((group) => group.tasks ?? []));
    assert.deepEqual(
      cards.map(({ runs }) => runs),
      ['rm -rf build', undefined],
    );
  });

  it('is, of very many, what is at work, and the groups that a person opened', () => {
    const { state } = runOf(1_000, 2_000);
    const page = pageOf(state);
    assert.deepEqual(
      page.waves.flatMap(({ groups }) => groups.map(({ fold, from, many }) => [fold, from, many])),
      [
        ['1:0', 1, 200],
        ['1:200', 201, 200],
        ['1:400', 401, 100],
        ['2:0', 1, 200],
        ['2:200', 201, 200],
        ['2:400', 401, 100],
      ],
    );
    assert.ok(page.waves.every(({ groups }) => groups.every(({ tasks }) => tasks === undefined)));
    assert.deepEqual(
      page.atWork?.slice(0, 2).map(({ id }) => id),
      ['t0', 't1'],
    );
    assert.equal(page.graph, undefined);
    assert.equal(page.tasks.total, 1_000);
    const opened = pageOf(state, new Set(['1:200'])).waves.flatMap(({ groups }) => groups);
    assert.deepEqual(
      opened.map(({ tasks }) => tasks?.length),
      [undefined, 200, undefined, undefined, undefined, undefined],
    );
    assert.equal(opened[1]?.tasks?.[0]?.id, 't200');
  });

  it('sums up, of very many, those that did not become done', () => {
    const { state } = runOf(300)
      .tell({ type: 'order.accepted', order: { id: 'skip', type: 'skip', task: 't2' } })
      .run();
    assert.ok(state.ended);
    const page = pageOf(state);
    assert.deepEqual(
      page.summary?.map(({ id, status }) => [id, status]),
      [['t2', 'skipped']],
    );
    assert.deepEqual(page.tasks.byStatus, { done: 299, skipped: 1 });
  });

  it('ends with what failed and what that kept from beginning, by their titles', () => {
    const { state } = new Simulation(
      [task('bad', { title: 'Prices' }), task('late', { title: 'Basket', dependencies: ['bad'] })],
      { limits: { ...DEFAULT_CONFIG.limits, retries: 0 } },
      { agent: () => ({ kind: 'failed', type: 'fixable', message: 'no', summary: '' }) },
    )
      .approve()
      .run();
    assert.equal(pageOf(state).outcome?.reason, '1 failed: "Prices"; 1 blocked: "Basket"');
    assert.equal(state.ended?.reason, '1 failed: bad; 1 blocked: late');
  });

  it('counts its time from the approval on', () => {
    const { state } = new Simulation([task('a')]).approve().run();
    const read = { ...state, startedAt: state.startedAt - 60_000 };
    assert.equal(pageOf(read).startedAt, state.approval.kind === 'given' ? state.approval.at : undefined);
  });

  it('is, for each requirement, the first of its tasks and how many more there are', () => {
    const tasks = Array.from({ length: 20 }, (_, at) => task(`t${at}`, { covers: at === 7 ? ['B', 'A'] : ['A'] }));
    const page = pageOf(new Simulation(tasks).approve().run().state);
    assert.deepEqual(
      page.requirements?.map(({ id, standing, tasks: shown, more }) => [id, standing, shown.length, more]),
      [
        ['A', 'met', 12, 8],
        ['B', 'met', 1, 0],
      ],
    );
    assert.match(page.requirements?.[1]?.tasks[0]?.commit ?? '', /./);
  });
});
