import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Event } from '../../../src/model/run/event.ts';
import { RunRig } from '../../rig/run.ts';
import { type Ended, journalLines, orchestrate } from './command-line.ts';

const events = (root: string): Event[] => journalLines(root).map((line) => Object(JSON.parse(line)));

const PLAN = {
  orchestrationId: 'sprint',
  platform: 'auto-detect',
  executionMode: 'waves',
  waves: [
    {
      waveId: 'wave-1',
      parallel: true,
      agents: ['AUTH', 'LOG', 'CACHE'].map((agentId) => ({
        agentId,
        workDescription: `Implement ${agentId}`,
        scope: `${agentId.toLowerCase()}/`,
      })),
    },
  ],
  coordinationRules: { progressReporting: 'every-30-min' },
};

/** The second command line, as its document says it is called. */
function llmOrchestrate(root: string, ...words: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [resolve('dist/llm-orchestrate.cjs'), ...words], { cwd: root });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((settle) => child.once('close', (code, signal) => settle({ code, signal, stdout, stderr })));
}

describe('Patterns of platforms, on the command line', () => {
  const answering = (id: string): string =>
    `  - { id: ${id}, run: "echo ${id} > ${id}.txt; echo \\"[CORRELATION: $ORCHESTRATE_CORRELATION]\\"", scope: [${id}.txt] }\n`;

  it('batches and correlation: in what is told, in the journal, in the job, and in the summary', async () => {
    const silent = '  - { id: z, run: "echo z > z.txt; echo done", scope: [z.txt] }\n';
    await using rig = new RunRig({
      tasks: `${answering('a')}${answering('b')}${silent}`,
      config: 'agents: { default: shell }\n',
    });
    const { code, stdout, stderr } = await orchestrate(
      rig.root,
      'run',
      '--yes',
      '--batch-size',
      '2',
      '--correlation-mode',
      'enabled',
    );
    assert.equal(code, 0, stdout + stderr);
    const started = events(rig.root).find(({ type }) => type === 'run.started');
    assert.ok(started?.type === 'run.started');
    const id = started.agents['a']?.correlation ?? '';
    assert.match(id, /^p-[0-9a-f]{8}-1\.[0-9a-f]{8}$/);
    assert.ok(stdout.includes(`a [${id}]: shell is at work`), stdout);
    assert.match(stdout, new RegExp(`^ {3}a {2}${id.replaceAll('.', String.raw`\.`)} {2}answered with its id$`, 'm'));
    assert.match(stdout, /^ {3}z {2}\S+ {2}answered without its id$/m);
    const begun = events(rig.root).flatMap((event) =>
      event.type === 'worktree.intended'
        ? [event.task]
        : event.type === 'attempt.accepted'
          ? [`${event.task} is through`]
          : [],
    );
    assert.deepEqual([begun.slice(0, 2).toSorted(), begun.at(-2)], [['a', 'b'], 'z']);
    const runs = join(rig.root, '.git', 'orchestrate', 'runs');
    const [run = ''] = readdirSync(runs);
    const specs = readdirSync(join(runs, run, 'jobs')).map((job) =>
      readFileSync(join(runs, run, 'jobs', job, 'spec.json'), 'utf8'),
    );
    assert.ok(specs.some((spec) => spec.includes(id)));
    const status = Object(JSON.parse((await orchestrate(rig.root, 'status', '--json')).stdout));
    assert.deepEqual(
      status.tasks.map((task: { correlated: boolean }) => task.correlated),
      [true, true, false],
    );
  });

  it('generic: numbered instructions with task, directory, branch, reporting and the five rules', async () => {
    await using rig = new RunRig({
      tasks: '  - { id: a, run: "true" }\n',
      config: 'progress: 30m\n',
      files: { 'plan.json': JSON.stringify(PLAN) },
    });
    const { code, stderr } = await llmOrchestrate(rig.root, '--plan', 'plan.json', '--platform', 'Generic', '--yes');
    assert.equal(code, 3, stderr);
    const runs = join(rig.root, '.git', 'orchestrate', 'runs');
    const [run = ''] = readdirSync(runs);
    const attempts = readdirSync(join(runs, run, 'attempts')).toSorted();
    const texts = attempts.map((name) => readFileSync(join(runs, run, 'attempts', name, 'instructions.md'), 'utf8'));
    assert.equal(texts.length, 3);
    for (const [number, id] of ['AUTH', 'LOG', 'CACHE'].entries()) {
      const text = texts.find((one) => one.includes(`[AGENT-${number + 1}: ${id}]`)) ?? '';
      assert.match(
        text,
        new RegExp(
          `- Task: Implement ${id}\n- Working Directory: .*/\\.worktrees/\\S+\n- Branch: \\S+\n- Report Status: every 30 minutes`,
        ),
      );
      assert.equal(
        text.match(/^\d\. (All agents start|No shared|Report progress|On completion|On failure)/gm)?.length,
        5,
      );
    }
  });

  it('understands the flags as their document has them, and says what it cannot read', async () => {
    await using rig = new RunRig({
      tasks: '  - { id: a, run: "true" }\n',
      config: '',
      files: { 'plan.json': JSON.stringify(PLAN) },
    });
    const words = ['--plan', 'plan.json', '--platform', 'gemini', '--batch-size', '5', '--correlation-mode', 'enabled'];
    const { code, stderr } = await llmOrchestrate(rig.root, ...words);
    assert.equal(code, 3, stderr);
    const started = events(rig.root).find(({ type }) => type === 'run.started');
    assert.ok(started?.type === 'run.started');
    assert.deepEqual(
      [started.agents['AUTH']?.name, started.config.limits.batch, started.config.correlation],
      ['gemini', 5, true],
    );
    const refused = await orchestrate(rig.root, 'run', '--platform', 'gemeni');
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /--platform is auto, claude, gpt, gemini, .*Did you mean "gemini"/);
    assert.match(
      (await orchestrate(rig.root, 'run', '--batch-size', '0')).stderr,
      /--batch-size is a whole number from 1 on/,
    );
  });
});
