import { strict as assert } from 'node:assert';
import { block } from '../../../src/cli/shown/block.ts';
import { styleFor } from '../../../src/cli/shown/style.ts';
import { summary } from '../../../src/cli/shown/summary.ts';
import { describe as say } from '../../../src/model/failure.ts';
import { Simulation, task } from '../../rig/simulation.ts';

describe('what waits for a person', () => {
  it('is told to its end in a narrow terminal: what to do stands there', () => {
    const failure = { kind: 'diskFull' as const, path: `/home/somebody/${'folder/'.repeat(12)}` };
    const { state } = new Simulation(
      [task('a')],
      {},
      { closing: ({ type }) => (type === 'worktree.intended' ? { type: 'intent.failed', failure } : undefined) },
    )
      .approve()
      .run();
    const style = styleFor({ LANG: 'C.UTF-8' }, false);
    const world = { columns: 80, now: 5_000, said: new Map<string, string>(), folder: '/x' };
    assert.match(say(failure), /nothing was lost\.$/);
    for (const lines of [block(state, world, style), summary(state, world, style)])
      assert.match(lines.join(' ').replaceAll(/ +/g, ' '), /Free some space, then try again: nothing was lost\./);
  });
});
