import { strict as assert } from 'node:assert';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { CLI, order, RunRig, type RunFiles, settled, approve, assertEnded } from '../../rig/run.ts';
import { attention } from '../../../src/model/run/view.ts';
import { orchestrate } from '../cli/command-line.ts';

const TASKS = '  - { id: a, title: A, run: "echo a > a.txt" }\n';
const CONFIG = 'agents: { default: shell }\n';
const PUSH = `${CONFIG}push: origin\n`;

/** A run's rig and a bare remote that counts what is pushed to it. */
class Pushing implements AsyncDisposable {
  readonly rig: RunRig;
  readonly remote: string;

  constructor(files: Partial<RunFiles> = {}) {
    this.rig = new RunRig({ tasks: TASKS, config: PUSH, ...files });
    this.remote = this.rig.repository.folder('remote.git');
    execFileSync('git', ['init', '--quiet', '--bare', this.remote]);
    this.rig.repository.git('remote', 'add', 'origin', this.remote);
    this.hook('post-receive', `cat >> "${join(this.remote, 'pushes')}"`);
  }

  hook(name: string, body: string): void {
    const file = join(this.remote, 'hooks', name);
    writeFileSync(file, `#!/bin/sh\n${body}\n`);
    chmodSync(file, 0o755);
  }

  /** Where a branch is there, or nothing. */
  at(branch = 'orchestrate/p'): string {
    const told = spawnSync('git', ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`], { cwd: this.remote });
    return told.stdout.toString().trim();
  }

  /** How many refs were moved there, ever. */
  get pushes(): number {
    const file = join(this.remote, 'pushes');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').length : 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.rig[Symbol.asyncDispose]();
  }
}

/** A server on loopback that wants a password of everybody. */
async function asking(): Promise<AsyncDisposable & { port: number; readonly requests: number }> {
  let requests = 0;
  const server = createServer((_, response) => {
    requests += 1;
    response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="x"' }).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    port: (server.address() as AddressInfo).port,
    get requests() {
      return requests;
    },
    [Symbol.asyncDispose]: () => new Promise((closed) => server.close(() => closed())),
  };
}

const onlyAttention = (session: { state: Parameters<typeof attention>[0] }): string =>
  attention(session.state)
    .map(({ text }) => text)
    .join('\n');

describe('push', () => {
  it('comes last, where the configuration says so, and approving the plan says that it will', async () => {
    await using at = new Pushing();
    const session = await at.rig.open();
    assert.match(onlyAttention(session), /it is pushed to origin as orchestrate\/p/);
    assert.equal(at.at(), '');
    await approve(session);
    await session.atRest();
    assertEnded(session, 'merged');
    assert.equal(at.at(), session.state.integration);
    assert.equal(at.pushes, 1);
  });

  it('does not come where a task failed or a final gate is red: nothing of it is anywhere', async () => {
    const tasks = `${TASKS}  - { id: b, title: B, run: "exit 1" }\n`;
    for (const files of [
      { tasks, config: `${PUSH}limits: { retries: 0 }\n` },
      { config: `${PUSH}gates: { never: { run: "test ! -e a.txt", on: [final] } }\nlimits: { retries: 0 }\n` },
    ]) {
      await using at = new Pushing(files);
      const ended = await orchestrate(at.rig.root, 'run', 'p', '--yes');
      assert.notEqual(ended.code, 0, ended.stdout);
      assert.equal(at.pushes, 0);
      const asked = await orchestrate(at.rig.root, 'push', '--yes');
      assert.equal(asked.code, 2, asked.stdout);
      assert.match(asked.stderr, /nothing of it is pushed|not over yet/);
      assert.equal(at.pushes, 0);
    }
  });

  it('moves several branches or none', async () => {
    await using at = new Pushing({ config: `${CONFIG}push: { branch: ["x/{plan_id}", taken] }\n` });
    at.rig.repository.git('push', '--quiet', 'origin', 'HEAD:refs/heads/taken');
    at.rig.repository.git('commit', '--quiet', '--allow-empty', '-m', 'theirs');
    at.rig.repository.git('push', '--quiet', 'origin', 'HEAD:refs/heads/taken');
    at.rig.repository.git('reset', '--quiet', '--hard', 'HEAD~1');
    const theirs = at.at('taken');
    const session = await at.rig.open();
    await approve(session);
    const question = await settled(session, ({ questions }) => [...questions.values()][0]);
    assert.match(
      question.text,
      /could not be pushed to origin: origin did not take .*taken \[rejected\].*Nothing was pushed/s,
    );
    assert.deepEqual([at.at('x/p'), at.at('taken')], ['', theirs]);
    await order(session, { type: 'answer', question: question.id, choice: 'skip' });
    await session.atRest();
    assertEnded(session, 'merged');
    assert.equal(at.at('x/p'), '');
  });

  it('that a hook of the remote refuses is said in its words, and is tried again when a person says so', async () => {
    await using at = new Pushing();
    at.hook('pre-receive', 'echo "not on a Friday" >&2; exit 1');
    const session = await at.rig.open();
    await approve(session);
    const question = await settled(session, ({ questions }) => [...questions.values()][0]);
    assert.match(question.text, /pre-receive hook declined.*not on a Friday/s);
    assert.equal(session.state.ended, undefined);
    at.hook('pre-receive', 'exit 0');
    await order(session, { type: 'answer', question: question.id, choice: 'again' });
    await session.atRest();
    assertEnded(session, 'merged');
    assert.equal(at.at(), session.state.integration);
  });

  it('without a remote says how one is made, and asks for no password', async () => {
    await using at = new Pushing({ config: CONFIG });
    await orchestrate(at.rig.root, 'run', 'p', '--yes');
    const nowhere = await orchestrate(at.rig.root, 'push', 'upstream', '--yes');
    assert.equal(nowhere.code, 1, nowhere.stderr);
    assert.match(nowhere.stdout, /there is no remote "upstream" here: known are origin/);
    at.rig.repository.git('config', 'core.askPass', join(at.remote, 'asked'));
    writeFileSync(join(at.remote, 'asked'), `#!/bin/sh\ntouch "${join(at.remote, 'was-asked')}"\necho x\n`);
    chmodSync(join(at.remote, 'asked'), 0o755);
    await using server = await asking();
    at.rig.repository.git('remote', 'set-url', 'origin', `http://user@127.0.0.1:${server.port}/x.git`);
    const silent = await orchestrate(at.rig.root, 'push', '--yes');
    assert.equal(silent.code, 1, silent.stdout);
    assert.match(silent.stdout, /not pushed: .*nobody is asked for a password/);
    assert.ok(server.requests > 0 && !silent.stdout.includes('user@'));
    assert.ok(!existsSync(join(at.remote, 'was-asked')));
  });

