import { strict as assert } from 'node:assert';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { listRuns } from '../../../src/engine/runs.ts';
import type { RunSession } from '../../../src/engine/session.ts';
import { openRepository } from '../../../src/git/repository.ts';
import { type Child, Children } from '../../rig/children.ts';
import { gitIn } from '../../rig/repository.ts';
import { approve, assertEnded, failuresOf, PLAN, RunRig, taskOf, value, worktrees } from '../../rig/run.ts';
import { START, startsIn } from '../../rig/starts.ts';

describe('a repository that is moved while a run stands', () => {
  let children: Children;
  before(async () => {
    children = await Children.open();
  });
  after(() => children.close());

  /** Left at its first child after so many, with that and the repository moved, and taken up again where it is now. */
  async function movedAt(rig: RunRig, before = 0): Promise<[again: RunSession, to: string, child: Child]> {
    const session = await rig.open();
    await approve(session);
    for (let left = before; left > 0; left -= 1) await (await children.next()).exit(0);
    const child = await children.next();
    await session.dispose();
    const to = join(rig.repository.folder('elsewhere'), 'repo');
    renameSync(rig.root, to);
    rig.repository.atEnd(() => existsSync(to) && renameSync(to, rig.root));
    const [ref] = await listRuns(value(await openRepository(to)));
    return [await rig.open(ref), to, child];
  }

  function assertWhole(session: RunSession, { from, to }: { from: string; to: string }): void {
    assertEnded(session, 'merged');
    assert.equal(gitIn(to, ['show', 'orchestrate/p:a.txt']), 'a');
    assert.ok(!existsSync(from), 'something was made where it was');
    assert.deepEqual(worktrees(to), []);
    assert.equal(gitIn(to, ['worktree', 'list']).split('\n').length, 1);
    assert.match(readFileSync(join(to, PLAN), 'utf8'), /status: completed/);
  }

  it('goes on where it is now, with what an agent had made', async () => {
    const config = `agents: { default: shell }\ngates:\n  good: { run: ${JSON.stringify(`git status && ${children.line}`)}, on: [task] }\n`;
    const tasks = `  - { id: a, title: A, run: ${JSON.stringify(`${START}; echo a > a.txt`)} }\n`;
    await using rig = new RunRig({ tasks, config });
    rig.repository.write({ '.git/hooks/pre-push': '#!/bin/sh\n' });
    const [again, to, gate] = await movedAt(rig, 1); // the base-line is first
    gate.end();
    await (await children.next()).exit(0);
    await again.atRest();
    assertWhole(again, { from: rig.root, to });
    assert.deepEqual(startsIn(to), {});
    assert.deepEqual(startsIn(rig.root), { a: 1 });
  });

  it('begins again what was at work, and keeps what it had made', async () => {
    const tasks = `  - { id: a, title: A, run: ${JSON.stringify(`echo a > a.txt; ${children.line}`)} }\n`;
    await using rig = new RunRig({ tasks });
    const [again, to, agent] = await movedAt(rig);
    agent.end();
    await (await children.next()).exit(0);
    await again.atRest();
    assertWhole(again, { from: rig.root, to });
    assert.deepEqual(failuresOf(again.state, 'a'), ['interrupted']);
    const made = taskOf(again.state, 'a').attempts[0]?.result?.commit;
    assert.equal(gitIn(to, ['show', `${made}:a.txt`]), 'a');
  });
});
