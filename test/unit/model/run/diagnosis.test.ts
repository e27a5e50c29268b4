import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { DEFAULT_CONFIG } from '../../../../src/model/config/config.ts';
import { refusal } from '../../../../src/model/run/accept.ts';
import { blockersOf, diagnose, type Diagnosis, failedTasks } from '../../../../src/model/run/diagnosis.ts';
import { diagnosisWords, optionWords, revisionWords } from '../../../../src/model/shown/diagnosis-words.ts';
import type { AgentOutcome, FailureType } from '../../../../src/model/run/job.ts';
import { foundOf } from '../../../../src/model/run/rounds.ts';
import { takenOf } from '../../../../src/model/shown/taking.ts';
import { at } from '../../../../src/model/text/problem.ts';
import { gate, gateRun, type Oracle, Simulation, task } from '../../../rig/simulation.ts';

const once = { ...DEFAULT_CONFIG.limits, retries: 0 };
const failing = (message: string, type: FailureType = 'fixable'): AgentOutcome => ({
  kind: 'failed',
  type,
  message,
  summary: '',
});

/** The gate of these tasks names this test and place. */
const red =
  (tests: Readonly<Record<string, string>>): NonNullable<Oracle['closing']> =>
  (intent) => {
    if (intent.type !== 'job.intended' || intent.purpose.kind !== 'taskGate') return undefined;
    const test = tests[intent.purpose.task];
    if (test === undefined) return undefined;
    const problem = { file: 'src/a.js', range: at(3), severity: 'error' as const, message: `${test} fails` };
    const run = { ...gateRun('test', false), problems: [problem], tests: { total: 4, failed: [test] } };
    const exit = { code: 1, signal: null, startedAt: 0, endedAt: 0, strays: 0, bytes: 0, dropped: 0 };
    return { type: 'job.ended', end: { kind: 'exited', exit }, gate: run };
  };

const diagnosed = ({ state }: Simulation, id: string): Diagnosis =>
  diagnose(state, [state.tasks.get(id)!], state.at)[0] ?? assert.fail(`nothing is wrong with ${id}`);

const advised = ({ options }: Diagnosis): string | undefined =>
  options.find(({ because }) => because !== undefined)?.remedy;

describe('diagnose', () => {
  const chain = [
    task('a', { covers: ['R1'] }),
    task('b', { dependencies: ['a'], covers: ['R2'] }),
    task('c', { dependencies: ['b'] }),
    task('d'),
  ];

  it('tells the cause with its place, who waits, how much of the longest chain, and what is not met without it', () => {
    const run = new Simulation(chain, { limits: once, gates: [gate('test', 'task')] }, { closing: red({ a: 'adds' }) })
      .approve()
      .run();
    const found = diagnosed(run, 'a');
    assert.equal(found.cause.source, 'gate');
    assert.equal(found.cause.attempts, 1);
    assert.deepEqual(found.cause.evidence, ['src/a.js:3: adds fails', 'adds']);
    assert.deepEqual(found.impact, { waiting: ['b', 'c'], chain: { held: 3, of: 3 }, requirements: ['R1', 'R2'] });
    assert.deepEqual(diagnosisWords(found).impact, [
      '2 tasks wait for it: b, c.',
      'It holds up 3 of 3 tasks on the longest chain.',
      'Not met without it: R1, R2.',
    ]);
    assert.deepEqual(
      blockersOf(run.state, 'c').map(({ task: { id } }) => id),
      ['a'],
    );
    assert.deepEqual(blockersOf(run.state, 'd'), []);
    assert.deepEqual(diagnose(run.state, [run.state.tasks.get('d')!], 0), []);
  });

  it('of the same test in three tasks points to what they share, in two only names the other', () => {
    const tasks = ['a', 'b', 'c', 'd'].map((id) => task(id));
    const world = { closing: red({ a: 'adds', b: 'adds', c: 'adds', d: 'other' }) };
    const run = new Simulation(tasks, { limits: once, gates: [gate('test', 'task')] }, world).approve().run();
    const common = diagnosed(run, 'b');
    assert.deepEqual(common.cause.same, ['a', 'c']);
    assert.equal(advised(common), 'replan');
    assert.match(revisionWords(common), /in b, a, c: begin with a task that mends it/);
    assert.deepEqual(diagnosed(run, 'd').cause.same, []);
    assert.match(foundOf([run.state]).join('\n'), /task a failed: .*the same fails in b, c/);
    const two = new Simulation(tasks.slice(0, 2), { limits: once, gates: [gate('test', 'task')] }, world)
      .approve()
      .run();
    assert.deepEqual(diagnosed(two, 'a').cause.same, ['b']);
    assert.equal(advised(diagnosed(two, 'a')), 'retry');
  });

  const onceFailed = (world: Oracle, ...tasks: Parameters<typeof task>[]): Simulation =>
    new Simulation(tasks.length > 0 ? tasks.map(([id, more]) => task(id, more)) : [task('a')], { limits: once }, world)
      .approve()
      .run();

  for (const [what, world, source, remedy] of [
    [
      'an agent that says the plan is wrong',
      { agent: () => failing('no such API', 'needs_replan') },
      'agent',
      'replan',
    ],
    ['what may be over by now', { agent: () => failing('HTTP 503', 'transient') }, 'agent', 'retry'],
    ['an agent that is cut off again and again', { agent: () => 'interrupted' as const }, 'machine', 'retry'],
    ['an ordinary failure', { agent: () => failing('gave up') }, 'agent', 'retry'],
  ] as const)
    it(`advises of ${what}: ${remedy}`, () => {
      const found = diagnosed(onceFailed(world), 'a');
      assert.equal(found.cause.source, source);
      assert.equal(advised(found), remedy);
    });

  it('advises to do by hand what was given another chance already', () => {
    const run = onceFailed({ agent: () => failing('gave up') });
    run.tell({ type: 'order.accepted', order: { id: 'r', type: 'retry', task: 'a' } }).run();
    assert.equal(advised(diagnosed(run, 'a')), 'hand');
  });

  it('offers only what is accepted, one of it advised, whatever fails', () => {
    const ids = ['a', 'b', 'c', 'd'];
    fc.assert(
      fc.property(
        fc.subarray(ids),
        fc.constantFrom<'fixable' | 'escalate' | 'needs_replan' | 'transient'>(
          'fixable',
          'escalate',
          'needs_replan',
          'transient',
        ),
        fc.constantFrom<'continue' | 'pause' | 'stop'>('continue', 'pause', 'stop'),
        (bad, kind, onFailure) => {
          const world = {
            agent: (id: string) =>
              bad.includes(id) ? failing('no', kind) : { kind: 'succeeded' as const, summary: '' },
          };
          const tasks = ids.map((id, index) => task(id, index > 1 ? { dependencies: [ids[index - 2]!] } : {}));
          const { state } = new Simulation(tasks, { limits: once, onFailure }, world).approve().run();
          const failures = failedTasks(state);
          const found = diagnose(state, failures, state.at);
          assert.deepEqual(
            found,
            failures.flatMap((one) => diagnose(state, [one], state.at)),
          );
          assert.equal(found.length, failures.length);
          for (const { task: failed, options, impact } of found) {
            assert.equal(options.filter(({ because }) => because !== undefined).length, 1);
            const { id } = failed.task;
            for (const { remedy } of options) {
              const type = remedy === 'hand' ? 'takeover' : remedy;
              if (type !== 'replan') assert.equal(refusal(state, { id: 'x', type, task: id }), undefined);
            }
            for (const other of impact.waiting) assert.ok(blockersOf(state, other).includes(failed));
          }
        },
      ),
    );
  });
});

