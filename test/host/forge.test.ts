import { strict as assert } from 'node:assert';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { RunSession } from '../../src/engine/session.ts';
import type { TestApi } from '../../src/host/test-api.ts';
import { ScriptedForge } from '../rig/forge.ts';
import { DONE, ScriptedPlanner } from '../rig/planner.ts';
import {
  commit,
  ended,
  eventually,
  git,
  on,
  outline,
  planFiles,
  root,
  run,
  start,
  withRepository,
} from './orchestrate.ts';

const TASK = { id: 'a', title: 'A', wave: 1, agent: 'shell', run: 'echo a > a.txt', scope: ['a.txt'] };

describe('a pull request in the editor', function () {
  this.timeout(90_000);
  const folder = join(root, '..', 'forge');
  const before_ = { ...process.env };
  let api: TestApi;
  let forge: ScriptedForge;
  let coder: ScriptedPlanner;
  let session: RunSession;
  const tree = (): string => outline(api.rows());
  const asked = (): string => api.asked().join('\n');

  before(async () => {
    api = await withRepository();
    mkdirSync(folder, { recursive: true });
    forge = await ScriptedForge.in(folder);
    Object.assign(process.env, forge.env);
    coder = new ScriptedPlanner(join(folder, 'coder'), [{ files: { 'a.txt': 'mended\n' }, says: DONE }], {
      name: 'coder',
    });
    commit({ ...planFiles('forged', [TASK]), 'orchestrate.yaml': `${coder.config}push: origin\n` });
    git('remote', 'add', 'origin', forge.remote);
    git('push', '--quiet', forge.folder, 'HEAD:main');
    session = await start(api, 'forged');
    await run('orchestrate.approve', on(session));
    await eventually('it is pushed', () => ended(session), tree);
  });
  after(async () => {
    git('remote', 'remove', 'origin');
    for (const name of Object.keys(forge.env)) process.env[name] = before_[name] ?? '';
    await forge[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is made once a person says so, and never before', async () => {
    assert.match(tree(), /forged — .*\{.*\brequestable\b.*\bhosted\b/);
    await run('orchestrate.makePullRequest', on(session));
    assert.deepEqual(forge.requests, []);
    api.answer(true);
    await run('orchestrate.makePullRequest', on(session));
    assert.match(asked(), /Make a pull request of "forged"\?\nPull request #12 is made\./);
    assert.match(forge.pulls[0]?.body ?? '', /- A: a `\w{7}`/);
    api.answer(true);
    await run('orchestrate.makePullRequest', on(session));
    assert.match(asked(), /Pull request #12 is there already\./);
    assert.equal(forge.pulls.length, 1);
  });

  it('shows what its checks say, at the lines of the commit they ran on, and looks again at those that are not over', async () => {
    const where = { path: 'a.txt', start_line: 1, end_line: 1, annotation_level: 'failure' };
    forge.checks.push({ name: 'test', status: 'in_progress', conclusion: null });
    await run('orchestrate.readChecks', on(session));
    await eventually('it waits', () => /Pull request #12 — 1 pending · on \w+ \[clock\]/.test(tree()), tree);
    forge.checks[0] = { name: 'test', conclusion: 'failure', annotations: [{ ...where, message: 'is not mended' }] };
    await api.lookAgain();
    await eventually(
      'it fails',
      () => /Pull request #12 — 1 failing.*\{.*mendable onForge\}\n +test — failure \[error\]/.test(tree()),
      tree,
    );
    await eventually(
      'it is a problem',
      () => api.problems().some((text) => text.endsWith('a.txt:1 is not mended')),
      () => api.problems(),
    );
    const [uri] =
      vscode.languages.getDiagnostics().find(([, all]) => all.some(({ source }) => source === 'check test')) ?? [];
    assert.ok(uri);
    assert.equal((await vscode.workspace.openTextDocument(uri)).getText(), 'a\n');
    const fixes = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      uri,
      new vscode.Range(0, 0, 0, 1),
    );
    assert.ok(fixes.some(({ command }) => command?.command === 'orchestrate.mendChecks'));
    const asked_ = forge.requests.length;
    await api.lookAgain();
    assert.equal(forge.requests.length, asked_, 'what is over is not asked for again');
  });

  it('is mended by an agent once that is approved, on the same branch', async () => {
    const was = forge.at('orchestrate/forged');
    await run('orchestrate.mendChecks', on(session));
    const ours = () => api.sessions().find(({ state }) => state.plan.objective.startsWith('Hotfix: Checks of pull'));
    const mending = await eventually('a run of it waits', ours, asked);
    assert.equal(api.pages().find(({ run: shown }) => shown === mending.state.run)?.phase, 'approval');
    assert.deepEqual([coder.prompts(), forge.at('orchestrate/forged')], [[], was]);
    await run('orchestrate.approve', on(mending));
    await eventually('it is pushed', () => ended(mending), tree);
    assert.equal(mending.state.ended?.outcome, 'merged', tree());
    assert.match(coder.prompts()[0]?.text ?? '', /a\.txt:1: is not mended/);
    assert.equal(git('show', `${forge.at('orchestrate/forged')}:a.txt`), 'mended');
    forge.checks[0] = { name: 'test' };
    await run('orchestrate.readChecks', on(mending));
    await eventually('all is well', () => (tree().match(/Pull request #12 — 1 passing/g) ?? []).length === 2, tree);
    await eventually(
      'no problem is left',
      () => api.problems().every((text) => !text.includes('is not mended')),
      () => api.problems(),
    );
  });

  it('that cannot be asked for says why', async () => {
    process.env['GITHUB_TOKEN'] = 'of-somebody-else';
    await run('orchestrate.readChecks', on(session));
    assert.match(asked(), /does not know the token \(401\): Bad credentials/);
    process.env['GITHUB_TOKEN'] = forge.env['GITHUB_TOKEN'];
  });
});
