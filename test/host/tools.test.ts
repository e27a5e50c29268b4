import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { TOOLS } from '../../src/host/contributions.ts';
import type { TestApi } from '../../src/host/test-api.ts';
import { commit, ended, eventually, on, outline, planFiles, run, withRepository } from './orchestrate.ts';

/** As an assistant of the editor calls a tool. */
async function call(name: (typeof TOOLS)[number], input: object): Promise<string> {
  const { content } = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
  return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
}

const TASK = {
  id: 'hello',
  title: 'Hello',
  wave: 1,
  agent: 'shell',
  run: 'echo hello > hello.txt',
  scope: ['hello.txt'],
};

describe('an assistant of the editor', function () {
  this.timeout(90_000);
  let api: TestApi;
  const tree = (): string => outline(api.rows());
  before(async () => {
    api = await withRepository();
    commit(planFiles('assisted', [TASK]));
  });

  it('has tools to look at runs, to check a file, and to put a plan before the person', () =>
    assert.deepEqual(
      vscode.lm.tools.map(({ name }) => name).filter((name) => name.startsWith('orchestrate_')),
      TOOLS,
    ));

  it('is told the mistakes of a plan with their places, and nothing of files that are none of ours or elsewhere', async () => {
    commit({ 'docs/plan/wrong/plan.yaml': 'plan_id: wrong\nobjective: x\ntasks:\n  - { id: a, dependencies: [b] }\n' });
    const problems: unknown = JSON.parse(await call('orchestrate_validate', { file: 'docs/plan/wrong/plan.yaml' }));
    assert.ok(Array.isArray(problems));
    assert.ok(
      problems.some(({ line, message }) => line === 4 && /"b"/.test(String(message))),
      JSON.stringify(problems),
    );
    // A PRD that lies beside it may have something to say, and no mistake.
    const right: unknown = JSON.parse(await call('orchestrate_validate', { file: 'docs/plan/assisted/plan.yaml' }));
    assert.ok(Array.isArray(right) && right.every(({ severity }) => severity === 'info'), JSON.stringify(right));
    assert.match(await call('orchestrate_validate', { file: '../../etc/passwd' }), /has to lie in the repository/);
    assert.match(await call('orchestrate_validate', { file: 'nowhere/plan.yaml' }), /no such file/);
    assert.match(await call('orchestrate_validate', { file: 'README.md' }), /no file of Orchestrate/);
  });

  it('puts a plan before the person, who alone approves it, and sees how far it is', async () => {
    assert.match(
      await call('orchestrate_start', { plan: 'nothing' }),
      /no such plan. Plans here: .*docs\/plan\/assisted/,
    );
    const said = await call('orchestrate_start', { plan: 'assisted' });
    assert.match(said, /^Run assisted-\S+ waits for the person/);
    const session = await eventually(
      'the run is there',
      () => api.sessions().find(({ state }) => state.plan.id === 'assisted'),
      tree,
    );
    const before = JSON.parse(await call('orchestrate_status', {}));
    assert.deepEqual([before.run, before.state, before.tasks[0].status], [session.ref.run, 'waiting', 'ready']);
    assert.deepEqual(
      before.attention.map(({ kind }: { kind: string }) => kind),
      ['approval'],
    );
    await run('orchestrate.approve', on(session));
    await eventually('the run ends', () => ended(session), tree);
    const after = JSON.parse(await call('orchestrate_status', { run: session.ref.run }));
    assert.deepEqual([after.outcome, after.branch, after.tasks[0].status], ['merged', 'orchestrate/assisted', 'done']);
    assert.match(await call('orchestrate_status', { run: 'none' }), /no run "none"/);
  });
});