  it('is there for a run that has ended: once, however often it is asked for', async () => {
    await using at = new Pushing({ config: CONFIG });
    await orchestrate(at.rig.root, 'run', 'p', '--yes');
    const dry = await orchestrate(at.rig.root, 'push', '--dry-run');
    assert.match(dry.stdout, /would push [0-9a-f]{10} to origin as orchestrate\/p/);
    assert.equal(at.pushes, 0);
    const first = await orchestrate(at.rig.root, 'push', '--yes');
    assert.equal(first.code, 0, first.stdout + first.stderr);
    assert.match(first.stdout, /pushed to origin as orchestrate\/p/);
    const second = await orchestrate(at.rig.root, 'push', '--yes');
    assert.match(second.stderr, /it is on origin already, as orchestrate\/p/);
    assert.equal(at.pushes, 1);
    const named = await orchestrate(at.rig.root, 'push', 'origin', 'feature', '--yes');
    assert.equal(named.code, 0, named.stderr);
    assert.equal(at.at('feature'), at.at());
  });

  for (const point of ['push.intended.before', 'push.intended.after'])
    it(`whose driver is killed at ${point} is pushed once, by the next one`, async () => {
      await using at = new Pushing();
      const env = { ...process.env, ORCHESTRATE_FAULT: `engine/${point}:1` };
      const killed = spawnSync(process.execPath, [CLI, 'run', 'p', '--yes'], { cwd: at.rig.root, env });
      assert.equal(killed.signal, 'SIGKILL', killed.stdout.toString());
      const again = await orchestrate(at.rig.root, 'run', 'p', '--yes');
      assert.equal(again.code, 0, again.stdout + again.stderr);
      assert.equal(at.at(), at.rig.repository.git('rev-parse', 'orchestrate/p'));
      assert.equal(at.pushes, 1);
    });
});
