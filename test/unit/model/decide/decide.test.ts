import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { refusal } from '../../../../src/model/run/accept.ts';
import { decide } from '../../../../src/model/decide/decide.ts';
import { DEFAULT_CONFIG } from '../../../../src/model/config/config.ts';
import { type Event, isIntent } from '../../../../src/model/run/event.ts';
import { evolve } from '../../../../src/model/run/evolve.ts';
import { withContestants } from '../../../../src/model/plan/contest.ts';
import type { Task } from '../../../../src/model/plan/plan.ts';
import type { Order, Wish } from '../../../../src/model/run/order.ts';
import { begin } from '../../../../src/model/run/begin.ts';
import { type Attention, attention, rest, statusOf } from '../../../../src/model/run/view.ts';
import { gate, type Oracle, Simulation, task } from '../../../rig/simulation.ts';

const order = (wish: object): { type: 'order.accepted'; order: Order } => ({
  type: 'order.accepted',
  order: { id: JSON.stringify(wish), ...wish } as Order,
});

/** Nobody looks whether a task is stuck: stuck.test.ts does. */
const { stuck: _stuck, ...limits } = DEFAULT_CONFIG.limits;
const fails = (type: 'fixable' | 'transient' | 'escalate') => ({
  kind: 'failed' as const,
  type,
  message: 'no',
  summary: '',
});

/** A yes, the skipping of what failed, or one of the results. */
function answerTo({ kind, choices }: Attention, lucky: () => boolean): string {
  if (kind === 'pick') return choices.at(lucky() ? 0 : -1)?.id ?? '';
  return kind === 'escalated' ? 'skip' : 'accept';
}

interface World {
  deps: readonly (readonly number[])[];
  waves: readonly number[];
  scopes: readonly (readonly string[] | undefined)[];
  /** Tasks that several agents do at once. */
  several: readonly ('smallest' | 'person' | undefined)[];
}

function planned({ deps, waves, scopes, several }: World): readonly Task[] {
  const tasks = waves.map((wave, index) =>
    task(`t${index}`, {
      ...(scopes[index] ? { scope: scopes[index] } : {}),
      ...(several[index] ? { agents: ['shell', 'shell', 'claude'].slice(index % 2) } : {}),
      ...(several[index] === 'person' ? { pick: 'person' as const } : {}),
      wave,
      dependencies: (deps[index] ?? []).filter((other) => other < index).map((other) => `t${other}`),
    }),
  );
  return withContestants({ id: 'p', objective: '', tasks, contracts: [] }).tasks;
}

/** Of each task that several did, one result is merged, or it failed, or a person went on without it. */
function checkPicks({ state }: Simulation, skipped: ReadonlySet<string>): void {
  for (const ids of state.graph.contests.values()) {
    const kinds = ids.map((id) => state.tasks.get(id)?.settled?.kind);
    assert.ok(kinds.filter((kind) => kind === 'done').length < 2, 'two results of one task are merged');
    assert.ok(!kinds.includes('done') || !kinds.includes('failed'), 'what is done has failed');
    const isLeftOut = kinds.every((kind) => kind === 'skipped');
    assert.ok(!isLeftOut || ids.some((id) => skipped.has(id)), 'a task is left out, and no person said so');
  }
}

