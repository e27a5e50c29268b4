import { strict as assert } from 'node:assert';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { attention } from '../../../src/model/run/view.ts';
import { Children } from '../../rig/children.ts';
import { approve, assertEnded, eventOf, order, RunRig, worktrees } from '../../rig/run.ts';

const task = (id: string, run: string, more = ''): string =>
  `  - { id: ${id}, title: ${id}, scope: [${id}.txt], run: ${JSON.stringify(run)}${more} }\n`;

/** Locks that a git left which was killed; all are there from the moment the first agent is at work. */
const STALE: readonly [string, string, 'is in the way' | 'disturbs nothing'][] = [
  ['of the integration ref', 'refs/orchestrate/runs/p-f50c43ef-1/integration.lock', 'is in the way'],
  ['of the packed refs', 'packed-refs.lock', 'is in the way'],
  ['of the configuration', 'config.lock', 'disturbs nothing'],
  ['of the index of the checkout', 'index.lock', 'disturbs nothing'],
  ['of the index of a worktree', 'worktrees/{name}/index.lock', 'disturbs nothing'],
  ['of the HEAD of a worktree', 'worktrees/{name}/HEAD.lock', 'disturbs nothing'],
];

describe('a stale lock', () => {
  let children: Children;
  before(async () => {
    children = await Children.open();
  });
  after(() => children.close());

  for (const [what, path, effect] of STALE) {
    it(`${what} ${effect}`, async () => {
      const tasks =
        task('a', `${children.line} && echo a > a.txt`) + task('b', 'cat a.txt > b.txt', ', dependencies: [a]');
      await using rig = new RunRig({ tasks });
      const session = await rig.open();
      await approve(session);
      const agent = await children.next();
      const lock = join(
        rig.root,
        '.git',
        path.replace('{name}', session.state.tasks.get('a')?.attempts[0]?.name ?? ''),
      );
      mkdirSync(dirname(lock), { recursive: true });
      writeFileSync(lock, '');
      const paused = eventOf(session, ({ type }) => type === 'intent.failed');
      await agent.exit(0);
      if (effect === 'is in the way') {
        await paused;
        const [item] = attention(session.state);
        assert.ok(item?.text.includes(`${path}': File exists`), item?.text);
        rmSync(lock);
        await order(session, { type: 'resume' });
      }
      await session.atRest();
      assertEnded(session, 'merged');
      assert.equal(rig.merged(session, 'b.txt'), 'a\n');
      assert.deepEqual(worktrees(rig.root), []);
      if (effect === 'disturbs nothing') assert.equal(existsSync(lock), !path.startsWith('worktrees'));
    });
  }
});
