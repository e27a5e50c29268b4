import { strict as assert } from 'node:assert';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Event } from '../../../src/model/run/event.ts';
import { findProgram } from '../../../src/process/spawn.ts';
import { RunRig } from '../../rig/run.ts';
import { CommandLine, type Ended, journalLines } from './command-line.ts';

const AGENT_TASK = '  - { id: a, title: A, description: Write a, scope: [a.txt] }\n';

describe('auto, on the command line', () => {
  let machine: string;
  beforeEach(() => {
    machine = mkdtempSync(join(tmpdir(), 'machine-'));
    for (const folder of ['bin', 'home']) mkdirSync(join(machine, folder));
    for (const name of ['git', 'sh'])
      symlinkSync(findProgram(name, process.env, '/') ?? name, join(machine, 'bin', name));
  });
  afterEach(() => rmSync(machine, { recursive: true, force: true }));

  /** A machine on which there is nothing but git and what the test puts there. */
  function orchestrate(root: string, ...words: string[]): Promise<Ended> {
    const accounts = ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN', 'CLAUDE_CONFIG_DIR'];
    const none = Object.fromEntries(accounts.map((name) => [name, '']));
    const env = { ...none, PATH: join(machine, 'bin'), HOME: join(machine, 'home'), CODEX_HOME: '', CODEX_API_KEY: '' };
    return new CommandLine(root, words, env).ended;
  }

  function install(name: string, version: string): void {
    writeFileSync(join(machine, 'bin', name), `#!/bin/sh\necho "${name} ${version} (an example)"\n`);
    chmodSync(join(machine, 'bin', name), 0o755);
  }

  it('lists what is there, its version and account, what keeps it in, and which it would be', async () => {
    await using rig = new RunRig({ tasks: AGENT_TASK, config: '' });
    install('claude', '2.1.0');
    install('codex', '0.169.0-beta.1');
    mkdirSync(join(machine, 'home', '.codex'));
    writeFileSync(join(machine, 'home', '.codex', 'auth.json'), 'nobody reads this');
    const { code, stdout } = await orchestrate(rig.root, 'agents');
    assert.equal(code, 0);
    assert.match(stdout, /^claude +Claude Code 2\.1\.0: is installed and not signed in \(no login was found\)$/m);
    assert.match(
      stdout,
      /^codex +Codex 0\.169\.0-beta\.1: is installed and signed in \(~\/\.codex\/auth\.json is there\)$/m,
    );
    assert.match(stdout, /^gemini +Gemini CLI: is not installed$/m);
    assert.match(stdout, /^ +The operating system keeps it in its worktree: /m);
    assert.match(stdout, /^auto is codex: codex is installed and signed in .*; claude is installed and not signed in/m);
    const json = Object(JSON.parse((await orchestrate(rig.root, 'agents', '--json')).stdout));
    assert.equal(json.auto.agent, 'codex');
    assert.deepEqual(
      json.agents
        .slice(0, 2)
        .map((row: { found: { version: string; signedIn: string } }) => [row.found.version, row.found.signedIn]),
      [
        ['2.1.0', 'no'],
        ['0.169.0-beta.1', 'yes'],
      ],
    );
  });

  it('is said by validate and at approval, and stands in the journal', async () => {
    await using rig = new RunRig({
      tasks: `${AGENT_TASK}  - { id: b, title: B, run: "true", scope: [b.txt] }\n`,
      config: '',
    });
    install('codex', '0.169.0');
    mkdirSync(join(machine, 'home', '.codex'));
    writeFileSync(join(machine, 'home', '.codex', 'auth.json'), '');
    const validated = await orchestrate(rig.root, 'validate');
    assert.equal(validated.code, 0, validated.stderr);
    assert.match(validated.stdout, /^codex: 1 task\. The operating system keeps it in its worktree: .*\.$/m);
    assert.match(validated.stdout, /^shell: 1 task\. Warning: nothing keeps it in its worktree: .*\.$/m);
    assert.match(validated.stdout, /^auto is codex: codex is installed and signed in/m);
    const run = await orchestrate(rig.root, 'run');
    assert.equal(run.code, 3);
    assert.match(run.stderr, /^codex: 1 task\. The operating system keeps it/m);
    const started = journalLines(rig.root)
      .map((line): Event => Object(JSON.parse(line)))
      .find(({ type }) => type === 'run.started');
    assert.ok(started?.type === 'run.started');
    assert.deepEqual(
      [started.auto?.agent, started.agents['a']?.name, started.agents['b']?.name],
      ['codex', 'codex', 'shell'],
    );
    assert.equal(started.containment?.['codex']?.kind, 'system');
    assert.match((await orchestrate(rig.root, 'status')).stdout, /auto is codex/);
  });

  it('refuses to start where no agent is there, with what to do; the plan is as good as before', async () => {
    await using rig = new RunRig({ tasks: AGENT_TASK, config: '' });
    const run = await orchestrate(rig.root, 'run', '--yes');
    assert.equal(run.code, 2);
    assert.match(run.stderr, /No coding agent is installed: none of claude, codex, .* Install one and sign in/);
    const validated = await orchestrate(rig.root, 'validate');
    assert.equal(validated.code, 0);
    assert.match(validated.stderr, /warning: No coding agent is installed/);
    install('claude', '2.1.0');
    const unsigned = await orchestrate(rig.root, 'run', '--yes');
    assert.match(unsigned.stderr, /No coding agent is signed in\. claude: Start `claude` once/);
  });

  it('needs nobody where every task brings its own line', async () => {
    await using rig = new RunRig({ tasks: '  - { id: a, run: "echo a > a.txt", scope: [a.txt] }\n', config: '' });
    const { code, stdout, stderr } = await orchestrate(rig.root, 'run', '--yes');
    assert.equal(code, 0, stdout + stderr);
  });
});