describe('deciding', () => {
  it('starts nothing before the plan is approved, and then runs wave by wave to merged', () => {
    const simulation = new Simulation([task('a'), task('b'), task('c', { wave: 2, dependencies: ['a', 'b'] })]);
    assert.deepEqual(simulation.run().started, []);
    assert.equal(rest(simulation.state), 'waiting');
    simulation.approve().run();
    assert.deepEqual(simulation.started, ['a', 'b', 'c']);
    assert.equal(simulation.state.ended?.outcome, 'merged');
    assert.equal(simulation.state.branch, 'orchestrate/p');
  });

  it('starts a dependant only from an integration that has its dependencies', () => {
    const simulation = new Simulation([task('a'), task('b', { dependencies: ['a'] })], { mode: 'continuous' })
      .approve()
      .run();
    const merge = simulation.events.findIndex(({ type }) => type === 'merge.done');
    const begin_ = simulation.events.findIndex((event) => event.type === 'worktree.intended' && event.task === 'b');
    assert.ok(merge < begin_);
    const b = simulation.events[begin_];
    assert.equal(b?.type === 'worktree.intended' && b.base, simulation.state.merges[0]?.commit);
  });

  it('starts first what the longest chain by the estimates begins with, not the most tasks', () => {
    const tasks = [
      task('short', { estimate: 'small' }),
      task('after', { estimate: 'small', dependencies: ['short'] }),
      task('long', { estimate: 'large' }),
    ];
    const started = (of: typeof tasks) =>
      new Simulation(of, { mode: 'continuous', limits: { ...DEFAULT_CONFIG.limits, agents: 1 } }).approve().run()
        .started;
    assert.equal(started(tasks)[0], 'long');
    assert.equal(started(tasks.map((one) => ({ ...one, estimate: 'medium' })))[0], 'short');
  });

  it('does not merge what is skipped while it waits for its wave', () => {
    const tasks = [task('a'), task('b', { agent: 'manual' })];
    const simulation = new Simulation(tasks, { gates: [gate('test', 'wave')] }).approve().run();
    simulation.tell(order({ type: 'skip', task: 'a' })).run();
    simulation.tell(order({ type: 'done', task: 'b' })).run();
    assert.deepEqual(simulation.statuses(), { a: 'skipped', b: 'done' });
    assert.deepEqual(
      simulation.state.merges.map(({ members }) => members.map((member) => member.task)),
      [['b']],
    );
  });

  it('does not start again what is at work when a task before it is reopened', () => {
    const tasks = [task('a'), task('b', { wave: 2, agent: 'manual' })];
    const oracle: Oracle = {
      agent: (_, attempt) => (attempt === 1 ? fails('escalate') : { kind: 'succeeded', summary: '' }),
    };
    const simulation = new Simulation(tasks, {}, oracle).approve().run();
    assert.deepEqual(simulation.started, ['a', 'b']);
    simulation.tell(order({ type: 'retry', task: 'a' })).run();
    assert.deepEqual(simulation.started, ['a', 'b', 'a']);
    simulation.tell(order({ type: 'done', task: 'b' })).run();
    assert.equal(simulation.state.ended?.outcome, 'merged');
  });

  it('runs no more agents at once than the limit allows', () => {
    const tasks = Array.from({ length: 20 }, (_, index) => task(`t${index}`));
    let [now, most] = [0, 0];
    const oracle: Oracle = { closing: () => undefined, takes: (id) => 10 + Number(id.slice(1)) };
    const simulation = new Simulation(tasks, { limits: { ...limits, agents: 3 } }, oracle).approve().run();
    for (const event of simulation.events) {
      if (event.type === 'job.intended' && event.purpose.kind === 'agent') now += 1;
      if (event.type === 'job.ended') now -= 1;
      most = Math.max(most, now);
    }
    assert.equal(most, 3);
  });

  it('runs the gates of several tasks side by side, as many as the limit allows', () => {
    const tasks = Array.from({ length: 6 }, (_, index) => task(`t${index}`));
    const config = { gates: [gate('test', 'task')], limits: { ...limits, agents: 6, gates: 3 } };
    const simulation = new Simulation(tasks, config).approve().run();
    const open = new Set<string>();
    let most = 0;
    for (const event of simulation.events) {
      if (event.type === 'job.intended' && event.purpose.kind === 'taskGate') open.add(event.intent);
      if (event.type === 'job.ended') open.delete(event.intent);
      most = Math.max(most, open.size);
    }
    assert.equal(most, 3);
    assert.equal(simulation.state.ended?.outcome, 'merged');
  });

  it("never runs two tasks at once that conflict, and starts the second from the first one's result", () => {
    const simulation = new Simulation([
      task('a', { scope: ['src/**'] }),
      task('b', { scope: ['src/x.ts'] }),
      task('c', { scope: ['docs/**'] }),
    ])
      .approve()
      .run();
    const at = (type: string, id: string): number =>
      simulation.events.findIndex((event) => event.type === type && 'task' in event && event.task === id);
    assert.ok(at('worktree.intended', 'b') > simulation.events.findIndex(({ type }) => type === 'merge.done'));
    assert.ok(at('worktree.intended', 'c') < at('worktree.intended', 'b'));
  });

  it("retries with the change carried over and today's tip, three times, then gives up and goes on with the rest", () => {
    const oracle: Oracle = { gate: (_gate, tasks) => !tasks.includes('bad') };
    const simulation = new Simulation(
      [task('bad'), task('needs', { dependencies: ['bad'] }), task('good')],
      { gates: [gate('test', 'task')], limits },
      oracle,
    )
      .approve()
      .run();
    assert.equal(simulation.started.filter((id) => id === 'bad').length, 4);
    const second = simulation.events.find(
      (event) => event.type === 'worktree.intended' && event.task === 'bad' && event.attempt === 2,
    );
    assert.ok(second?.type === 'worktree.intended' && second.carry);
    assert.deepEqual(simulation.statuses(), { bad: 'failed', needs: 'open', good: 'done' });
    assert.equal(statusOf(simulation.state, simulation.state.tasks.get('needs')!), 'blocked');
    assert.equal(simulation.state.ended?.outcome, 'failed');
    assert.equal(simulation.state.branch, 'orchestrate/p');
  });

  it('waits 2, 4 and 8 seconds after transient failures', () => {
    const simulation = new Simulation(
      [task('a')],
      {},
      { agent: (_task, attempt) => (attempt < 4 ? fails('transient') : { kind: 'succeeded', summary: '' }) },
    )
      .approve()
      .run();
    const begun = simulation.events.filter(({ type }) => type === 'worktree.intended').map(({ at }) => at);
    const waits = begun.slice(1).map((at, index) => Math.floor((at - begun[index]!) / 1000));
    assert.deepEqual(waits, [2, 4, 8]);
    assert.equal(simulation.state.ended?.outcome, 'merged');
  });

  it('tries an interrupted attempt again without spending a retry', () => {
    const simulation = new Simulation(
      [task('a')],
      {},
      { agent: (_task, attempt) => (attempt === 1 ? 'interrupted' : { kind: 'succeeded', summary: '' }) },
    )
      .approve()
      .run();
    const a = simulation.state.tasks.get('a');
    assert.equal(a?.attempts.length, 2);
    assert.equal(a?.retries, 0);
    assert.equal(simulation.state.ended?.outcome, 'merged');
  });

  it('asks a person after an escalated failure, and each answer is followed', () => {
    const escalated = () =>
      new Simulation(
        [task('a'), task('b', { dependencies: ['a'] })],
        {},
        {
          agent: (id, attempt) =>
            id === 'a' && attempt === 1 ? fails('escalate') : { kind: 'succeeded', summary: '' },
        },
      )
        .approve()
        .run();
    const [question] = attention(escalated().state);
    assert.equal(question?.kind, 'escalated');
    const answer = (choice: string) =>
      escalated()
        .tell(order({ type: 'answer', question: question?.id, choice }))
        .run();
    assert.deepEqual(answer('retry').statuses(), { a: 'done', b: 'done' });
    assert.deepEqual(answer('skip').statuses(), { a: 'skipped', b: 'done' });
    assert.equal(answer('stop').state.ended?.outcome, 'cancelled');
  });

  it('does not call an attempt done that changed nothing, unless the task produces a report', () => {
    const nothing: Oracle = {
      closing: (intent) =>
        intent.type === 'result.intended' ? { type: 'result.taken', commit: null, paths: [], findings: [] } : undefined,
    };
    assert.deepEqual(new Simulation([task('a')], {}, nothing).approve().run().statuses(), { a: 'failed' });
    assert.deepEqual(new Simulation([task('a', { produces: 'report' })], {}, nothing).approve().run().statuses(), {
      a: 'done',
    });
  });

  it('halts when an attempt changed what the run stands on', () => {
    const oracle: Oracle = {
      closing: (intent) =>
        intent.type === 'result.intended' && intent.task === 'a'
          ? {
              type: 'result.taken',
              commit: null,
              paths: [],
              findings: [{ kind: 'refsMoved', paths: [], detail: 'integration was moved' }],
            }
          : undefined,
    };
    const simulation = new Simulation([task('a'), task('b', { wave: 2 })], {}, oracle).approve().run();
    assert.equal(simulation.state.paused?.halt, true);
    assert.deepEqual(simulation.started, ['a']);
    assert.match(
      attention(simulation.state)
        .map(({ text }) => text)
        .join(),
      /integration was moved/,
    );
  });

  it('asks before a change to what defines the gates is taken', () => {
    const oracle: Oracle = {
      closing: (intent) =>
        intent.type === 'result.intended' && intent.attempt === 1
          ? {
              type: 'result.taken',
              commit: 'c',
              paths: ['package.json'],
              findings: [{ kind: 'gateDefining', paths: ['package.json'], detail: 'changes scripts' }],
            }
          : undefined,
    };
    const asked = () => new Simulation([task('a')], {}, oracle).approve().run();
    assert.equal(asked().state.merges.length, 0);
    const answer = (choice: string) =>
      asked()
        .tell(order({ type: 'answer', question: 'gateDefining:a:1', choice, comment: 'leave them' }))
        .run();
    assert.equal(answer('accept').state.tasks.get('a')?.attempts.length, 1);
    const rejected = answer('reject');
    assert.equal(rejected.state.tasks.get('a')?.attempts.length, 2);
    assert.equal(rejected.state.ended?.outcome, 'merged');
  });

  it('holds a wave back for its gate, finds the pair that is red together and merges the rest', () => {
    const tasks = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((id) => task(id));
    const oracle: Oracle = {
      gate: (_gate, inside, attempt) => attempt !== undefined || !(inside.includes('b') && inside.includes('g')),
    };
    const simulation = new Simulation(tasks, { gates: [gate('all', 'wave')], limits: { ...limits, agents: 8 } }, oracle)
      .approve()
      .run();
    const failure = simulation.state.tasks.get('g')?.attempts[0]?.stage;
    assert.ok(failure?.at === 'ended' && failure.failure.kind === 'together');
    assert.deepEqual(failure?.at === 'ended' && failure.failure.kind === 'together' && failure.failure.with, ['b']);
    assert.deepEqual(
      simulation.state.merges[0]?.members.map((member) => member.task),
      ['a', 'b', 'c', 'd', 'e', 'f', 'h'],
    );
    assert.equal(simulation.state.tasks.get('g')?.revisions, 1, 'being red together spends no retry');
    assert.equal(simulation.state.tasks.get('g')?.retries, 3, 'being red on a tip that has the other does');
    assert.equal(simulation.statuses()['g'], 'failed');
  });

  it('does not hold back a result that another task of its wave must start from', () => {
    const tasks = [task('a', { scope: ['x'] }), task('b', { scope: ['x'] }), task('c')];
    const simulation = new Simulation(tasks, { gates: [gate('all', 'wave')] }).approve().run();
    assert.equal(simulation.state.ended?.outcome, 'merged');
    assert.ok(
      simulation.state.merges.every(({ gates }) => gates.some((run) => run.gate === 'all')),
      'each under the gate of the wave',
    );
  });

  // Else it would be made without the change that it did not go with, and not go with it again.
  it('revises the later of two that conflict in git once the other is merged, from there', () => {
    const isBoth = (members: readonly { task: string }[]) =>
      members.length > 1 && members.some(({ task: id }) => id === 'b');
    const simulation = new Simulation(
      [task('a'), task('b'), task('c', { wave: 2 })],
      { gates: [gate('all', 'wave')] },
      { conflicts: (members) => (isBoth(members) ? 'b' : undefined), takes: () => 10 },
    )
      .approve()
      .run();
    const revised = simulation.events.find((event) => event.type === 'worktree.intended' && event.attempt === 2);
    assert.ok(revised?.type === 'worktree.intended' && revised.task === 'b');
    assert.equal(revised.base, simulation.state.merges[0]?.commit, 'it has the change of the other');
    assert.deepEqual(simulation.started, ['a', 'b', 'b', 'c']);
    assert.equal(simulation.state.tasks.get('b')?.retries, 0);
    assert.equal(simulation.state.ended?.outcome, 'merged');
  });

  it('runs the final gates on the last candidate, and on the tip when the last task fails', () => {
    const gates = [gate('all', 'final')];
    const fine = new Simulation([task('a'), task('b', { wave: 2 })], { gates }).approve().run();
    assert.deepEqual(
      fine.state.merges.at(-1)?.gates.map((run) => run.gate),
      ['all'],
    );
    const agent = (id: string) => (id === 'b' ? fails('fixable') : { kind: 'succeeded' as const, summary: '' });
    const tip = new Simulation([task('a'), task('b', { wave: 2 })], { gates, limits }, { agent }).approve().run();
    assert.deepEqual(tip.state.merges.at(-1)?.members, []);
    assert.equal(tip.state.ended?.outcome, 'failed');
  });

  it('runs base-lines before any agent and asks when one is red', () => {
    let base = true;
    const oracle: Oracle = { gate: (_gate, inside) => (inside.length === 0 ? !base : true) };
    const red = new Simulation([task('a')], { gates: [gate('test', 'task')] }, oracle).approve().run();
    assert.deepEqual(red.started, []);
    assert.equal(attention(red.state)[0]?.kind, 'baseline');
    red.tell(order({ type: 'answer', question: 'baseline', choice: 'accept' })).run();
    assert.equal(red.state.ended?.outcome, 'merged');
    assert.equal(red.state.tasks.get('a')?.attempts[0]?.gates.length, 0, 'a gate that can tell nothing is not used');
    base = false;
  });

  it('cancels what runs, keeps what was left, and can be resumed', () => {
    const simulation = new Simulation([task('a'), task('b', { wave: 2 })], {}, { takes: () => 1000 });
    simulation.approve();
    for (const event of decide(simulation.state, { now: 0 }).events) simulation.tell(event);
    simulation.tell({ type: 'worktree.created', intent: 'i1', path: '/w', carried: 'none', warnings: [] });
    for (const event of decide(simulation.state, { now: 0 }).events) simulation.tell(event);
    simulation.tell(order({ type: 'cancel' }));
    const decided = decide(simulation.state, { now: 0 }).events;
    assert.deepEqual(
      decided.map(({ type }) => type),
      ['cancel.intended'],
    );
    for (const event of decided) simulation.tell(event);
    simulation.tell({ type: 'cancel.sent', intent: 'i3' });
    simulation.tell({
      type: 'job.ended',
      intent: 'i2',
      end: {
        kind: 'exited',
        exit: {
          code: null,
          signal: 'SIGTERM',
          startedAt: 0,
          endedAt: 0,
          strays: 0,
          bytes: 0,
          dropped: 0,
          stopped: 'cancelled',
        },
      },
    });
    simulation.run();
    assert.equal(simulation.state.ended?.outcome, 'cancelled');
    assert.ok(simulation.events.some(({ type }) => type === 'result.intended'));
    simulation.tell(order({ type: 'resume' })).run();
    assert.equal(simulation.state.ended?.outcome, 'merged');
  });

  it('goes on without a skipped task, and a failed one can be tried again after the end', () => {
    let broken = true;
    const agent = (id: string) =>
      id === 'a' && broken ? fails('fixable') : { kind: 'succeeded' as const, summary: '' };
    const simulation = new Simulation([task('a'), task('b', { dependencies: ['a'] })], { limits }, { agent })
      .approve()
      .run();
    assert.equal(simulation.state.ended?.outcome, 'failed');
    broken = false;
    simulation.tell(order({ type: 'retry', task: 'a' })).run();
    assert.equal(simulation.state.ended?.outcome, 'merged');
    assert.deepEqual(simulation.statuses(), { a: 'done', b: 'done' });
  });

  it('does without a task that says so where it fails for good, whatever the run says of failures', () => {
    const agent = (id: string) => (id === 'a' ? fails('escalate') : { kind: 'succeeded' as const, summary: '' });
    for (const onFailure of ['continue', 'stop', 'pause', 'rollback'] as const) {
      const simulation = new Simulation(
        [task('a', { onFailure: 'skip' }), task('b', { dependencies: ['a'] })],
        { limits, onFailure },
        { agent },
      )
        .approve()
        .run();
      assert.deepEqual(simulation.statuses(), { a: 'skipped', b: 'done' }, onFailure);
      assert.equal(simulation.state.ended?.outcome, 'merged', onFailure);
    }
  });

  it('stands still after an intent that could not be done, and does it again when resumed', () => {
    let full = true;
    const oracle: Oracle = {
      closing: (intent) =>
        full && intent.type === 'worktree.intended'
          ? { type: 'intent.failed', failure: { kind: 'diskFull', path: '/w' } }
          : undefined,
    };
    const simulation = new Simulation([task('a')], {}, oracle).approve().run();
    assert.equal(simulation.state.paused?.halt, true);
    assert.equal(rest(simulation.state), 'waiting');
    full = false;
    simulation.tell(order({ type: 'resume' })).run();
    assert.equal(simulation.state.ended?.outcome, 'merged');
    assert.equal(simulation.state.tasks.get('a')?.attempts.length, 1);
  });

  it('refuses orders that answer something else than what is asked now', () => {
    const { state } = new Simulation([task('a')]).run();
    assert.match(refusal(state, { id: '1', type: 'approve', planHash: 'other' }) ?? '', /changed/);
    assert.equal(refusal(state, { id: '1', type: 'approve', planHash: 'h' }), undefined);
    assert.match(refusal(state, { id: '1', type: 'skip', task: 'nope' }) ?? '', /no task/);
    assert.match(refusal(state, { id: '1', type: 'answer', question: 'x', choice: 'y' }) ?? '', /answered already/);
    assert.match(refusal(state, { id: '1', type: 'resume' }) ?? '', /not paused/);
  });

  it('comes to a decided end for any plan and any world, closes every intent, and folds to the same state again', () => {
    const world = fc.record({
      deps: fc.array(fc.subarray([0, 1, 2, 3, 4, 5]), { minLength: 6, maxLength: 6 }),
      waves: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 6, maxLength: 6 }),
      luck: fc.infiniteStream(fc.nat(9)),
      mode: fc.constantFrom('waves' as const, 'continuous' as const, 'adaptive' as const),
      several: fc.array(fc.constantFrom(undefined, 'smallest' as const, 'person' as const), {
        minLength: 6,
        maxLength: 6,
      }),
      places: fc.constantFrom({ agents: 1 }, { agents: 2, batch: 1 }, { agents: 4, batch: 3 }, { agents: 4 }),
      onFailure: fc.constantFrom('continue' as const, 'pause' as const, 'rollback' as const),
      scopes: fc.array(fc.constantFrom(undefined, ['x'], ['y'], ['x', 'y']), { minLength: 6, maxLength: 6 }),
      gates: fc.subarray([gate('task', 'task'), gate('merge', 'merge'), gate('wave', 'wave'), gate('final', 'final')]),
    });
    fc.assert(
      fc.property(world, ({ deps, waves, luck, mode, gates, scopes, several, places, onFailure }) => {
        const tasks = planned({ deps, waves, scopes, several });
        const lucky = (): boolean => (luck.next().value ?? 0) > 1;
        const verdicts = new Map<string, boolean>();
        const oracle: Oracle = {
          agent: () => (lucky() ? { kind: 'succeeded', summary: '' } : lucky() ? fails('fixable') : 'interrupted'),
          gate: (name, inside, attempt) => {
            if (inside.length === 0) return true;
            const key = JSON.stringify([name, inside, attempt]);
            if (!verdicts.has(key)) verdicts.set(key, lucky());
            return verdicts.get(key) ?? true;
          },
          conflicts: (members) => (lucky() ? undefined : members[1]?.task),
        };
        const simulation = new Simulation(
          tasks,
          { mode, gates, onFailure, limits: { ...DEFAULT_CONFIG.limits, ...places } },
          oracle,
        )
          .approve()
          .run();
        const skipped = new Set<string>();
        for (let asked = 0; asked < 50 && !simulation.state.ended; asked += 1) {
          const [item] = attention(simulation.state);
          assert.ok(item, 'not ended and nobody is asked');
          const again = tasks.find(
            ({ id }) => refusal(simulation.state, { id: 'x', type: 'retry', task: id }) === undefined,
          );
          const said: Wish =
            item.kind === 'paused'
              ? { type: 'resume' }
              : again && lucky() && asked < 5
                ? { type: 'retry', task: again.id }
                : { type: 'answer', question: item.id, choice: answerTo(item, lucky) };
          assert.equal(refusal(simulation.state, { ...said, id: `${asked}` }), undefined);
          if ('choice' in said && said.choice === 'skip') skipped.add(item.task ?? '');
          simulation.tell({ type: 'order.accepted', order: { ...said, id: `${asked}` } }).run();
        }
        assert.ok(simulation.state.ended);
        checkPicks(simulation, skipped);
        assert.equal(simulation.state.open.size, 0);
        const intents = simulation.events.flatMap((event) => (isIntent(event) ? [event.intent] : []));
        assert.equal(new Set(intents).size, intents.length);
        const [first, ...others] = simulation.events;
        const again = others.reduce(
          (state, event) => evolve(state, event),
          begin(first as Event & { type: 'run.started' }),
        );
        assert.deepEqual(again.ended, simulation.state.ended);
        assert.equal(again.integration, simulation.state.integration);
      }),
      { numRuns: 300 },
    );
  });
});
