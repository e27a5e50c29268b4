import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Children } from '../../rig/children.ts';
import { approve, assertEnded, eventOf, failureOf, RunRig, taskOf } from '../../rig/run.ts';

describe('an agent that tells in words how far it is', () => {
  let children: Children;
  before(async () => {
    children = await Children.open();
  });
  after(() => children.close());

  it('is followed while it works, and fails by its own word although it exits with 0', async () => {
    await using rig = new RunRig({
      tasks: `- { id: a, title: a, run: ${JSON.stringify(children.line)} }\n`,
    });
    const session = await rig.open();
    await approve(session);
    const first = await children.next();
    const told = eventOf(session, (event) => event.type === 'job.reported' && event.report.type === 'progress');
    await first.write('[STATUS: PROGRESS-40%] the core is there\n');
    await told;
    const { progress } = taskOf(session.state, 'a').attempts[0] ?? {};
    assert.deepEqual(progress, { type: 'progress', state: 'working', percent: 40, text: 'the core is there' });
    writeFileSync(join(first.cwd, 'a.txt'), 'a\n');
    await first.write('[FAILED] no database\n');
    await first.exit(0);
    const second = await children.next();
    assert.equal(failureOf(session.state, 'a'), 'agent: It says that it failed: no database');
    await second.write('[COMPLETE]\n');
    await second.exit(0);
    await session.atRest();
    assertEnded(session, 'merged');
  });
});
