import { strict as assert } from 'node:assert';
import { DEFAULT_CONFIG } from '../../../../src/model/config/config.ts';
import type { Happening } from '../../../../src/model/run/event.ts';
import type { JobEnd, Usage } from '../../../../src/model/run/job.ts';
import { spentByRole, spentByTask, spentInRun, usageText, withUsage } from '../../../../src/model/crew/spending.ts';
import { Reporting } from '../../../../src/process/reporting.ts';
import { attention, rest } from '../../../../src/model/run/view.ts';
import { type Closing, type Oracle, Simulation, task } from '../../../rig/simulation.ts';

const exit = { code: 0, signal: null, startedAt: 0, endedAt: 0, strays: 0, bytes: 0, dropped: 0 };
const done = (usage?: Usage): JobEnd => ({
  kind: 'exited',
  exit: { ...exit, agent: { kind: 'succeeded', summary: '', ...(usage ? { usage } : {}) } },
});
const cutOff = (more: object = {}): JobEnd => ({ kind: 'interrupted', reason: 'killed', session: 's', ...more });
const forgot: JobEnd = {
  kind: 'exited',
  exit: {
    ...exit,
    code: 1,
    agent: { kind: 'failed', type: 'fixable', message: 'no session', unknownSession: true, summary: '' },
  },
};

/** Each start of an agent of task `a` ends as the list says; later ones well. */
function ends(...list: readonly JobEnd[]): Oracle {
  let starts = 0;
  return {
    closing: (intent): Closing | undefined => {
      if (intent.type !== 'job.intended' || intent.purpose.kind !== 'agent' || intent.purpose.task !== 'a')
        return undefined;
      starts += 1;
      return { type: 'job.ended', end: list[starts - 1] ?? done() };
    },
  };
}

const simulate = (oracle: Oracle, agent = 'claude', config = {}): Simulation =>
  new Simulation([task('a', { agent })], config, oracle).approve().run();
const resumed = ({ events }: Simulation): (string | undefined)[] =>
  events.flatMap((event) => (event.type === 'attempt.resumed' ? [event.session] : []));
const attempts = ({ state }: Simulation): number => state.tasks.get('a')?.attempts.length ?? 0;

describe('An agent that was cut off', () => {
  it('goes on with its session in the same attempt, and spends nothing', () => {
    const simulation = simulate(ends(cutOff()));
    assert.deepEqual([resumed(simulation), attempts(simulation)], [['s'], 1]);
    assert.equal(simulation.state.ended?.outcome, 'merged');
    assert.equal(simulation.state.tasks.get('a')?.retries, 0);
  });

  it('begins anew in the same worktree where the session is not there any more', () => {
    const simulation = simulate(ends(cutOff(), forgot));
    assert.deepEqual([resumed(simulation), attempts(simulation)], [['s', undefined], 1]);
    assert.equal(simulation.state.tasks.get('a')?.retries, 0);
    assert.equal(simulation.state.ended?.outcome, 'merged');
  });

  it('gets another worktree after three times', () => {
    const simulation = simulate(ends(cutOff(), cutOff(), cutOff(), cutOff()));
    assert.deepEqual([resumed(simulation).length, attempts(simulation)], [3, 2]);
  });

  for (const [what, end, agent] of [
    ['it may still be at work elsewhere', cutOff({ unproven: true }), 'claude'],
    ['nobody knows its session', { kind: 'interrupted', reason: 'killed' }, 'claude'],
    ['its program cannot', cutOff(), 'shell'],
  ] as const) {
    it(`begins in another worktree where ${what}`, () => {
      const simulation = simulate(ends(end), agent);
      assert.deepEqual([resumed(simulation), attempts(simulation)], [[], 2]);
    });
  }

  it('does not take an unknown session for news when it was not told one', () => {
    assert.deepEqual(resumed(simulate(ends(forgot))), []);
  });
});

