import { strict as assert } from 'node:assert';
import { existsSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRun, prepareRun } from '../../../src/engine/runs.ts';
import type { RunSession } from '../../../src/engine/session.ts';
import { importFiles } from '../../../src/formats/registry.ts';
import { openRepository } from '../../../src/git/repository.ts';
import { Children } from '../../rig/children.ts';
import { approve, assertEnded, RunRig, value } from '../../rig/run.ts';
import { orchestrate } from '../cli/command-line.ts';

const MILESTONE = `# Milestone: M1 — Greeting

| Field      | Value    |
| ---------- | -------- |
| Status     | planning |
| Complexity | quick    |
`;
const phase = (n: number, more = ''): string => `---
status: pending   # set by the lead
order: ${n}
${more}---

## Objective

Say hello ${n}

## Scope

- \`hello-${n}.txt\` (new)
`;
const FOLDER = '.orchestra/milestones/M1-greeting';

/** Imports a file, gives each task of the plan a line for the shell, and opens a run of it. */
async function openImported(rig: RunRig, source: string, lines: Readonly<Record<string, string>>): Promise<RunSession> {
  const { code, stdout, stderr } = await orchestrate(rig.root, 'import', source);
  assert.equal(code, 0, stderr);
  const planFile = /wrote (\S+)/.exec(stdout)?.[1] ?? assert.fail(stdout);
  const path = join(rig.root, planFile);
  const text = Object.entries(lines).reduce(
    (changed, [id, line]) =>
      changed.replace(`  - id: ${id}\n`, `  - id: ${id}\n    agent: shell\n    run: ${JSON.stringify(line)}\n`),
    readFileSync(path, 'utf8'),
  );
  writeFileSync(path, text);
  const repository = value(await openRepository(rig.root));
  return rig.open(value(await createRun(repository, value(await prepareRun(repository, { planFile })), 'cli')));
}

const read = (rig: RunRig, file: string): string => readFileSync(join(rig.root, file), 'utf8');

/** Resolves once a file says something. */
async function written(folder: string, name: string, says: RegExp): Promise<void> {
  const watcher = watch(folder);
  const isWritten = (): boolean => says.test(readFileSync(join(folder, name), 'utf8'));
  await new Promise<void>((resolve) => {
    const look = (): void => void (isWritten() && resolve());
    watcher.on('change', look);
    look();
  });
  watcher.close();
}

