import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { existsSync } from 'node:fs';
import type { Step } from '../rig/model-server/script.ts';
import { DRIVEN } from './driven.ts';
import { EXPECTED } from './expected.ts';
import { goThroughScenarios, judged, succeeded } from './scenarios.ts';

describe('Claude Code, the real program with a scripted model', function () {
  this.timeout(120_000);
  const rig = goThroughScenarios(DRIVEN.claude, EXPECTED.claude);

  it('says what it thinks', async () => {
    const { attempt } = await rig().begin([{ thinking: 'A file first.', text: 'Done.' }]);
    succeeded(await rig().exitOf(attempt, 'thinking'));
    const told = (await attempt.events())
      .map(({ type }) => type)
      .filter((type) => type !== 'other' && type !== 'usage' && type !== 'measured');
    deepEqual(told, ['session', 'thinking', 'text', 'ended']);
  });

  it('notes what it was not allowed to do', async () => {
    const write: Step = { actions: [{ do: 'write', path: '/usr/not-allowed', content: '' }] };
    const { attempt } = await rig().begin([write, { text: 'I could not.' }]);
    match(succeeded(await rig().exitOf(attempt, 'denied')).summary, /I could not\.\n\nDenied: Write/);
    ok((await attempt.events()).some(({ type }) => type === 'denied'));
  });

  it('whose model is overloaded for ever may be tried again', async () => {
    const { attempt } = await rig().begin([{ faults: [{ kind: 'status', status: 529, forever: true }] }]);
    equal(judged(await rig().exitOf(attempt, 'unwell-529')), 'transient');
  });

  it('that runs out of turns has something to mend', async () => {
    const again: Step = { actions: [{ do: 'shell', command: 'true' }] };
    const { attempt } = await rig().begin([again, again, again], { settings: { maxTurns: 2 } });
    equal(judged(await rig().exitOf(attempt, 'out-of-turns')), 'fixable');
  });

  it('that spent its budget stops by itself, and is a matter for a person', async () => {
    const spends: Step = { actions: [{ do: 'shell', command: 'echo x >> spent.txt' }] };
    const { attempt, run } = await rig().begin([spends, spends, spends, spends], { budget: 0.000_01 });
    const exit = await rig().exitOf(attempt, 'out-of-budget');
    equal(judged(exit), 'escalate');
    match(exit.agent?.kind === 'failed' ? exit.agent.message : '', /budget/i);
    ok(run.requests.length < 4, `${run.requests.length} requests`);
  });

  it('in a role that only looks has no tool to write with, and reads', async () => {
    const path = rig().path('looked.txt');
    const steps: Step[] = [
      { actions: [{ do: 'write', path, content: 'x' }] },
      { actions: [{ do: 'read', path: rig().path('.git') }] },
      { text: 'I only looked.' },
    ];
    const { attempt, run } = await rig().begin(steps, { readOnly: true });
    equal(succeeded(await rig().exitOf(attempt, 'only-looks')).summary, 'I only looked.');
    const offered = new Set(run.requests.flatMap(({ tools }) => tools));
    deepEqual([offered.has('Write'), offered.has('Edit'), offered.has('Read')], [false, false, true]);
    const ended = (await attempt.events()).filter((event) => event.type === 'toolEnded').map(({ failed }) => failed);
    deepEqual(ended, [true, false]);
    equal(existsSync(path), false);
  });
});
