import { strict as assert } from 'node:assert';
import { begin } from '../../../src/model/run/begin.ts';
import type { Event } from '../../../src/model/run/event.ts';
import { evolve } from '../../../src/model/run/evolve.ts';
import type { RunState } from '../../../src/model/run/state.ts';
import { Replay } from '../../../src/engine/journal/replay.ts';
import { listRuns } from '../../../src/engine/runs.ts';
import { openRepository } from '../../../src/git/repository.ts';
import { RunRig } from '../../rig/run.ts';
import { journalLines, orchestrate } from './command-line.ts';

const TASKS = `  - { id: a, run: "echo a > a.txt", scope: [a.txt] }
  - { id: b, run: "echo b > b.txt; test -e a.txt", scope: [b.txt], dependencies: [a], wave: 2 }
`;

const eventsOf = (root: string): Event[] =>
  journalLines(root)
    .map((line) => JSON.parse(line) as Event)
    .filter(({ type }) => type);

describe('a past moment of a run', () => {
  it('is its journal folded up to there, forwards and backwards', async () => {
    await using rig = new RunRig({ tasks: TASKS });
    assert.equal((await orchestrate(rig.root, 'run', '--yes')).code, 0);
    const events = eventsOf(rig.root);
    const repository = await openRepository(rig.root);
    assert.ok(repository.ok);
    const [ref] = await listRuns(repository.value);
    const replay = ref && (await Replay.open(ref));
    assert.ok(replay?.ok);
    assert.equal(replay.value.length, events.length);
    const folded = (upTo: number): RunState => {
      const [first, ...others] = events.slice(0, upTo);
      assert.ok(first?.type === 'run.started');
      return others.reduce(evolve, begin(first));
    };
    const numbers = events.map((_, index) => index + 1);
    for (const number of [...numbers, ...numbers.toReversed(), 3, 3]) {
      const moment = replay.value.moment(number);
      assert.ok(moment.ok);
      assert.deepEqual(moment.value.state, folded(number));
      assert.equal(moment.value.at, events[number - 1]?.at);
      assert.match(moment.value.words, /^(?!.*(undefined|\[object))\S.+/);
      assert.ok(replay.value.before(moment.value.at) >= number);
    }
  });

  it('is told by status --at, by number and by time, and says what it is', async () => {
    await using rig = new RunRig({ tasks: TASKS });
    assert.equal((await orchestrate(rig.root, 'run', '--yes')).code, 0);
    const events = eventsOf(rig.root);
    const merged = events.findIndex(({ type }) => type === 'merge.done');
    const before = await orchestrate(rig.root, 'status', '--at', String(merged));
    assert.match(before.stdout, /0 of 2 done/, before.stderr);
    const after = await orchestrate(rig.root, 'status', '--at', String(merged + 1));
    assert.match(after.stdout, /1 of 2 done/);
    assert.match(after.stdout, new RegExp(`after event ${merged + 1} of ${events.length}: merged a\n`));
    const iso = new Date(events[0]?.at ?? 0).toISOString();
    const first = JSON.parse((await orchestrate(rig.root, 'status', '--json', '--at', iso)).stdout) as {
      progress: { byStatus: { done: number } };
      moment: { event: number; of: number };
    };
    assert.equal(first.progress.byStatus.done, 0);
    assert.equal(first.moment.of, events.length);
    const now = new Date();
    const clock = [now.getHours(), now.getMinutes(), now.getSeconds()].map((one) => String(one).padStart(2, '0'));
    assert.match((await orchestrate(rig.root, 'status', '--at', clock.join(':'))).stdout, /✔ Merged/);
  });

  it('is refused where there is none, in words that say what there is', async () => {
    await using rig = new RunRig({ tasks: TASKS });
    await orchestrate(rig.root, 'run');
    const said = async (...words: string[]): Promise<string> => {
      const { code, stderr } = await orchestrate(rig.root, 'status', ...words);
      assert.equal(code, 2);
      return stderr;
    };
    assert.match(await said('--at', '0'), /the run has events 1 to \d+, and no 0/);
    assert.match(await said('--at', 'noon'), /the number of an event, a time of day/);
    assert.match(await said('--at', '25:00'), /the number of an event, a time of day/);
    assert.match(await said('--at', '2001-01-01'), /the run began at/);
    assert.match(await said('--at', '2999-01-01'), /is not over yet/);
    assert.match(await said('--at', '1', '--processes'), /no processes any more/);
  });
});
