import { strict as assert } from 'node:assert';
import { type Config, DEFAULT_CONFIG } from '../src/model/config/config.ts';
import type { Task } from '../src/model/plan/plan.ts';
import { normals, uniforms } from '../src/model/schedule/chance.ts';
import { criticalPath } from '../src/model/schedule/graph.ts';
import { Simulation, task } from '../test/rig/simulation.ts';
import { ratioOf } from './measure.ts';
import type { Line, Row } from './row.ts';

const SLOTS = 16;
const SIZES = [100, 300, 1_000];
/** Plans of each shape and size. */
const PLANS = 5;
const WIDTH = 25;

/** What half of the tasks take at most, virtual milliseconds; the run's own steps take 1 each. */
const MIDDLE = 600_000;
/** Standard deviations of the logarithm: of what tasks take, and of what is estimated of it. */
const SPREAD = 1;
const NOISE = 0.5;

/** How long the tasks of a run take together, by the order in which a run starts them. */
export const makespan: Row = {
  number: 7,
  title: `makespan, ${SLOTS} agents`,
  run: async () => [...linesOf('layered', inLayers), ...linesOf('random', amongAll)],
};

/** A plan whose estimates are somewhat wrong, what earlier runs say of it, as wrong, and what its tasks really take. */
interface Case {
  tasks: Task[];
  times: Readonly<Record<string, number>>;
  took: (task: Pick<Task, 'id'>) => number;
}

/** Places in the plan that the task at a place waits for. */
type Shape = (at: number, chance: () => number) => number[];

/** Each needs one to three of the layer before. */
const inLayers: Shape = (at, chance) => {
  const before = (Math.floor(at / WIDTH) - 1) * WIDTH;
  if (before < 0) return [];
  return Array.from({ length: 1 + Math.floor(3 * chance()) }, () => before + Math.floor(WIDTH * chance()));
};

/** Each needs up to three of those before it, wherever they stand. */
const amongAll: Shape = (at, chance) =>
  Array.from({ length: at === 0 ? 0 : Math.floor(4 * chance()) }, () => Math.floor(at * chance()));

function linesOf(name: string, shape: Shape): Line[] {
  const cases = SIZES.flatMap((many) => Array.from({ length: PLANS }, (_, at) => caseOf(shape, many, many + at)));
  const ours = cases.map((one) => spanOf(one, 'continuous'));
  const byWords = cases.map((one) => spanOf({ ...one, times: {} }, 'continuous'));
  const inWaves = cases.map((one) => spanOf(one, 'waves'));
  const what = `makespan of ${name} plans, ${SIZES.join(', ')} tasks`;
  return [
    {
      row: 7,
      what,
      against: 'lower bound',
      value: ratioOf(ours, cases.map(leastOf)),
      target: { atMost: 1.01, unit: 'x' },
    },
    { row: 7, what, against: 'wave barriers', value: ratioOf(inWaves, ours), target: { atLeast: 1.7, unit: 'x' } },
    { row: 7, what: 'the same by the plan alone', against: 'lower bound', value: ratioOf(byWords, cases.map(leastOf)) },
  ];
}

function caseOf(shape: Shape, many: number, seed: number): Case {
  const chance = uniforms(seed);
  const normal = normals(chance);
  const took = new Map<string, number>();
  const times: Record<string, number> = {};
  const tasks = Array.from({ length: many }, (_, at) => {
    const [id, log] = [`t${at}`, SPREAD * normal()];
    took.set(id, Math.round(MIDDLE * Math.exp(log)));
    const dependencies = [...new Set(shape(at, chance))].map((one) => `t${one}`);
    const guess = log + NOISE * normal();
    times[id] = MIDDLE * Math.exp(guess);
    return task(id, { dependencies, estimate: estimateOf(guess) });
  });
  return { tasks, times, took: ({ id }) => took.get(id) ?? 0 };
}

/** Half and twice as long as the middle is what the three words mean. */
const estimateOf = (log: number): NonNullable<Task['estimate']> => {
  if (log < -Math.LN2 / 2) return 'small';
  return log < Math.LN2 / 2 ? 'medium' : 'large';
};

/** No order is faster than the longest chain, or than all the work shared out. */
function leastOf({ tasks, took }: Case): number {
  const chains = criticalPath({ id: '', objective: '', contracts: [], tasks }, took).values();
  return Math.max(...chains, tasks.reduce((sum, one) => sum + took(one), 0) / SLOTS);
}

/** By the rules of a run themselves, with a virtual clock. */
function spanOf({ tasks, times, took }: Case, mode: Config['mode']): number {
  const config = { mode, times, limits: { ...DEFAULT_CONFIG.limits, agents: SLOTS } };
  const run = new Simulation(tasks, config, { takes: (id) => took({ id }) }).approve().run(1_000_000);
  assert.equal(run.state.ended?.outcome, 'merged');
  assertSound(run, tasks);
  return run.now - run.state.startedAt;
}

/** Each task ran once, none before all that it waits for, and no more at once than there are agents. */
function assertSound({ events }: Simulation, tasks: readonly Task[]): void {
  const needs = new Map(tasks.map(({ id, dependencies }) => [id, dependencies]));
  const working = new Map<string, string>();
  const done = new Set<string>();
  for (const event of events) {
    if (event.type === 'job.ended') {
      done.add(working.get(event.intent) ?? '');
      working.delete(event.intent);
    }
    if (event.type !== 'job.intended' || event.purpose.kind !== 'agent') continue;
    const { task: id } = event.purpose;
    assert.ok(!done.has(id) && needs.get(id)?.every((one) => done.has(one)), `${id} began when it could not`);
    working.set(event.intent, id);
    assert.ok(working.size <= SLOTS, 'more at work than there are agents');
  }
  assert.equal(done.size, tasks.length);
}
