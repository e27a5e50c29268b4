import { strict as assert } from 'node:assert';
import { approve, assertEnded, RunRig, worktrees } from '../../rig/run.ts';

const GREET = `  - { id: en, title: English, wave: 1, agent: shell, run: "echo hello > en.txt", scope: [en.txt] }
  - { id: de, title: German,  wave: 1, agent: shell, run: "echo hallo > de.txt", scope: [de.txt] }
  - { id: index, title: Index, wave: 2, agent: shell, run: "cat en.txt de.txt > index.txt", scope: [index.txt], dependencies: [en, de] }
`;

describe('a run', () => {
  it('turns a plan into one merged tree, without touching the checkout', async () => {
    await using rig = new RunRig({ tasks: GREET });
    const before = [rig.repository.head(), rig.repository.git('status', '--porcelain')];
    const session = await rig.run();
    assertEnded(session, 'merged');
    assert.equal(rig.merged(session, 'index.txt'), 'hello\nhallo\n');
    assert.equal(rig.repository.git('rev-parse', 'orchestrate/p'), session.state.integration);
    assert.equal(rig.repository.head(), before[0]);
    await session.dispose();
    assert.deepEqual(worktrees(rig.root), []);
    assert.equal(rig.repository.git('diff', '--stat', '--', '.', ':!docs'), '');
    assert.match(rig.repository.git('diff', 'HEAD', '--', 'docs'), /\+.*status: completed/);
  });

  it('is followed by a second session, which can give the orders too', async () => {
    await using rig = new RunRig({ tasks: GREET });
    const driver = await rig.open();
    const follower = await rig.open(driver.ref);
    assert.equal(follower.role, 'follows');
    await approve(follower);
    await Promise.all([driver.atRest(), follower.atRest()]);
    assertEnded(follower, 'merged');
    assert.equal(follower.state.integration, driver.state.integration);
  });

  it('is taken over by a follower when its driver leaves', async () => {
    await using rig = new RunRig({ tasks: GREET });
    const first = await rig.open();
    const second = await rig.open(first.ref);
    await first.dispose();
    await approve(second);
    await second.atRest();
    assert.equal(second.role, 'drives');
    assertEnded(second, 'merged');
  });
});

describe('an agent that writes into the checkout itself', () => {
  it('is noticed, with the files', async () => {
    await using rig = new RunRig({
      tasks: '  - { id: stray, title: Stray, run: "echo x > ../../stray.txt; echo y > mine.txt", scope: [mine.txt] }\n',
    });
    const session = await rig.run();
    assertEnded(session, 'merged');
    const [attempt] = session.state.tasks.get('stray')?.attempts ?? [];
    assert.match(attempt?.warnings.join() ?? '', /your own checkout.*stray\.txt/);
  });
});
