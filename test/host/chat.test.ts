// The API offers no way to speak to a participant but through the chat's own input, which a host test cannot reach: what
// it answers is asked for directly, in the place of the editor's chat. That it is registered no test can see.
import { strict as assert } from 'node:assert';
import type { TestApi } from '../../src/host/test-api.ts';
import { commit, ended, eventually, on, outline, planFiles, run, withRepository } from './orchestrate.ts';

const TASKS = [
  { id: 'right', title: 'Right', wave: 1, agent: 'shell', run: 'echo a > a.txt', scope: ['a.txt'] },
  { id: 'wrong', title: '<b>Wrong</b>', wave: 1, agent: 'shell', run: 'exit 3', scope: ['b.txt'] },
];

describe('@orchestrate in the chat', function () {
  this.timeout(90_000);
  let api: TestApi;
  before(async () => {
    api = await withRepository();
    commit(planFiles('spoken', TASKS, { limits: { retries: 0 } }));
  });

  it('puts a plan before the person, who alone approves it, then tells where it stands and why tasks failed', async () => {
    assert.match(await api.chat('start', 'nothing'), /no such plan/);
    assert.match(await api.chat('start', 'spoken'), /^Run spoken-\S+ waits for the person/);
    const session = await eventually('the run is there', () =>
      api.sessions().find(({ state }) => state.plan.id === 'spoken'),
    );
    assert.match(await api.chat('status', ''), /\*\*Not over\*\*[^]*Waits for a person:\n\n- for .*Approve the plan/);
    for (const words of ['approve', 'approve it', '/approve']) await api.chat(undefined, words);
    await api.chat('approve', 'spoken');
    assert.equal(session.state.approval.kind, 'awaited');
    await run('orchestrate.approve', on(session));
    await eventually(
      'the run ends',
      () => ended(session),
      () => outline(api.rows()),
    );
    assert.match(await api.chat('status', 'spoken'), /\*\*Failed\*\* .*1 of 2 tasks done, 1 failed/);
    const why = await api.chat('why', '');
    assert.match(why, /^\*\*wrong\*\*\n\n- its agent: .*\n[^]*- Try again, with a word to the agent \(advised: /);
    assert.equal(await api.chat('why', 'right'), 'Nothing has failed.');
    assert.match(await api.chat('why', '<b>'), /has no task "&lt;b>"/);
    assert.match(await api.chat('report', session.state.run), /## Tasks\n[^]*wrong: &lt;b>Wrong&lt;\/b>/);
    assert.match(await api.chat('report', 'none'), /no such run/);
  });
});
