import { strict as assert } from 'node:assert';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RunSession } from '../../src/engine/session.ts';
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
const LOUDER = `${PLAN}  - { id: bye, title: Say goodbye, agent: shell, run: "echo bye > bye.txt", scope: [bye.txt] }
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
    const turns = [
      { says: ASKS },
      { files: { 'docs/plan/{id}/plan.yaml': PLAN }, says: DONE },
      { asks: 'look around', files: { 'docs/plan/{id}/plan.yaml': LOUDER }, says: DONE },
    ];
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
    const who = /^"Plan: .*" asks: In which language\?$/;
    await eventually('a notification says who asks', () => api.asked().some((text) => who.test(text)), api.asked);
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
    await askedForChanges(session, file);
    await run('orchestrate.approve', on(session));
    await eventually('the run ends', () => ended(session), tree);
    assert.equal(session.state.ended?.outcome, 'merged', tree());
  });

  /** The plan waits; a planner makes it anew, which is seen on its page and in the tree, and what changed is taken. */
  async function askedForChanges({ state }: RunSession, file: string): Promise<void> {
    const before = readFileSync(join(root, file), 'utf8');
    const waits = await eventually(
      'the tree offers it',
      () => flat(api.rows()).find(({ can, target }) => can.includes('approve') && target.attention === 'plan'),
      tree,
    );
    api.answer('Say goodbye as well');
    await clicked('orchestrate.revisePlan', waits);
    const leave = await eventually(
      'the planner is at work',
      () => flat(api.rows()).find(({ can }) => can.includes('permission')),
      () => [tree(), api.asked()],
    );
    const page = () => api.pages().find((one) => one.run === state.run);
    assert.equal(page()?.anew?.comment, 'Say goodbye as well');
    assert.match(tree(), /Say goodbye as well/);
    // One at a time.
    api.answer('And sing');
    await clicked('orchestrate.revisePlan', waits);
    assert.match(api.asked().join('\n'), /is being made already, by run planning-/);
    await clicked('orchestrate.allowOnce', leave);
    const maker = page()?.anew?.run;
    const made = await eventually(
      'it is made anew',
      () => flat(api.rows()).find(({ can, target }) => can.includes('planned') && target.run === maker),
      tree,
    );
    assert.equal(readFileSync(join(root, file), 'utf8'), before, 'nothing is written without a word');
    api.answer(true);
    await clicked('orchestrate.takePlan', made);
    await eventually('the page says what changed', () => page()?.changed?.[0] === '+ bye: Say goodbye', tree);
    assert.equal(page()?.anew, undefined);
    assert.equal(state.tasks.size, 2);
  }

  it('that is turned away is not planned', async () => {
    const before = api.sessions().length;
    await run('orchestrate.planObjective');
    assert.equal(api.sessions().length, before);
  });
});
