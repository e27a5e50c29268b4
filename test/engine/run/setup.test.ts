import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assertEnded, failureOf, RunRig, taskOf } from '../../rig/run.ts';

const task = (id: string, line: string, more = ''): string =>
  `  - { id: ${id}, title: T, run: ${JSON.stringify(line)}${more} }\n`;

describe('a set-up command', () => {
  it('runs in each tree before its agent and its gates, once for each commit, and may write configuration', async () => {
    const config = `agents: { default: shell }
setup: "echo $PWD >> $(git rev-parse --git-common-dir)/../../set-ups; git config core.hooksPath .husky/_; touch .set-up"
gates:
  one: { run: "test -e .set-up", on: merge }
  two: { run: "test -e .set-up", on: merge }
`;
    const files = { '.gitignore': '.set-up\n' };
    await using rig = new RunRig({ tasks: task('a', 'test -e .set-up && echo a > a.txt'), config, files });
    const session = await rig.run();
    assertEnded(session, 'merged');
    const trees = readFileSync(join(rig.root, '..', 'set-ups'), 'utf8')
      .trim()
      .split('\n');
    assert.equal(trees.filter((tree) => tree.endsWith('-gates')).length, 2, trees.join('\n'));
    assert.equal(trees.filter((tree) => !tree.endsWith('-gates')).length, 1);
  });

  it('that fails is tried again later, without the agent having started', async () => {
    const config = 'agents: { default: shell }\nsetup: "test -e ../../../twice || { touch ../../../twice; exit 7; }"\n';
    await using rig = new RunRig({ tasks: task('a', 'echo a > a.txt'), config });
    const session = await rig.run();
    assertEnded(session, 'merged');
    assert.match(failureOf(session.state, 'a') ?? '', /^setup: set-up failed: exit 7/);
  });
});

describe('an attempt', () => {
  it('that runs longer than its limit is ended and said to be', async () => {
    const config = 'agents: { default: shell }\nlimits: { attempt: 1s, retries: 0 }\n';
    await using rig = new RunRig({ tasks: task('a', 'exec sleep 1000'), config });
    const session = await rig.run();
    assertEnded(session, 'failed');
    assert.match(failureOf(session.state, 'a') ?? '', /^timedOut/);
  });

  it('has the ignored files that are copied, and does not hand them in', async () => {
    const config = 'agents: { default: shell }\nworktrees: { copy: [.env] }\n';
    await using rig = new RunRig({ tasks: task('a', 'cat .env > a.txt'), config, files: { '.gitignore': '.env\n' } });
    rig.repository.write({ '.env': 'secret=1\n' });
    const session = await rig.run();
    assertEnded(session, 'merged');
    assert.equal(rig.merged(session, 'a.txt'), 'secret=1\n');
    assert.deepEqual(taskOf(session.state, 'a').attempts[0]?.result?.paths, ['a.txt']);
    assert.ok(existsSync(join(rig.root, '.env')));
  });
});
