import { strict as assert } from 'node:assert';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestApi } from '../../src/host/test-api.ts';
import { DONE, ScriptedPlanner } from '../rig/planner.ts';
import { commit, ended, eventually, git, on, outline, root, run, withRepository } from './orchestrate.ts';

describe('a hotfix in the editor', function () {
  this.timeout(60_000);
  const folder = join(root, '..', 'coder');
  let api: TestApi;
  let coder: ScriptedPlanner;
  const tree = (): string => outline(api.rows());
  const ours = () => api.sessions().find(({ state }) => state.plan.objective === 'Hotfix: The greeting is rude');
  before(async () => {
    api = await withRepository();
    coder = new ScriptedPlanner(folder, [{ files: { 'greeting.txt': 'Good day\n' }, says: DONE }], { name: 'coder' });
    commit({ 'greeting.txt': 'You again\n', 'orchestrate.yaml': coder.config });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is one task that one agent does once it is approved, and no planner', async () => {
    api.answer('The greeting is rude');
    await run('orchestrate.hotfix');
    const session = await eventually('a run of it waits', ours, () => [tree(), api.asked()]);
    const { state } = session;
    assert.deepEqual([...state.tasks.keys()], ['fix']);
    assert.equal(state.planning, undefined);
    assert.equal(api.pages().find(({ run: shown }) => shown === state.run)?.phase, 'approval');
    assert.deepEqual(coder.prompts(), []);
    await run('orchestrate.approve', on(session));
    await eventually('the run ends', () => ended(session), tree);
    assert.equal(state.ended?.outcome, 'merged', tree());
    assert.equal(git('show', `${session.state.integration}:greeting.txt`), 'Good day');
    assert.equal(coder.prompts().length, 1);
  });

  it('that is turned away writes nothing', async () => {
    const before = git('status', '--porcelain', '--untracked-files=all');
    await run('orchestrate.hotfix');
    assert.equal(git('status', '--porcelain', '--untracked-files=all'), before);
  });
});