describe('a run of an imported plan', () => {
  it('of Orchestra tells the phases, the milestone, which is locked meanwhile, and context.md', async () => {
    const children = await Children.open();
    await using rig = new RunRig({
      tasks: '  - { id: a, run: "true" }\n',
      config: 'agents: { default: shell }\nlimits: { retries: 0 }\n',
      files: {
        [`${FOLDER}/milestone.md`]: MILESTONE,
        [`${FOLDER}/phases/phase-1.md`]: phase(1),
        [`${FOLDER}/phases/phase-2.md`]: phase(2),
        '.orchestra/config.yml': 'thresholds:\n  stuck_retry_limit: 0\n',
      },
    });
    const session = await openImported(rig, FOLDER, {
      'phase-1': `${children.line} && echo hello > hello-1.txt`,
      'phase-2': 'exit 3',
    });
    await approve(session);
    const child = await children.next();
    await child.exit(0);
    await session.atRest();
    await session.dispose();
    assertEnded(session, 'failed');
    assert.match(rig.repository.git('log', '-1', '--format=%s', session.state.integration), /^feat: \S/);
    assert.equal(read(rig, `${FOLDER}/phases/phase-1.md`), phase(1).replace('pending', 'done'));
    assert.equal(read(rig, `${FOLDER}/phases/phase-2.md`), phase(2).replace('pending', 'failed'));
    assert.equal(read(rig, `${FOLDER}/milestone.md`), MILESTONE.replace('planning', 'failed  '));
    const context = read(rig, `${FOLDER}/context.md`);
    assert.match(context, /^## Status\nmilestone: M1-greeting\nstarted: \d{4}-\d\d-\d\d\n/);
    assert.match(context, /^- phase-1: done \| commit: [0-9a-f]{40} \| files: hello-1\.txt$/m);
    assert.match(context, /^- phase-2: failed \| error: failed, \d retries \| last-error: /m);
    assert.match(context, /^- phase-1: duration: ~1min \| verification_retries: 0$/m);
    await children.close();
  });

  it('holds a lock while it is at work, and leaves files alone that were changed meanwhile', async () => {
    const children = await Children.open();
    await using rig = new RunRig({
      tasks: '  - { id: a, run: "true" }\n',
      files: { [`${FOLDER}/milestone.md`]: MILESTONE, [`${FOLDER}/phases/phase-1.md`]: phase(1) },
    });
    const session = await openImported(rig, FOLDER, { 'phase-1': `${children.line} && echo hello > hello-1.txt` });
    await approve(session);
    const child = await children.next();
    await written(join(rig.root, FOLDER), 'milestone.md', /Locked-By/);
    assert.match(
      read(rig, `${FOLDER}/milestone.md`),
      /^\| Status +\| in-progress \|\n[\s\S]*^\| Locked-By \| \d{4}-\d\d-\d\dT/m,
    );
    const edited = `${read(rig, `${FOLDER}/phases/phase-1.md`)}\nmine\n`;
    rig.repository.write({ [`${FOLDER}/phases/phase-1.md`]: edited });
    await child.exit(0);
    await session.atRest();
    await session.dispose();
    assertEnded(session, 'merged');
    assert.equal(read(rig, `${FOLDER}/phases/phase-1.md`), edited);
    assert.equal(read(rig, `${FOLDER}/milestone.md`), MILESTONE.replace('planning', 'done    '));
    assert.ok(session.findings.some((finding) => finding.startsWith(`${FOLDER}/phases/phase-1.md was changed`)));
    await children.close();
  });

  it('leaves a milestone alone that somebody else has locked, and takes no notice of a stale lock', async () => {
    const lockedAt = (time: number): string => `${MILESTONE}| Locked-By | ${new Date(time).toISOString()} |\n`;
    for (const [milestone, isTaken] of [
      [lockedAt(Date.now()), true],
      [lockedAt(Date.now() - 61 * 60_000), false],
    ] as const) {
      await using rig = new RunRig({
        tasks: '  - { id: a, run: "true" }\n',
        files: { [`${FOLDER}/milestone.md`]: milestone, [`${FOLDER}/phases/phase-1.md`]: phase(1) },
      });
      const session = await openImported(rig, FOLDER, { 'phase-1': 'echo hello > hello-1.txt' });
      await approve(session);
      await session.atRest();
      await session.dispose();
      assertEnded(session, 'merged');
      assert.equal(read(rig, `${FOLDER}/milestone.md`) === milestone, isTaken);
      assert.equal(read(rig, `${FOLDER}/phases/phase-1.md`) === phase(1), isTaken);
      assert.equal(
        session.findings.some((finding) => /milestone\.md is locked since/.test(finding)),
        isTaken,
      );
    }
  });

  it('tells its end in the PRD beside it: what it names is complete, and nothing else is touched', async () => {
    const prd = `prd_id: p\nversion: 1.2.0\nfeatures:\n  - name: Greeting # soon\n    status: planned\n  - name: Export\n    status: planned\nchanges: []\n`;
    await using rig = new RunRig({
      tasks: '  - { id: a, title: "Say the greeting", agent: shell, run: echo hello > a.txt }\n',
      files: { 'docs/PRD.yaml': prd },
    });
    const session = await rig.run();
    await session.dispose();
    assertEnded(session, 'merged');
    const told = `${prd.replace('planned', 'complete').replace('changes: []\n', 'changes:\n')}  - version: 1.2.0\n    change: "Complete: Greeting (plan p)"\n`;
    assert.equal(read(rig, 'docs/PRD.yaml'), told);
  });

  it('of prompts marks those that are done, so that they are not done again', async () => {
    const prompts = { 'prompts/say-hello.md': '# Say hello\n\nIn a file.\n', 'prompts/say-bye.md': '# Say bye\n' };
    const config = 'agents: { default: shell }\nlimits: { retries: 0 }\n';
    await using rig = new RunRig({ tasks: '  - { id: a, run: "true" }\n', config, files: prompts });
    const session = await openImported(rig, 'prompts', { 'say-hello': 'echo hello > a.txt', 'say-bye': 'exit 1' });
    await approve(session);
    await session.atRest();
    await session.dispose();
    assert.equal(read(rig, 'prompts/say-hello.md'), '# Say hello (COMPLETED)\n\nIn a file.\n');
    assert.equal(read(rig, 'prompts/say-bye.md'), prompts['prompts/say-bye.md']);
    const again = importFiles([{ path: 'prompts/say-hello.md', text: read(rig, 'prompts/say-hello.md') }]).imported[0];
    assert.deepEqual(
      again?.plan?.tasks.map(({ title, status }) => [title, status]),
      [['Say hello', 'completed']],
    );
  });

  it('of an LLM-native plan has a status file beside it', async () => {
    const agent = (agentId: string) => ({
      agentId,
      workDescription: agentId,
      scope: `${agentId}.txt`,
      dependencies: [],
    });
    const plan = {
      orchestrationId: 'o-1',
      waves: [{ waveId: 'wave-1', parallel: true, agents: [agent('A'), agent('B')] }],
    };
    const text = JSON.stringify(plan, undefined, 2);
    const config = 'agents: { default: shell }\nlimits: { retries: 0 }\n';
    await using rig = new RunRig({
      tasks: '  - { id: a, run: "true" }\n',
      config,
      files: { 'parallel-plan.json': text },
    });
    const session = await openImported(rig, 'parallel-plan.json', { A: 'echo a > A.txt', B: 'exit 1' });
    await approve(session);
    await session.atRest();
    await session.dispose();
    assert.equal(read(rig, 'parallel-plan.json'), text);
    const status = JSON.parse(read(rig, 'parallel-plan.status.json'));
    assert.equal(status.overallProgress, 50);
    assert.deepEqual(
      status.agentStatus.map((one: { id: string; status: string }) => [one.id, one.status]),
      [
        ['A', 'COMPLETE'],
        ['B', 'FAILED'],
      ],
    );
    assert.equal(status.waves.wave1.status, 'failed');
  });
});

describe('a task that failed for good', () => {
  it('has a log where gem-team looks for it, written once', async () => {
    await using rig = new RunRig({
      tasks: '  - { id: a/1, run: "echo no >&2; exit 3" }\n',
      config: 'agents: { default: shell }\nlimits: { retries: 0 }\n',
    });
    const session = await rig.run();
    await session.dispose();
    const again = await rig.open(session.ref);
    await again.dispose();
    const folder = join(rig.root, 'docs/plan/p/logs');
    const [name = '', ...others] = readdirSync(folder);
    assert.match(name, /^shell_a-1_\d{8}T\d{6}Z\.yaml$/);
    assert.deepEqual(others, []);
    const file = { path: `docs/plan/p/logs/${name}`, text: readFileSync(join(folder, name), 'utf8') };
    const { log } = importFiles([file]).imported[0] ?? {};
    assert.deepEqual([log?.planId, log?.taskId, log?.agent], ['p', 'a/1', 'shell']);
    assert.match(log?.failureType ?? '', /^(?:transient|fixable|needs_replan|escalate)$/);
    assert.ok(log?.summary);
  });

  it('of a run that merged everything there is none', async () => {
    await using rig = new RunRig({ tasks: '  - { id: a, run: "echo a > a.txt" }\n' });
    const session = await rig.run();
    await session.dispose();
    assert.equal(existsSync(join(rig.root, 'docs/plan/p/logs')), false);
  });
});
