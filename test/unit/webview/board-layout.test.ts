import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { onlySpeakers, Told } from '../../../src/host/pages/board-page.ts';
import { beginningOf } from '../../../src/model/shown/measure.ts';
import { begin } from '../../../src/model/run/begin.ts';
import { evolve } from '../../../src/model/run/evolve.ts';
import type { Event } from '../../../src/model/run/event.ts';
import type { RunState } from '../../../src/model/run/state.ts';
import { inView, placed, placeOf, ROW, rowsOf, scaleOf, tickText, ticksOf } from '../../../src/webview/board/layout.ts';
import type { Head, TaskLine } from '../../../src/webview/board/protocol.ts';
import { longestChain } from '../../../src/model/run/timeline.ts';
import { expectedEnd } from '../../../src/model/shown/ending.ts';
import { outlookOf } from '../../../src/model/shown/outlook.ts';
import { MEGABYTE } from '../../../src/model/text/size.ts';
import { stepsOf, wordsOf } from '../../../src/webview/board/load-shape.ts';
import { gate, Simulation, task } from '../../rig/simulation.ts';

/** A run with reds, retries and a question, up to a virtual time. */
const runOf = (many: number, until: number): Simulation =>
  new Simulation(
    Array.from({ length: many }, (_, at) =>
      task(`t${at}`, { wave: 1 + Math.floor((at * 3) / many), dependencies: at < 3 ? [] : [`t${at - 3}`] }),
    ),
    { gates: [gate('test', 'task')] },
    {
      takes: (id) => 5 + (Number(id.slice(1)) % 7),
      gate: (_, [first], attempt) => !(first === 't1' && attempt === 1),
      agent: (id) =>
        id === 't4'
          ? { kind: 'failed', type: 'escalate', message: 'no', summary: '' }
          : { kind: 'succeeded', summary: '' },
    },
  )
    .approve()
    .run(100_000, until);

const lookAt = (state: RunState, now: number): Parameters<Told['tell']>[0] => ({
  state,
  now,
  from: beginningOf(state),
  end: state.ended?.at ?? now,
  goesOn: state.ended === undefined,
});

const look = (state: RunState, now: number): { head: Head; lines: TaskLine[]; order: readonly string[] } => {
  const { head, order = [], lines } = new Told().tell(lookAt(state, now));
  return { head, order, lines: [...lines] };
};

describe('the chart of a run', () => {
  it('has each task once, below its wave, those that began first in the order in which they did', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 1_300 }), (many, after) => {
        const { state, now } = runOf(many, 1_000 + after);
        const { order, lines } = look(state, now);
        const rows = rowsOf(order, new Map(lines.map((line) => [line.id, line])));
        const byId = new Map(lines.map((line) => [line.id, line]));
        const shown = rows.flatMap((row) => (row.kind === 'task' ? [row.id] : []));
        assert.deepEqual(shown.toSorted(), [...order].toSorted());
        let wave = 0;
        let began = -1;
        for (const row of rows) {
          if (row.kind === 'wave') {
            assert.ok(row.wave > wave && row.done <= row.many);
            [wave, began] = [row.wave, -1];
            continue;
          }
          const line = byId.get(row.id);
          assert.equal(line?.wave, wave);
          const from = line?.attempts[0]?.bars[0]?.from ?? Infinity;
          assert.ok(from >= began);
          began = from;
        }
      }),
      { numRuns: 60 },
    );
  });

  it('draws the bars of an attempt one after the other, inside the width, as long as they took', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 1_300 }), (many, after) => {
        const { state, now } = runOf(many, 1_000 + after);
        const { head, lines } = look(state, now);
        const scale = scaleOf(head);
        assert.ok(scale.to > scale.from && scale.to >= head.now);
        for (const { bars } of lines.flatMap((line) => line.attempts)) {
          const drawn = placed(bars, scale);
          let right = 0;
          for (const [index, { left, width }] of drawn.entries()) {
            assert.ok(left >= right - 1e-9 && width >= 0 && left + width <= 100 + 1e-9);
            const { from, to } = bars[index]!;
            assert.ok(Math.abs(width - ((to - from) / (scale.to - scale.from)) * 100) < 1e-6);
            right = left + width;
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('shows all of a run that is over, and keeps its scale for a while as time goes on', () => {
    const over = look(runOf(6, Infinity).state, 9_999).head;
    assert.deepEqual(scaleOf({ ...over, isLive: false, from: 10, now: 90, end: 90 }), { from: 10, to: 90 });
    const head = { ...over, isLive: true, from: 0, end: 0 };
    const ends = new Set<number>();
    for (let now = 60_000; now < 120_000; now += 500) {
      const { to } = scaleOf({ ...head, now });
      assert.ok(to >= now && to <= now * 1.4);
      ends.add(to);
    }
    assert.ok(ends.size <= 6, `${ends.size} scales in a minute`);
    assert.equal(placeOf(50, { from: 0, to: 200 }), 25);
  });

  it('has round ticks, few enough to be read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 4, max: 40 }), (length, most) => {
        const ticks = ticksOf({ from: 5, to: 5 + length }, most);
        assert.ok(ticks.length >= 1 && ticks.length <= most + 1);
        assert.equal(ticks[0]?.left, 0);
        for (const { left } of ticks) assert.ok(left < 100);
      }),
    );
    assert.deepEqual([0, 65_000, 3_720_000, 500].map(tickText), ['0:00', '1:05', '1:02:00', '0.5 s']);
  });

  it('draws only the rows on the screen, whatever their number', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.integer({ min: 1, max: 3_000 }), fc.nat(20_000), (top, height, many) => {
        const { from, to } = inView(top, height, many);
        assert.ok(from >= 0 && from <= to && to <= many);
        assert.ok(to - from <= Math.ceil(height / ROW) + 18);
        for (let row = Math.ceil(top / ROW); row * ROW < top + height && row < many; row += 1)
          assert.ok(row >= from && row < to);
      }),
    );
  });
});

