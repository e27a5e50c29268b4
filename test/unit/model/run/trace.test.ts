import { strict as assert } from 'node:assert';
import { DEFAULT_CONFIG } from '../../../../src/model/config/config.ts';
import { proofsOf, trace } from '../../../../src/model/run/trace.ts';
import type { RunState } from '../../../../src/model/run/state.ts';
import { gate, Simulation, task } from '../../../rig/simulation.ts';

const REQUIREMENTS = [
  { id: 'R-1', text: 'Adds up' },
  { id: 'R-2', text: 'Is said' },
  { id: 'R-3', text: 'Is quick' },
];
const TASKS = [
  task('sum', { covers: ['R-1'] }),
  task('words', { covers: ['r-2 ', 'is SAID'] }),
  task('page', { wave: 2, covers: ['R-2', 'R-9'], gates: [] }),
  task('rest', { wave: 2 }),
];

/** As `R-1 met: sum, words`, whatever the run came to. */
const told = (state: RunState): string[] =>
  trace({ ...state, requirements: REQUIREMENTS }).map(
    ({ requirement: { id }, standing, tasks }) => `${id} ${standing}: ${tasks.map((one) => one.task.id).join(', ')}`,
  );

describe('A requirement is traced', () => {
  it('to the tasks that name it by its id or its words, before anything is done', () => {
    const { state } = new Simulation(TASKS);
    assert.deepEqual(told(state), ['R-1 open: sum', 'R-2 open: words, page', 'R-3 uncovered: ', 'R-9 open: page']);
  });

  it('to merged tasks and the gates that speak for them', () => {
    const { state } = new Simulation(TASKS, { gates: [gate('test', 'task', 'wave')] }).approve().run();
    assert.deepEqual(told(state), ['R-1 met: sum', 'R-2 met: words, page', 'R-3 uncovered: ', 'R-9 met: page']);
    const gates = (id: string) => proofsOf(state, state.tasks.get(id)!).map((run) => `${run.gate} ${run.result}`);
    assert.deepEqual(gates('sum'), ['test passed']);
    assert.deepEqual(gates('page'), ['test passed'], 'those of the merged tree');
  });

  it('to what was not reached', () => {
    const fails = { kind: 'failed', type: 'fixable', message: 'no', summary: '' } as const;
    const works = { kind: 'succeeded', summary: '' } as const;
    const limits = { ...DEFAULT_CONFIG.limits, retries: 0 };
    const { state } = new Simulation(TASKS, { limits }, { agent: (id) => (id === 'words' ? fails : works) })
      .approve()
      .run();
    assert.deepEqual(told(state).slice(0, 2), ['R-1 met: sum', 'R-2 missed: words, page']);
  });

  it('not at all where no task says what it covers', () => {
    assert.deepEqual(told(new Simulation([task('a')]).state), []);
  });
});
