import { strict as assert } from 'node:assert';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DONE, type PlannerTurn, ScriptedPlanner } from '../../rig/planner.ts';
import { TemporaryRepository } from '../../rig/repository.ts';
import { orchestrate } from './command-line.ts';

const WRONG = 'Login fails\n\nThe token has no padding.';
const GATES = 'gates:\n  fixed: { run: "! grep still login.txt", on: [task] }\n';
const FIX: PlannerTurn = { files: { 'login.txt': 'padded\n' }, says: DONE };

function rigged(turns: readonly PlannerTurn[], more = '') {
  const repository = TemporaryRepository.with({ 'login.txt': 'broken\n' });
  const agent = new ScriptedPlanner(repository.folder('agent'), turns, { name: 'coder' });
  repository.commit({ 'orchestrate.yaml': `${agent.config}${GATES}${more}` });
  return { repository, agent, [Symbol.asyncDispose]: () => repository[Symbol.asyncDispose]() };
}

const plans = (root: string): string[] =>
  existsSync(join(root, 'docs/plan')) ? readdirSync(join(root, 'docs/plan')).toSorted() : [];

describe('orchestrate hotfix', () => {
  it('makes a plan of one task without a planner, which waits for approval, and then all gates hold', async () => {
    await using rig = rigged([{ files: { 'login.txt': 'still broken\n' }, says: DONE }, FIX]);
    const { root } = rig.repository;
    const waits = await orchestrate(root, 'hotfix', WRONG);
    assert.equal(waits.code, 3, waits.stdout + waits.stderr);
    const [id = ''] = plans(root);
    assert.match(id, /^\d{8}-hotfix-login-fails/);
    assert.match(waits.stderr, new RegExp(`wrote docs/plan/${id}/plan\\.yaml`));
    assert.match(waits.stdout, /Approve the plan "Hotfix: Login fails" \(1 task/);
    assert.deepEqual(rig.agent.prompts(), [], 'nobody is at work before the approval');

    const merged = await orchestrate(root, 'run', '--yes');
    assert.equal(merged.code, 0, merged.stdout + merged.stderr);
    const [first, second] = rig.agent.prompts();
    assert.match(first?.text ?? '', /The token has no padding\./);
    assert.ok(second, 'the first fix did not pass the gate');
    const branch = `orchestrate/${id}`;
    assert.equal(rig.repository.show(branch, 'login.txt'), 'padded\n');
    assert.match(rig.repository.git('log', '--format=%s', branch), /^fix: login fails$/m);
    assert.equal(readFileSync(join(root, 'login.txt'), 'utf8'), 'broken\n');
  });

  it('is not merged when the fix fails as often as it may be tried', async () => {
    await using rig = rigged([{ files: { 'login.txt': 'still broken\n' }, says: DONE }], 'limits: { retries: 0 }\n');
    const { root } = rig.repository;
    const failed = await orchestrate(root, 'hotfix', WRONG, '--yes');
    assert.equal(failed.code, 1, failed.stdout + failed.stderr);
    assert.match(failed.stdout, /orchestrate retry fix/);
    assert.equal(rig.repository.git('branch', '--list', 'orchestrate/*-hotfix-*'), '');
  });

  it('gives two that begin with the same words a plan each', async () => {
    await using rig = rigged([FIX]);
    const said = ['One', 'Two'].map((which) =>
      orchestrate(rig.repository.root, 'hotfix', `The same few words, ${which}`),
    );
    for (const { code, stderr } of await Promise.all(said)) assert.equal(code, 3, stderr);
    const texts = plans(rig.repository.root).map((id) =>
      readFileSync(join(rig.repository.root, 'docs/plan', id, 'plan.yaml'), 'utf8'),
    );
    assert.equal(texts.length, 2);
    for (const which of ['One', 'Two']) assert.equal(texts.filter((text) => text.includes(which)).length, 1);
  });

  it('has a coding agent do it where the default is the shell, and writes nothing where nothing is said', async () => {
    await using repository = TemporaryRepository.with({ 'orchestrate.yaml': 'agents: { default: shell }\n' });
    const empty = await orchestrate(repository.root, 'hotfix', ' ');
    assert.equal(empty.code, 2, empty.stderr);
    assert.match(empty.stderr, /say what is wrong/);
    assert.deepEqual(plans(repository.root), []);
    await orchestrate(repository.root, 'hotfix', 'It hangs');
    const [id = ''] = plans(repository.root);
    assert.match(readFileSync(join(repository.root, 'docs/plan', id, 'plan.yaml'), 'utf8'), /^ {4}agent: auto$/m);
  });
});
