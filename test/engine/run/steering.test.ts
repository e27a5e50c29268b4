import { strict as assert } from 'node:assert';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { latest, type Attempt } from '../../../src/model/run/state.ts';
import { attention } from '../../../src/model/run/view.ts';
import { type RunSession } from '../../../src/engine/session.ts';
import { approve, assertEnded, CLI, eventOf, order, RunRig, taskOf } from '../../rig/run.ts';

/**
 * Speaks as codex does: writes down what it is told, and works until the file `go` lies beside the repository. Nobody
 * can say anything to it while it works, as to the real one.
 */
const PROGRAM = String.raw`
const fs = require('node:fs'), path = require('node:path');
const args = process.argv.slice(2);
const say = (event) => console.log(JSON.stringify(event));
const resumed = args.includes('resume');
const go = path.resolve('../../go');
say({ type: 'thread.started', thread_id: 't-1' });
let told = '';
process.stdin.on('data', (data) => (told += data)).on('end', () => {
  fs.appendFileSync('turns.txt', resumed ? 'resumed ' + args[args.indexOf('resume') + 1] + ': ' + told.trim() + '\n' : 'first\n');
  const end = () => say({ type: 'turn.completed', usage: { input_tokens: 1, output_tokens: 1 } });
  if (resumed) return end();
  const look = () => { if (fs.existsSync(go)) { watcher.close(); end(); } };
  const watcher = fs.watch(path.dirname(go), look);
  look();
});
`;

const files = {
  tasks: '  - { id: a, title: A, wave: 1, agent: codex, scope: [turns.txt, b.txt] }\n',
  config: `agents: { codex: { command: [${process.execPath}, program.cjs] } }\n`,
  files: { 'program.cjs': PROGRAM },
};

const attemptOf = ({ state }: RunSession): Attempt => latest(taskOf(state, 'a')) ?? assert.fail('no attempt');

/** Resolves when the agent has written what it was told first. */
async function atWork(session: RunSession): Promise<void> {
  const started = eventOf(session, ({ type }) => type === 'job.intended');
  await approve(session);
  await started;
  const file = join(attemptOf(session).path ?? '', 'turns.txt');
  while (!existsSync(file)) await new Promise(setImmediate);
}

/** The command line about the task, in a process of its own: this one drives the run meanwhile. */
const command = (rig: RunRig, name: string): Promise<{ status: number | null; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, [CLI, name, 'a'], { cwd: rig.root }, (_, stdout, stderr) =>
      resolve({ status: child.exitCode, stdout, stderr }),
    );
  });

describe('an agent at work', () => {
  it('is told in a further turn of its session what it could not take, and never two prompts at once', async () => {
    await using rig = new RunRig(files);
    const session = await rig.open();
    await atWork(session);
    const replied = eventOf(session, ({ type }) => type === 'steer.replied');
    await order(session, { type: 'tell', task: 'a', text: 'use tabs' });
    await replied;
    assert.deepEqual(
      attemptOf(session).messages.map(({ text, state }) => [text, state]),
      [['use tabs', 'waiting']],
    );
    writeFileSync(join(rig.root, 'go'), '');
    await session.atRest();
    assertEnded(session, 'merged');
    assert.equal(rig.merged(session, 'turns.txt'), 'first\nresumed t-1: A person says: use tabs\n');
    assert.equal(taskOf(session.state, 'a').attempts.length, 1);
  });

  it('is taken over with nothing left at work, and what is handed back is merged', async () => {
    await using rig = new RunRig(files);
    const session = await rig.open();
    await atWork(session);
    const taken = await command(rig, 'takeover');
    assert.equal(taken.status, 0, taken.stderr);
    const { path = '' } = attemptOf(session);
    assert.match(taken.stderr, /a is yours, in .*\nHand it back .*: orchestrate handback a\n/);
    assert.match(taken.stdout, /program\.cjs (-c \S+ )?resume t-1\n$/);
    assert.ok(taken.stdout.startsWith(`cd ${path} && `), taken.stdout);
    assert.deepEqual(
      attention(session.state).map(({ kind }) => kind),
      ['taken'],
    );
    writeFileSync(join(path, 'b.txt'), 'by hand\n');
    const back = await command(rig, 'handback');
    assert.equal(back.status, 0, back.stderr);
    await session.atRest();
    assertEnded(session, 'merged');
    assert.equal(rig.merged(session, 'b.txt'), 'by hand\n');
    assert.equal(readFileSync(join(rig.root, 'README.md'), 'utf8'), '# Example\n');
  });

  it('is not taken over twice, and a task without one not at all', async () => {
    await using rig = new RunRig(files);
    const session = await rig.open();
    for (const word of ['takeover', 'interrupt']) {
      const { status, stderr } = await command(rig, word);
      assert.equal(status, 2, word);
      assert.match(stderr, /"a" has no agent at work now/);
    }
    await order(session, { type: 'cancel' });
    await session.atRest();
  });
});
