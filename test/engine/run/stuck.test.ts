import { strict as assert } from 'node:assert';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attention } from '../../../src/model/run/view.ts';
import { Children } from '../../rig/children.ts';
import { approve, assertEnded, eventOf, order, RunRig, taskOf } from '../../rig/run.ts';

describe('a task that is stuck', () => {
  let children: Children;
  before(async () => {
    children = await Children.open();
  });
  after(() => children.close());

  it('is told to take another way, in a worktree without what was tried, then a person is asked', async () => {
    await using rig = new RunRig({
      tasks: `- { id: a, title: a, run: ${JSON.stringify(children.line)} }\n- { id: b, title: b, run: "echo b > b.txt" }\n`,
      config:
        'agents: { default: shell }\nmode: continuous\nlimits: { stuck: 2, retries: 5 }\ngates: { test: { run: "test ! -e a.txt || grep -q right a.txt", on: task } }\n',
    });
    const session = await rig.open();
    await approve(session);
    const asked = eventOf(session, ({ type }) => type === 'question.asked');
    const merged = eventOf(session, ({ type }) => type === 'merge.done');
    const seen: { file: boolean; prompt: string }[] = [];
    for (const text of ['wrong', 'wrong', 'wrong too']) {
      const child = await children.next();
      const prompt = readFileSync(child.env['ORCHESTRATE_PROMPT_FILE'] ?? '', 'utf8');
      seen.push({ file: existsSync(join(child.cwd, 'a.txt')), prompt });
      writeFileSync(join(child.cwd, 'a.txt'), `${text}\n`);
      await child.exit(0);
    }
    await Promise.all([asked, merged]);
    assert.deepEqual(
      seen.map(({ file }) => file),
      [false, true, false],
    );
    assert.match(seen[2]?.prompt ?? '', /This task is stuck: the same failure 2 times in a row/);
    assert.match(seen[2]?.prompt ?? '', /- attempt 1 changed a\.txt: gate "test" is red/);
    const [question] = attention(session.state);
    assert.match(question?.text ?? '', /another way failed too/);
    await order(session, { type: 'answer', question: question?.id ?? '', choice: 'retry', comment: 'write "right"' });
    const last = await children.next();
    assert.match(readFileSync(last.env['ORCHESTRATE_PROMPT_FILE'] ?? '', 'utf8'), /A person says: write "right"/);
    writeFileSync(join(last.cwd, 'a.txt'), 'right\n');
    await last.exit(0);
    await session.atRest();
    assertEnded(session, 'merged');
    assert.equal(taskOf(session.state, 'a').attempts.length, 4);
  });
});
