import { strict as assert } from 'node:assert';
import type { AgentEvent, WatchLimits } from '../../../src/model/run/job.ts';
import { type Sign, Watchdog } from '../../../src/process/watch/watchdog.ts';

const QUIET: Sign = { cpu: 0, commands: ['agent'], changed: false, made: [] };
const printed = (text: string): AgentEvent => ({ type: 'output', stream: 'stdout', text });
const ended = (output: string, failed = false): AgentEvent => ({ type: 'toolEnded', id: 't', failed, output });

/** Looks whenever the watchdog asks, and lets `happens` speak each second; when and why it was stopped. */
function watched(
  limits: WatchLimits,
  seconds: number,
  happens: (second: number) => { events?: AgentEvent[]; sign?: Partial<Sign>; waits?: boolean },
): { at: number; why: string; looks: number } | undefined {
  const dog = new Watchdog(limits, 0);
  let looks = 0;
  for (let second = 1; second <= seconds; second += 1) {
    const now = second * 1000;
    const { events = [], sign = {}, waits } = happens(second);
    if (waits !== undefined) dog.waits(waits, now);
    const heard = dog.happened(events, now);
    const due = dog.lookAt !== undefined && dog.lookAt <= now;
    if (due) looks += 1;
    const verdict = heard ?? (due ? dog.looked({ ...QUIET, ...sign }, now) : undefined);
    if (verdict) return { at: second, why: verdict.stopped, looks };
  }
  return undefined;
}

describe('A watchdog', () => {
  const idle = { idle: 100_000 };

  it('ends what shows no sign of life, after four or five looks', () => {
    const end = watched(idle, 1000, () => ({}));
    assert.equal(end?.why, 'idle');
    assert.ok(end.at >= 100 && end.at <= 151, `${end.at}`);
    assert.ok(end.looks <= 6, `${end.looks}`);
  });

  it('is not fooled by a spinner, a counter, a model that is asked again and again, or the ticking of an event loop', () => {
    const events = (second: number): AgentEvent[] => [
      printed(`\u001b[3${second % 8}m${'⠋⠙⠹⠸'[second % 4]} Working… ${second} s`),
      { type: 'retry', attempt: second, reason: `try ${second}`, delay: 1 },
      { type: 'other', name: 'ping' },
    ];
    const end = watched(idle, 1000, (second) => ({ events: events(second), sign: { cpu: second * 20 } }));
    assert.equal(end?.why, 'idle');
  });

  for (const [what, sign] of [
    ['uses the processor', (second: number) => ({ cpu: second * 500 })],
    ['writes files', () => ({ changed: true })],
    ['starts other programs', (second: number) => ({ commands: [`program${second}`] })],
  ] as const) {
    it(`lets go on what prints nothing and ${what}`, () => {
      assert.equal(
        watched(idle, 5000, (second) => ({ sign: sign(second) })),
        undefined,
      );
    });
  }

  it('does not look at all at what keeps saying something new', () => {
    const letters = (second: number): string =>
      String(second).replaceAll(/\d/g, (digit) => 'abcdefghij'[Number(digit)] ?? '');
    const dog = new Watchdog(idle, 0);
    for (let second = 1; second < 5000; second += 1) {
      dog.happened([printed(`step ${letters(second)}`)], second * 1000);
      assert.ok((dog.lookAt ?? 0) > second * 1000);
    }
  });

  it('ends tools in a row that give nothing new, unless a file or a commit comes of them', () => {
    const steps = { steps: 5 };
    const same = { events: [ended('Permission denied', true)] };
    assert.deepEqual(
      watched(steps, 100, () => same),
      { at: 6, why: 'noEffect', looks: 1 },
    );
    assert.equal(
      watched(steps, 100, (second) => ({ ...same, sign: { changed: true, made: [`file-${second}`] } })),
      undefined,
    );
    const reading = watched(steps, 100, (second) => ({
      events: [ended(second % 5 === 0 ? `file ${'x'.repeat(second)}` : 'no')],
    }));
    assert.equal(reading, undefined);
  });

  it('ends tools in a row that give nothing new while files change to what they were before', () => {
    const wrote = { events: [ended('File written')] };
    const flips = (second: number): string[] => [second % 2 === 0 ? 'a.ts one way' : 'a.ts the other'];
    const steps = { steps: 5, ...idle };
    for (const made of [() => ['a.ts'], flips]) {
      const end = watched(steps, 1000, (second) => ({ ...wrote, sign: { changed: true, made: made(second) } }));
      assert.equal(end?.why, 'noEffect');
      assert.ok(end.at <= 20, `${end.at}`);
    }
    const slow = watched(steps, 5000, (second) => ({
      events: second % 100 === 0 ? wrote.events : [],
      sign: { changed: true, made: ['a.ts'] },
    }));
    assert.equal(slow?.why, 'noEffect', 'a look for life in between is no effect');
  });

  it('ends the same error again and again, whatever is done in between, and not errors that differ', () => {
    const errors = { errors: 4 };
    const fails = (text: string): AgentEvent => ended(text, true);
    const edits = (second: number): AgentEvent => ended(`edit number ${'x'.repeat(second)}`);
    const mixed = (second: number): AgentEvent => (second % 2 === 0 ? fails('String not found') : edits(second));
    assert.deepEqual(
      watched(errors, 100, (second) => ({ events: [mixed(second)], sign: { changed: true } })),
      { at: 8, why: 'noEffect', looks: 0 },
    );
    const tests = watched(errors, 200, (second) => ({ events: [fails(`1 of 9 fails after ${second} ms`)] }));
    assert.equal(tests, undefined);
    const seldom = watched(errors, 500, (second) => ({
      events: [second % 10 === 0 ? fails('Not read yet') : edits(second)],
    }));
    assert.equal(seldom, undefined);
    const short = (second: number): AgentEvent[] => [
      { type: 'toolStarted', id: 't', name: 'bash', detail: `grep ${'x'.repeat(second)}` },
      fails('exit 1'),
    ];
    assert.equal(
      watched(errors, 100, (second) => ({ events: short(second) })),
      undefined,
      'a word alone is the error of its command',
    );
  });

  it('waits with an agent that waits for a person', () => {
    const waits: Readonly<Record<number, boolean>> = { 10: true, 3000: false };
    const end = watched(idle, 5000, (second) => (second in waits ? { waits: waits[second] === true } : {}));
    assert.ok(end && end.at >= 3100 && end.at <= 3151, JSON.stringify(end));
  });

  it('ends a flood, and a tool too many', () => {
    const dog = new Watchdog({ flood: 1000 }, 0);
    assert.equal(dog.printed(900, 0), undefined);
    assert.equal(dog.printed(900, 60_000), undefined);
    assert.equal(dog.printed(200, 61_000)?.stopped, 'flood');
    const tool = (id: number): AgentEvent => ({ type: 'toolStarted', id: `${id}`, name: 'read', detail: `file ${id}` });
    const end = watched({ tools: 40 }, 100, (second) => ({ events: [tool(second)] }));
    assert.deepEqual(end, { at: 41, why: 'tools', looks: 0 });
  });
});
