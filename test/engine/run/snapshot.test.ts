import { strict as assert } from 'node:assert';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { readWhole } from '../../../src/engine/journal/fold.ts';
import type { JournalEnd } from '../../../src/engine/journal/journal-reader.ts';
import { segmentFile, snapshotFile } from '../../../src/engine/places.ts';
import { readRun } from '../../../src/engine/runs.ts';
import { keepSnapshot, readSnapshot } from '../../../src/engine/journal/snapshot.ts';
import { begin } from '../../../src/model/run/begin.ts';
import { type Event, JOURNAL_FORMAT, type SegmentHeader } from '../../../src/model/run/event.ts';
import { evolve } from '../../../src/model/run/evolve.ts';
import type { RunState } from '../../../src/model/run/state.ts';
import { ownIdentity } from '../../../src/process/identity.ts';
import { order, RunRig, value } from '../../rig/run.ts';
import { gate, type Oracle, Simulation, task } from '../../rig/simulation.ts';

const PLAN = '  - { id: a, title: A, agent: manual }\n';

/** All that a state says, the frontier's private part too. */
function saidBy({ frontier, ...rest }: RunState): unknown {
  const ready = frontier.ready();
  return { ...rest, ready, marks: frontier.marks };
}

const endOf = ({ header, length, released, findings, epoch }: JournalEnd): JournalEnd => ({
  header,
  length,
  released,
  findings,
  epoch,
});

const folded = ([first, ...others]: readonly Event[]): RunState =>
  others.reduce((state, event) => evolve(state, event), begin(first as Event & { type: 'run.started' }));

/** A journal of two segments in a folder of its own, with a snapshot of the first. */
class Journal {
  readonly folder = mkdtempSync(join(tmpdir(), 'snapshot-'));
  readonly #writer: SegmentHeader['writer'];

  constructor(writer: SegmentHeader['writer']) {
    this.#writer = writer;
  }

  static async of(events: readonly Event[], cut: number): Promise<Journal> {
    const journal = new Journal({ ...(await ownIdentity()), by: 'cli' });
    const goodbye: Event = { at: events[cut - 1]?.at ?? 0, type: 'writer.released' };
    const first = [...events.slice(0, cut), goodbye];
    const header = journal.write(1, first);
    await keepSnapshot(journal.folder, { header, state: folded(first), long: 0 });
    if (cut < events.length) journal.write(2, events.slice(cut), statSync(segmentFile(journal.folder, 1)).size);
    return journal;
  }