describe('what the page of a run is told', () => {
  it('is only what changed, and comes to what it would be told anew, at each moment and back', () => {
    const { events } = runOf(12, Infinity);
    const [first, ...others] = events;
    assert.ok(first?.type === 'run.started');
    const told = new Told();
    const page = new Map<string, TaskLine>();
    const sent: number[] = [];
    const tell = (state: RunState, since: readonly Event[] = []): void => {
      const now = state.at;
      told.renew(lookAt(state, now));
      const speakers = since.length > 0 ? onlySpeakers(state, since) : undefined;
      const { order, lines: changed } = told.tell(lookAt(state, now), speakers && new Set(speakers));
      if (order) page.clear();
      for (const line of changed) page.set(line.id, line);
      sent.push(changed.length);
      const anew = look(state, now);
      assert.deepEqual([...page.values()].map(still), anew.lines.map(still));
    };
    const state = begin(first);
    tell(state);
    for (const event of others) {
      tell(evolve(state, event), [event]);
      const said = wordOf(state);
      if (said) tell(evolve(state, said), [said]);
    }
    const past = begin(first);
    const chain = [...page.values()].filter(({ isCritical }) => isCritical).map(({ id }) => id);
    assert.deepEqual(new Set(chain), new Set(longestChain(state, state.at)), 'at the end it is found');
    for (const event of others.slice(0, 40)) evolve(past, event);
    tell(past);
    assert.equal(sent[0], 12);
    const all = sent.slice(1, -1).reduce((sum, many) => sum + many, 0);
    assert.ok(all < others.length * 4, `${all} lines for ${others.length} events`);
  });

  it('is what agents say at once, and what takes looking at every task when there is time', () => {
    const { events } = runOf(12, 1_030);
    const [first, ...others] = events;
    assert.ok(first?.type === 'run.started');
    const state = begin(first);
    for (const event of others.slice(0, -20)) evolve(state, event);
    let clock = 0;
    const told = new Told(() => (clock += 1));
    const before = told.tell(lookAt(state, state.at)).head;
    clock += 1_000;
    assert.equal(told.renew(lookAt(state, state.at + 9)), false, 'nothing happened');
    for (const event of others.slice(-20)) evolve(state, event);
    const now = lookAt(state, state.at);
    const figures = ({ ending, outlook, speedUp }: Head): unknown => ({ ending, outlook, speedUp });
    assert.deepEqual(figures(told.tell(now).head), figures(before), 'it waits for nothing');
    assert.deepEqual(
      [1, 2, 3].map(() => told.renew(now)),
      [true, true, false],
      'one of two at a time',
    );
    const { head } = told.tell(now);
    assert.deepEqual(head, new Told().tell(now).head);
    assert.notDeepEqual(head.ending, before.ending);
    evolve(state, { at: state.at + 1, type: 'writer.released' });
    assert.equal(told.renew({ ...now, state }), false, 'what took a moment is not due again at once');
  });

  it('names what waits, with a button that leads to the plan, and no button for what is past', () => {
    const simulation = new Simulation([task('a')]);
    const { state } = simulation;
    const now = lookAt(state, 5_000);
    assert.deepEqual(
      new Told().tell(now).head.waiting.map(({ todo }) => todo),
      [['review']],
    );
    const { head: past } = new Told().tell({ ...now, moment: { event: 1, of: 9, at: 4_000, words: 'w' } });
    assert.deepEqual(
      past.waiting.map(({ todo }) => todo),
      [[]],
    );
    assert.ok(!past.isLive);
  });
});

