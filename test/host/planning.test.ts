import { strict as assert } from 'node:assert';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestApi } from '../../src/host/test-api.ts';
import { DONE, ScriptedPlanner } from '../rig/planner.ts';
import {
  clicked,
  commit,
  ended,
  eventually,
  flat,
  on,
  outline,
  planFiles,
  root,
  run,
  withRepository,
} from './orchestrate.ts';

const PLAN = `plan_id: "{id}"
objective: Whoever comes is greeted
tasks:
  - { id: hello, title: Write it, agent: shell, run: "echo hello > greeted.txt", scope: [greeted.txt] }
`;
const ASKS = JSON.stringify({
  extra: {
    questions: [
      { id: 'language', question: 'In which language?', options: ['English', 'German'] },
      { id: 'loud', question: 'How loud?', options: ['Softly', 'Loudly'] },
    ],
  },
});

describe('an objective in the editor', function () {
  this.timeout(90_000);
  let api: TestApi;
  let planner: ScriptedPlanner;
  const tree = (): string => outline(api.rows());
  before(async () => {
    api = await withRepository();
    const turns = [{ says: ASKS }, { files: { 'docs/plan/{id}/plan.yaml': PLAN }, says: DONE }];
    planner = new ScriptedPlanner(join(root, '..', 'planner'), turns);
    // With a plan there, the objective is one of the choices.
    commit({ ...planFiles('other', [{ id: 'a', agent: 'shell', run: 'true' }]), 'orchestrate.yaml': planner.config });
  });
  after(() => rmSync(join(root, '..', 'planner'), { recursive: true, force: true }));

  it('is asked about, planned, reviewed, approved and merged', async () => {
    api.answer('Plan an objective', 'Greet whoever comes');
    await run('orchestrate.startPlan');
    const planning = await eventually(
      'it is planned',
      () => api.sessions().find(({ state }) => state.planning && !state.ended),
      () => [tree(), api.asked()],
    );
    const asked = await eventually(
      'the tree asks',
      () => flat(api.rows()).find(({ can, label }) => can.includes('question') && label === 'In which language?'),
      tree,
    );
    api.answer('German', 'Another answer', 'As you like');
    await clicked('orchestrate.answer', asked);
    await eventually('the plan is made', () => ended(planning), tree);
    assert.equal(planning.state.ended?.outcome, 'merged', tree());
    assert.match(planner.prompts()[1]?.text ?? '', /- In which language\? German\n- How loud\? As you like/);
    const file = planning.state.planning?.file ?? '';
    assert.ok(!existsSync(join(root, file)), 'nothing is written without a word');

    const made = await eventually(
      'the tree leads to it',
      () => flat(api.rows()).find(({ can }) => can.includes('planned')),
      tree,
    );
    api.answer(true);
    await clicked('orchestrate.takePlan', made);
    assert.match(api.asked().join('\n'), /Write docs\/plan\/\S+\/plan\.yaml into your checkout\?/);
    assert.match(readFileSync(join(root, file), 'utf8'), /Whoever comes is greeted/);
    const session = await eventually(
      'a run of it waits for approval',
      () => api.sessions().find(({ state }) => state.planFile === file && !state.planning),
      tree,
    );
    assert.deepEqual(
      api
        .pages()
        .map(({ phase, planFile }) => [phase, planFile])
        .at(-1),
      ['approval', file],
    );
    await run('orchestrate.approve', on(session));
    await eventually('the run ends', () => ended(session), tree);
    assert.equal(session.state.ended?.outcome, 'merged', tree());
  });

  it('that is turned away is not planned', async () => {
    const before = api.sessions().length;
    await run('orchestrate.planObjective');
    assert.equal(api.sessions().length, before);
  });
});
