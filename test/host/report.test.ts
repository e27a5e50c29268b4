import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import type { CommandId } from '../../src/host/contributions.ts';
import type { TestApi } from '../../src/host/test-api.ts';
import { commit, ended, eventually, on, outline, planFiles, run, start, withRepository } from './orchestrate.ts';

const TASK = {
  id: 'hello',
  title: '# Hello <b>all</b>',
  wave: 1,
  agent: 'shell',
  run: 'echo hello > hello.txt',
  scope: ['hello.txt'],
};

/** The document that is written when a report is asked for, as it stands in the editor that opens. */
async function written(
  argument?: unknown,
  command: CommandId = 'orchestrate.writeReport',
): Promise<vscode.TextDocument> {
  await run(command, argument);
  const document = vscode.window.activeTextEditor?.document;
  assert.ok(document, 'no editor has opened');
  return document;
}

describe('the report of a run', function () {
  this.timeout(90_000);
  let api: TestApi;
  before(async () => {
    api = await withRepository();
    commit(planFiles('told', [TASK]));
  });
  after(async () => {
    for (let open = 0; open < 3; open += 1)
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('opens as a Markdown document that lies nowhere yet: first what waits, then what came of it', async () => {
    const session = await start(api, 'told');
    const open = await written(on(session));
    assert.deepEqual([open.languageId, open.isUntitled], ['markdown', true]);
    assert.match(
      open.getText(),
      /^# Objective of told\n\n\*\*Not over\*\*[^]*## Waits for a person\n\n- .*Approve the plan/,
    );
    await run('orchestrate.approve', on(session));
    await eventually(
      'the run ends',
      () => ended(session),
      () => outline(api.rows()),
    );
    const over = await written(on(session));
    assert.notEqual(over.uri.toString(), open.uri.toString());
    assert.match(
      over.getText(),
      /\*\*Merged\*\* .*: 1 of 1 task done\. The result is `[\da-f]{10}` on `orchestrate\/told`/,
    );
    assert.match(over.getText(), /\| 1 \| hello: # Hello &lt;b>all&lt;\/b> \| done \| 1 \|/);
    assert.match(over.getText(), /## What people decided\n\n[^]*\| approved the plan \|/);
  });

  it('of all plans is one document of the newest run of each', async () => {
    commit(planFiles('broken', [{ ...TASK, run: 'exit 1' }], { limits: { retries: 0 } }));
    const session = await start(api, 'broken');
    await run('orchestrate.approve', on(session));
    await eventually(
      'the run ends',
      () => ended(session),
      () => outline(api.rows()),
    );
    const all = await written(undefined, 'orchestrate.writeReportOfAll');
    assert.deepEqual([all.languageId, all.isUntitled], ['markdown', true]);
    const text = all.getText();
    assert.match(text, /^# \d+ runs together\n\n\| plan \| run \| begun \| is \|/);
    assert.match(text, /\| told \| `\S+` \| [^|]* \| merged \| 1 of 1 \|/);
    assert.match(text, /\| broken \| `\S+` \| [^|]* \| \*\*failed\*\* \| 0 of 1 \|/);
    assert.match(text, /### broken\n\n- hello failed after \d attempts?: /);
  });
});