describe('what is chosen', () => {
  const broken = (): Simulation =>
    new Simulation(
      [task('a'), task('b', { dependencies: ['a'] })],
      { limits: once },
      { agent: (id) => (id === 'a' ? failing('no') : { kind: 'succeeded', summary: '' }) },
    )
      .approve()
      .run();

  it('goes on without the task although the run had ended because of it, and says beforehand what is begun so', () => {
    const run = broken();
    assert.equal(run.state.ended?.outcome, 'failed');
    const found = diagnosed(run, 'a');
    const skip = found.options.find(({ remedy }) => remedy === 'skip')!;
    assert.equal(optionWords(skip, found.task), 'It is not done, and begun without it: b.');
    run.tell({ type: 'order.accepted', order: { id: 's', type: 'skip', task: 'a' } }).run();
    assert.deepEqual(run.statuses(), { a: 'skipped', b: 'done' });
    assert.equal(run.state.ended?.outcome, 'merged');
    assert.equal(refusal(run.state, { id: 't', type: 'skip', task: 'b' }), 'the run has ended');
  });

  it('makes the next attempt a person’s, whose work is merged as an agent’s is', () => {
    const run = broken();
    run.tell({ type: 'order.accepted', order: { id: 'h', type: 'takeover', task: 'a' } });
    assert.equal(takenOf(run.state, 'a'), undefined);
    run.run();
    assert.equal(takenOf(run.state, 'a')?.is, 'yours');
    assert.deepEqual(run.statuses(), { a: 'open', b: 'open' });
    assert.equal(refusal(run.state, { id: 'd', type: 'done', task: 'a' }), undefined);
    run.tell({ type: 'order.accepted', order: { id: 'd', type: 'done', task: 'a' } }).run();
    assert.deepEqual(run.statuses(), { a: 'done', b: 'done' });
    assert.equal(run.state.tasks.get('a')?.attempts.length, 2);
  });

  it('says why nobody can work by hand yet where the run is paused', () => {
    const run = broken();
    run.tell({ type: 'order.accepted', order: { id: 'h', type: 'takeover', task: 'a' } });
    run.tell({ type: 'order.accepted', order: { id: 'p', type: 'pause' } });
    assert.deepEqual(takenOf(run.state, 'a'), { is: 'lost', why: 'waits: the run is paused (a person asked for it)' });
  });
});
