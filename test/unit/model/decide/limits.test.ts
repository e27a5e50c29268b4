import { strict as assert } from 'node:assert';
import { DEFAULT_CONFIG } from '../../../../src/model/config/config.ts';
import type { AgentOutcome } from '../../../../src/model/run/job.ts';
import type { Order } from '../../../../src/model/run/order.ts';
import { limitWords, rest } from '../../../../src/model/run/view.ts';
import { type Oracle, Simulation, task } from '../../../rig/simulation.ts';

const MINUTE = 60_000;
const SUCCEEDED: AgentOutcome = { kind: 'succeeded', summary: '' };
const limited = (resetAt?: number): AgentOutcome => ({
  kind: 'failed',
  type: 'transient',
  limit: true,
  message: 'usage limit reached',
  summary: '',
  ...(resetAt === undefined ? {} : { resetAt }),
});
const order = (type: 'resume' | 'pause'): { type: 'order.accepted'; order: Order } => ({
  type: 'order.accepted',
  order: { id: type, type },
});

/** When each attempt at a task was begun, as `task:attempt at`. */
const begun = ({ events }: Simulation): string[] =>
  events.flatMap((event) => (event.type === 'worktree.intended' ? [`${event.task}:${event.attempt} ${event.at}`] : []));

describe('a usage limit', () => {
  const many = ['a', 'b', 'c', 'd', 'e'].map((id) => task(id, { agent: 'claude' }));

  it('stops dispatch with that agent for the whole run until it ends; other agents and what runs go on', () => {
    const agent: Oracle['agent'] = (id, attempt) => (id === 'a' && attempt === 1 ? limited(500_000) : SUCCEEDED);
    const takes: Oracle['takes'] = (id) => (id === 'b' ? 1_000 : 10);
    const tasks = [...many, task('x', { agent: 'codex', priority: 'low' })];
    const limits = { ...DEFAULT_CONFIG.limits, agents: 2 };
    const simulation = new Simulation(tasks, { limits, mode: 'continuous' }, { agent, takes }).approve().run();
    const late = begun(simulation).filter((line) => Number(line.split(' ')[1]) >= 500_000);
    assert.equal(late.map((line) => line[0]).join(''), 'acde');
    assert.ok(begun(simulation).some((line) => line.startsWith('x:1') && Number(line.split(' ')[1]) < 10_000));
    assert.equal(simulation.state.tasks.get('a')?.retries, 0);
    assert.equal(simulation.state.tasks.get('b')?.attempts.length, 1);
    assert.equal(simulation.state.ended?.outcome, 'merged');
    assert.equal(simulation.state.breakers.size, 0);
  });

  it('of unknown length is tried with one attempt at a time, after 5, 10, 20 minutes', () => {
    const seen: number[] = [];
    const agent: Oracle['agent'] = () => (seen.push(0) < 8 ? limited() : SUCCEEDED);
    const limits = { ...DEFAULT_CONFIG.limits, agents: 5 };
    const simulation = new Simulation(many, { limits }, { agent }).approve().run();
    const times = [...new Set(begun(simulation).map((line) => Number(line.split(' ')[1])))];
    const gaps = times.slice(1, 5).map((at, index) => Math.round((at - times[index]!) / MINUTE));
    assert.deepEqual(gaps, [5, 10, 20, 0], begun(simulation).join('\n'));
    const probes = begun(simulation).slice(5, 9);
    assert.equal(new Set(probes.slice(0, 3).map((line) => line.split(' ')[1])).size, 3, 'one attempt at a time');
    assert.equal(simulation.state.ended?.outcome, 'merged');
    assert.ok([...simulation.state.tasks.values()].every(({ retries }) => retries === 0));
  });

  it('holds back attempts whose worktrees are ready, and they take no place of other agents', () => {
    const agent: Oracle['agent'] = (id, attempt) => (id === 'a' && attempt === 1 ? limited(90_000) : SUCCEEDED);
    const closing: Oracle['closing'] = () => undefined;
    const limits = { ...DEFAULT_CONFIG.limits, agents: 2 };
    const slow: Oracle['takes'] = (id) => (id === 'b' ? 2_000 : 10);
    const tasks = [task('a', { agent: 'claude' }), task('b', { agent: 'codex' }), task('c', { agent: 'claude' })];
    const simulation = new Simulation(tasks, { limits, setup: 'true' }, { agent, closing, takes: slow })
      .approve()
      .run();
    const jobs = simulation.events.flatMap((event) =>
      event.type === 'job.intended' && event.purpose.kind === 'agent' ? [`${event.purpose.task} ${event.at}`] : [],
    );
    assert.ok(jobs.filter((line) => line.startsWith('c ')).every((line) => Number(line.split(' ')[1]) >= 90_000));
    assert.equal(simulation.state.ended?.outcome, 'merged');
  });

  it('is tried at once when a person says so, and the run says what it waits for', () => {
    let open = true;
    const agent: Oracle['agent'] = () => (open ? limited(9_000_000) : SUCCEEDED);
    const simulation = new Simulation([task('a', { agent: 'claude' })], {}, { agent }).approve();
    simulation.run(100, 1_000_000);
    assert.equal(rest(simulation.state), 'working');
    assert.deepEqual(limitWords(simulation.state, String), [
      'claude: usage limit until 9000000, goes on then by itself',
    ]);
    open = false;
    simulation.tell(order('resume')).run();
    assert.equal(simulation.state.ended?.outcome, 'merged');
    assert.ok(simulation.now < 9_000_000);
  });
});