describe('What agents spend', () => {
  const spent = (cost: number, tokens = 1000): Usage => ({ inputTokens: tokens, outputTokens: 0, cost });
  const limits = DEFAULT_CONFIG.limits;

  it('is counted by attempt, task, role and run; numbers of a whole session are not counted twice', () => {
    assert.deepEqual(withUsage(spent(1), spent(3), ['cost']), { inputTokens: 2000, outputTokens: 0, cost: 3 });
    assert.deepEqual(withUsage(spent(1), spent(3), ['tokens']), { inputTokens: 1000, outputTokens: 0, cost: 4 });
    const simulation = simulate(ends(cutOff(), done(spent(0.42, 12_345))));
    const { state } = simulation;
    assert.equal(usageText(spentByTask(state.tasks.get('a')!)!), '$0.42, 12.3k tokens');
    assert.equal(spentInRun(state)?.cost, 0.42);
    assert.deepEqual(
      spentByRole(state).map(([role]) => role),
      ['claude'],
    );
  });

  it('is known while an agent works, by what it says, and kept where it is cut off', () => {
    const says = (usage: Usage, line: number): Happening => ({
      type: 'job.reported',
      job: 'i2',
      line,
      report: { type: 'usage', usage },
    });
    const simulation = new Simulation([task('a', { agent: 'claude' })]).approve();
    simulation
      .tell({ type: 'worktree.intended', intent: 'i1', task: 'a', attempt: 1, name: 'a-1', branch: 'b', base: 'base' })
      .tell({ type: 'worktree.created', intent: 'i1', path: '/w', carried: 'none', warnings: [] })
      .tell({ type: 'job.intended', intent: 'i2', purpose: { kind: 'agent', task: 'a', attempt: 1 } })
      .tell(says(spent(0.1, 100), 1))
      .tell(says(spent(0.3, 300), 2));
    const { state } = simulation;
    assert.equal(usageText(spentInRun(state)!), '$0.30, 300 tokens');
    simulation.tell({ type: 'job.ended', intent: 'i2', end: cutOff() });
    assert.equal(usageText(spentByTask(state.tasks.get('a')!)!), '$0.30, 300 tokens');
    simulation
      .tell({ type: 'job.intended', intent: 'i3', purpose: { kind: 'agent', task: 'a', attempt: 1 } })
      .tell({ ...says(spent(0.2, 200), 1), job: 'i3' } as Happening);
    assert.equal(usageText(spentInRun(state)!), '$0.50, 500 tokens');
    simulation.tell({ type: 'job.ended', intent: 'i3', end: done(spent(0.4, 400)) });
    assert.equal(usageText(spentInRun(state)!), '$0.70, 700 tokens');
  });

  it('is written down seldom, and not with the end that tells it', () => {
    const reporting = new Reporting();
    const reports = Array.from({ length: 1000 }, (_, index) =>
      reporting.of([{ type: 'usage', usage: spent(index / 100, index * 10) }]),
    ).flat();
    assert.ok(reports.length > 5 && reports.length < 40, `${reports.length}`);
    const end = reporting.of([
      { type: 'usage', usage: spent(100, 1e6) },
      { type: 'ended', success: true, message: '' },
    ]);
    assert.deepEqual(end, []);
  });

  it('ends a task that spent its cap with a question, and a person grants it once more', () => {
    const failing: JobEnd = {
      kind: 'exited',
      exit: { ...exit, agent: { kind: 'failed', type: 'fixable', message: 'no', summary: '', usage: spent(1.5) } },
    };
    const simulation = simulate(ends(failing, failing), 'claude', {
      limits: { ...limits, budget: { task: { usd: 2 } } },
    });
    assert.equal(attempts(simulation), 2);
    assert.match(
      attention(simulation.state)[0]?.text ?? '',
      /spent its budget \(\$3\.00, 2000 tokens of \$2\.00\): no/,
    );
    simulation.tell({ type: 'order.accepted', order: { id: 'r', type: 'retry', task: 'a' } }).run();
    assert.equal(simulation.state.ended?.outcome, 'merged');
  });

  it('stops dispatch of a run that spent its cap, until a person raises it', () => {
    const tasks = ['a', 'b'].map((id) => task(id, { agent: 'claude' }));
    const config = { limits: { ...limits, agents: 1, budget: { run: { tokens: 1000 } } } };
    const simulation = new Simulation(tasks, config, ends(done(spent(1)))).approve().run();
    assert.deepEqual(simulation.started, ['a']);
    const [asked] = attention(simulation.state);
    assert.match(asked?.text ?? '', /The run spent its budget: \$1\.00, 1000 tokens of 1000 tokens/);
    assert.equal(rest(simulation.state), 'waiting');
    const order = { id: 'x', type: 'answer' as const, question: asked?.id ?? '', choice: 'raise' };
    simulation.tell({ type: 'order.accepted', order }).run();
    assert.equal(simulation.state.ended?.outcome, 'merged');
  });
});
