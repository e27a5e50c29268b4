import { strict as assert } from 'node:assert';
import { processLines } from '../../../../src/cli/commands/processes.ts';
import { widthOf } from '../../../../src/cli/shown/text.ts';
import { processRegistry } from '../../../../src/formats/gadugi/registry.ts';
import { readGadugiState } from '../../../../src/formats/gadugi/state.ts';
import type { AgentOutcome, Claim, JobExit, JobSpec } from '../../../../src/model/run/job.ts';
import { type JobSigns, type Liveness, processesOf } from '../../../../src/model/shown/processes.ts';
import { gate, Simulation, task } from '../../../rig/simulation.ts';

const claim: Claim = { kind: 'runner', pulse: '', boot: 'b', host: 'h', namespace: '', pid: 70, started: '1' };
const exit: JobExit = { code: 0, signal: null, startedAt: 1, endedAt: 2, strays: 0, bytes: 0, dropped: 0 };
const spec: JobSpec = {
  protocol: 2,
  epoch: 1,
  job: 'j',
  command: { argv: ['agent', '--all'] },
  cwd: '/w',
  env: {},
  grace: 1,
  outputLimit: 1,
};
const ledger = [
  { pid: 71, started: '2', command: 'agent' },
  { pid: 72, started: '3', command: 'child' },
];
const alive: JobSigns = { spec, claim, ledger, runner: 'alive', lastSign: 2_500 };
const FAILED: AgentOutcome = { kind: 'failed', type: 'fixable', message: 'cannot', summary: '' };

/** `a` is done, `x` failed, `b` is at work and `c` waits for it. */
function midway(): Simulation {
  const tasks = [task('a'), task('x'), task('b', { wave: 2 }), task('c', { wave: 3, dependencies: ['b'] })];
  const takes = (id: string): number => (id === 'b' ? 1_000_000 : 10);
  return new Simulation(tasks, {}, { takes, agent: (id) => (id === 'x' ? FAILED : { kind: 'succeeded', summary: '' }) })
    .approve()
    .run(100_000, 500_000);
}

describe('the processes of a run', () => {
  const table: [string, JobSigns, Liveness][] = [
    ['no claim', { ledger: [] }, 'starting'],
    ['a runner that lives', alive, 'alive'],
    ['an exit file, whatever the runner does', { ...alive, exit }, 'ended'],
    ['no runner and no exit', { ...alive, runner: 'dead' }, 'lost'],
    ['a runner on another host', { ...alive, runner: 'unknown' }, 'elsewhere'],
    ['a folder given up before it began', { ledger: [], claim: { kind: 'revoked', at: 1 } }, 'starting'],
  ];
  for (const [what, signs, liveness] of table) {
    it(`${liveness}: ${what}`, () => {
      const [job, ...others] = processesOf(midway().state, () => signs);
      assert.deepEqual([job?.liveness, others], [liveness, []]);
    });
  }

  it('are told with what they are of, their numbers, command, place and times', () => {
    const { state } = midway();
    const [job] = processesOf(state, () => alive);
    const since = [...state.open.values()][0]?.at;
    assert.deepEqual(
      { ...job, job: '' },
      {
        job: '',
        kind: 'agent',
        what: 'shell of b, attempt 1',
        task: 'b',
        attempt: 1,
        liveness: 'alive',
        runner: 70,
        pid: 71,
        command: ['agent', '--all'],
        cwd: '/w',
        since,
        lastSign: 2_500,
      },
    );
  });

  it('name gates by what they judge', () => {
    const seen = new Set<string>();
    const simulation = new Simulation(
      [task('a'), task('b')],
      { gates: [gate('test', 'task', 'merge')] },
      {
        closing: (_, state) => {
          for (const { what } of processesOf(state, () => ({ ledger: [] }))) seen.add(what);
          return undefined;
        },
      },
    );
    simulation.approve().run();
    for (const what of ['gate test on the base', 'gate test of a, attempt 1', 'gate test on candidate 1'])
      assert.ok(seen.has(what), [...seen].join('\n'));
  });

  it('stay within the width of the terminal, and hostile commands within their line', () => {
    const command = { line: 'echo \u001b[2J\u202e\nrm 漢字'.repeat(20) };
    const jobs = processesOf(midway().state, () => ({ ...alive, spec: { ...spec, command } }));
    for (const columns of [10, 40, 80, 200])
      for (const line of processLines(jobs, { columns, now: 9_000 })) {
        assert.ok(widthOf(line) <= columns);
        // oxlint-disable-next-line no-control-regex -- that there are none is the point
        assert.doesNotMatch(line, /[\u0000-\u001f\u202e]/);
      }
    assert.deepEqual(processLines([], { columns: 80, now: 0 }), [' Nothing runs now.']);
  });
});

describe('process_registry.json', () => {
  const registry = (signs: JobSigns): string => {
    const { state } = midway();
    return JSON.stringify(
      processRegistry(
        state,
        processesOf(state, () => signs),
        5_000,
      ),
    );
  };
  const read = (text: string): ReturnType<typeof readGadugiState> =>
    readGadugiState({ path: 'process_registry.json', text });

  it('is read back without a doubt, whatever is known of the processes', () => {
    for (const signs of [alive, { ledger: [] }, { ...alive, runner: 'dead' as const }]) {
      const { state, problems } = read(registry(signs));
      assert.deepEqual(problems, []);
      assert.deepEqual(
        state?.entries.map(({ id, status }) => `${id} ${status}`),
        [
          'a completed',
          'x failed',
          `b ${signs === alive ? 'running' : signs.ledger.length ? 'running' : 'queued'}`,
          'c queued',
        ],
      );
    }
  });

  it('takes the last sign of life for the heartbeat, and tells errors only of what failed', () => {
    const text = registry(alive);
    assert.match(text, /"pid":71,.*"last_heartbeat":"1970-01-01T00:00:02.500\+00:00"/);
    assert.match(text, /"task_id":"a",.*?"error_message":null/);
    assert.match(text, /"task_id":"x",.*?"error_message":"cannot"/);
  });
});