  write(epoch: number, events: readonly Event[], accepted?: number): SegmentHeader {
    const predecessor = accepted === undefined ? {} : { predecessor: { epoch: epoch - 1, length: accepted } };
    const header = { journal: JOURNAL_FORMAT, run: 'p-1', epoch, writer: this.#writer, ...predecessor };
    const lines = [header, ...events].map((line) => `${JSON.stringify(line)}\n`);
    writeFileSync(segmentFile(this.folder, epoch), lines.join(''));
    return header;
  }

  /** As it is read where no build is known, and so no snapshot is. */
  async replayed() {
    const build = process.env['ORCHESTRATE_BUILD'];
    delete process.env['ORCHESTRATE_BUILD'];
    const whole = await readWhole(this.folder);
    if (build !== undefined) process.env['ORCHESTRATE_BUILD'] = build;
    return whole;
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** What happens to some tasks in a world that is not kind to them; it stops where a person is asked. */
const histories = fc
  .record({
    deps: fc.array(fc.subarray([0, 1, 2, 3]), { minLength: 5, maxLength: 5 }),
    waves: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 5, maxLength: 5 }),
    luck: fc.array(fc.nat(9), { minLength: 40, maxLength: 40 }),
    mode: fc.constantFrom('waves' as const, 'continuous' as const),
    gates: fc.subarray([gate('task', 'task'), gate('wave', 'wave')]),
  })
  .map(({ deps, waves, luck, mode, gates }) => {
    let turn = 0;
    const lucky = (): boolean => (luck[turn++ % luck.length] ?? 0) > 3;
    const failed = { kind: 'failed', type: 'fixable', message: 'm', summary: '' } as const;
    const oracle: Oracle = {
      agent: () => (lucky() ? { kind: 'succeeded', summary: '' } : lucky() ? failed : 'interrupted'),
      gate: (_, inside) => inside.length === 0 || lucky(),
    };
    const tasks = waves.map((wave, at) =>
      task(`t${at}`, {
        wave,
        dependencies: (deps[at] ?? []).filter((other) => other < at).map((other) => `t${other}`),
      }),
    );
    return new Simulation(tasks, { mode, gates }, oracle).approve().run().events;
  });

describe('a snapshot of a run', function () {
  this.timeout(60_000);
  const before = process.env['ORCHESTRATE_BUILD'];
  beforeEach(() => void (process.env['ORCHESTRATE_BUILD'] = 'test'));
  after(() => {
    if (before === undefined) delete process.env['ORCHESTRATE_BUILD'];
    else process.env['ORCHESTRATE_BUILD'] = before;
  });

  it('and what came since are the same state as all from the start, wherever it was taken', () =>
    fc.assert(
      fc.asyncProperty(histories, fc.nat(), async (events, where) => {
        using journal = await Journal.of(events, 1 + (where % events.length));
        assert.ok(await readSnapshot(journal.folder), 'it was taken');
        const [quick, slow] = [value(await readWhole(journal.folder)), value(await journal.replayed())];
        assert.deepStrictEqual(saidBy(quick.state), saidBy(slow.state));
        assert.deepStrictEqual(endOf(quick.journal), endOf(slow.journal));
        for (const attempt of quick.state.live)
          assert.ok(quick.state.tasks.get(attempt.task)?.attempts.includes(attempt), 'one attempt is one object');
      }),
      { numRuns: 60 },
    ));

  const spoilt: [what: string, spoil: (journal: Journal) => void][] = [
    ['torn', ({ folder }) => writeFileSync(snapshotFile(folder), readFileSync(snapshotFile(folder)).subarray(0, -40))],
    ['empty', ({ folder }) => writeFileSync(snapshotFile(folder), '')],
    ['no snapshot at all', ({ folder }) => writeFileSync(snapshotFile(folder), 'state: merged\n')],
    [
      'changed by one bit',
      ({ folder }) => {
        const bytes = readFileSync(snapshotFile(folder));
        bytes[bytes.length - 50]! ^= 1;
        writeFileSync(snapshotFile(folder), bytes);
      },
    ],
    ["another build's", () => void (process.env['ORCHESTRATE_BUILD'] = 'other')],
    [
      'of a journal that was changed since',
      ({ folder }) => {
        const file = segmentFile(folder, 1);
        writeFileSync(file, readFileSync(file, 'utf8').replace('"title":"t0"', '"title":"T0"'));
        utimesSync(file, 1, 1);
      },
    ],
    ['of a journal that grew behind the goodbye', ({ folder }) => appendFileSync(segmentFile(folder, 1), '{"torn')],
    [
      'of more than a later writer accepted',
      (journal) => {
        const lines = readFileSync(segmentFile(journal.folder, 1), 'utf8').split('\n').slice(0, 2);
        journal.write(2, [], Buffer.byteLength(`${lines.join('\n')}\n`));
      },
    ],
    [
      "another run's",
      ({ folder }) => {
        const text = readFileSync(segmentFile(folder, 1), 'utf8');
        writeFileSync(`${segmentFile(folder, 1)}.copy`, text.replaceAll('p-1', 'q-1'));
        renameSync(`${segmentFile(folder, 1)}.copy`, segmentFile(folder, 1));
      },
    ],
  ];
  if (process.platform !== 'win32')
    spoilt.push(['what somebody else may have written', ({ folder }) => chmodSync(snapshotFile(folder), 0o666)]);
  for (const [what, spoil] of spoilt)
    it(`counts for nothing where it is ${what}: the journal is folded from the start`, async () => {
      const { events } = new Simulation([task('t0'), task('t1')]).approve().run();
      using journal = await Journal.of(events, events.length);
      assert.ok(await readSnapshot(journal.folder), 'it counts as it is');
      spoil(journal);
      const [one, other] = [value(await readWhole(journal.folder)), value(await journal.replayed())];
      assert.deepStrictEqual(saidBy(one.state), saidBy(other.state));
      assert.deepStrictEqual(one.journal, other.journal);
    });

  it('is taken at the goodbye of who drove a long journal, and the next begins from it', async () => {
    await using rig = new RunRig({ tasks: PLAN });
    const ref = await rig.create();
    const session = await rig.open(ref);
    await order(session, { type: 'approve', planHash: session.state.planHash, comment: 'word '.repeat(300_000) });
    await session.dispose();
    assert.ok(existsSync(snapshotFile(ref.folder)));
    assert.ok(await readSnapshot(ref.folder));
    const state = value(await readRun(ref));
    assert.deepStrictEqual(saidBy(state), saidBy(session.state));
    const next = await rig.open(ref);
    assert.equal(next.role, 'drives');
    assert.deepEqual(next.findings, []);
    await order(next, { type: 'skip', task: 'a' });
    await next.dispose();
    assert.ok((await readSnapshot(ref.folder))?.state.tasks.get('a')?.settled);
  });

  it('is not taken of a short journal', async () => {
    await using rig = new RunRig({ tasks: PLAN });
    const ref = await rig.create();
    await (await rig.open(ref)).dispose();
    assert.ok(!existsSync(snapshotFile(ref.folder)));
  });
});
