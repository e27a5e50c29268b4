import { strict as assert } from 'node:assert';
import { block } from '../../../src/cli/shown/block.ts';
import { Keyboard } from '../../../src/cli/asking/keyboard.ts';
import { Narrator } from '../../../src/cli/shown/narrator.ts';
import { styleFor } from '../../../src/cli/shown/style.ts';
import { summary } from '../../../src/cli/shown/summary.ts';
import type { Wish } from '../../../src/model/run/order.ts';
import { Simulation, task } from '../../rig/simulation.ts';

const style = styleFor({ LANG: 'C.UTF-8' }, false);
const world = { columns: 80, now: 5_000, said: new Map<string, string>(), folder: '/x' };

describe('an edited plan in a terminal', () => {
  const edited = (): Simulation =>
    new Simulation([task('a'), task('b', { dependencies: ['a'], run: 'old' })], {}, { takes: () => 100 })
      .approve()
      .run(1000, 1050)
      .edit([task('a'), task('b', { dependencies: ['a'], run: 'new' }), task('c')], 'h2');

  it('is shown as a diff, with the commands that answer it', () => {
    const { state } = edited();
    for (const lines of [block(state, world, style), summary(state, world, style)]) {
      const shown = lines.map((line) => line.trim()).join('\n');
      assert.match(
        shown,
        /\? plan\.yaml was edited: 2 tasks \(1 added, 1 changed\)\n~ b: b\nrun: old → new\n\+ c: c\n/,
      );
      assert.match(shown, /orchestrate approve/);
    }
  });

  it('is told in one line where nothing is redrawn', () => {
    const { state, events } = edited();
    const told = new Narrator().tell(events.at(-1)!, state);
    assert.match(told ?? '', /^\? plan\.yaml was edited: .*: ~ b: b; run: old → new; \+ c: c — orchestrate approve/);
  });

  it('is answered at the keyboard by its own hash', () => {
    const { state } = edited();
    const given: Wish[] = [];
    const nothing = (): void => {};
    const keyboard = new Keyboard(() => state, {
      give: (wish) => given.push(wish),
      interrupt: nothing,
      stop: nothing,
      leave: nothing,
      goOn: nothing,
    });
    keyboard.press('y');
    assert.deepEqual(given, [{ type: 'approve', planHash: 'h2' }]);
  });
});