/** The next word of the agent that has been at work longest. */
function wordOf(state: RunState): Event | undefined {
  const job = [...state.open.values()].find((open) => open.type === 'job.intended' && open.purpose.kind === 'agent');
  if (!job) return undefined;
  const line = (state.reports.get(job.intent)?.lines ?? 0) + 1;
  const report = { type: 'progress' as const, state: 'working' as const, text: `word ${line}` };
  return { at: state.at, type: 'job.reported', job: job.intent, line, report };
}

/** Without what grows with the time, which the page lets grow by itself, and the chain, which is found only now and then. */
const still = (line: TaskLine): unknown => ({
  ...line,
  isCritical: undefined,
  attempts: line.attempts.map(({ bars, ...attempt }) => ({
    ...attempt,
    bars: bars.map(({ to, ...bar }) => (bar.isOpen ? bar : { ...bar, to })),
  })),
});

describe('when a run should end', () => {
  const plan = [task('a'), task('b', { wave: 2, dependencies: ['a'] }), task('c', { wave: 3, dependencies: ['b'] })];
  const half = (): Simulation => new Simulation(plan, {}, { takes: () => 100 }).approve().run(1_000, 1_150);

  it('follows from what its tasks took, and not from what they waited', () => {
    const { state } = half();
    assert.equal(state.tasks.get('a')?.settled?.kind, 'done');
    const now = state.at;
    const end = expectedEnd(state, now) ?? 0;
    assert.ok(end - now > 150 && end - now < 210, `${end - now} ms are left of two tasks of about 100`);
  });

  it('is known from earlier runs before a task is done, and then corrected by its own', () => {
    const begun = new Simulation(plan).approve();
    assert.equal(expectedEnd(begun.state, begun.now), undefined);
    const known = new Map(plan.map(({ id }) => [id, { p50: 500, spread: 0, doubt: 0, group: '' }]));
    const likely = ({ state }: Simulation): number => outlookOf(state, state.at, known).ending?.likely ?? 0;
    assert.equal(likely(begun), begun.state.at + 1_500);
    const run = half();
    const left = likely(run) - run.state.at;
    assert.ok(left > 150 && left < 210, `${left} ms: tasks take a fifth of what others did`);
  });
});

describe('what was taken of the machine', () => {
  const frame = { scale: { from: 0, to: 100 }, most: 10, now: 80 };

  it('is drawn as steps that hold until the next one, and up to now', () => {
    const points = [
      [20, 5],
      [50, 20],
    ] as const;
    assert.equal(stepsOf(points, frame), 'M20.00 50.0H50.00V0.0H80.00');
    assert.equal(stepsOf([], frame), '');
  });

  it('is said in words, what agents took at most too, and not where nobody measured it', () => {
    const load = {
      agents: [[0, 2 * MEGABYTE] as const, [5, MEGABYTE] as const],
      memory: [],
      cpu: [[0, 0.25] as const],
    };
    assert.deepEqual(wordsOf(load), [
      ['agents', 'agents 1 MB, at most 2 MB'],
      ['cpu', 'processors 25 % busy'],
    ]);
  });
});
