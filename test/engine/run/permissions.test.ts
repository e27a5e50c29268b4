import { deepEqual, equal, match } from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { attention, rest } from '../../../src/model/run/view.ts';
import { ACP_AGENT } from '../../rig/acp-agent.ts';
import { approve, assertEnded, CLI, failureOf, order, RunRig, settled, value } from '../../rig/run.ts';
import { openSession } from '../../../src/engine/open-session.ts';
import type { RunRef, RunSession } from '../../../src/engine/session.ts';

const PLAN = '  - { id: a, title: A, agent: heron, description: Write it, scope: [a.txt] }\n';
/** Any program that speaks the protocol can be named. */
const CONFIG = `agents:
  heron: { acp: true, command: [${JSON.stringify(process.execPath)}, ../../acp-agent.mjs, a.txt] }
`;

const rigOf = (config = CONFIG): RunRig => new RunRig({ tasks: PLAN, config, files: { 'acp-agent.mjs': ACP_AGENT } });

describe('An agent that asks leave', () => {
  it('waits through the death of the engine, is answered from another process, and goes on to merged', async () => {
    await using rig = rigOf();
    const ref = await rig.create();
    const engine = spawn(process.execPath, [CLI, 'run', 'p', '--yes', '--wait'], { cwd: rig.root, stdio: 'ignore' });
    const watching = await rig.open(ref, 'follow');
    const question = await asked(watching);
    equal(question, 'permission:i2:1');
    engine.kill('SIGKILL');
    await once(engine, 'exit');
    const session = await rig.open(ref);
    equal(session.role, 'drives');
    deepEqual(
      attention(session.state).map(({ id, kind, task, detail }) => [id, kind, task, detail]),
      [['permission:i2:1', 'permission', 'a', 'write a.txt']],
    );
    equal(rest(session.state), 'waiting');
    const { stdout } = await promisify(execFile)(process.execPath, [CLI, 'answer', question, 'allow'], {
      cwd: rig.root,
    });
    match(stdout, /^answer: noted/);
    await ended(session);
    assertEnded(session, 'merged');
    equal(rig.merged(session, 'a.txt'), 'written\n');
    equal(session.state.tasks.get('a')?.attempts.length, 1);
  });

  it('answered while nobody drives gets the answer from whoever drives next', async () => {
    await using rig = rigOf();
    const ref = await rig.create();
    const first = await openFor(ref);
    await approve(first);
    await asked(first);
    await first.dispose();
    await promisify(execFile)(process.execPath, [CLI, 'answer', 'permission:i2:1', 'allow'], { cwd: rig.root });
    const session = await rig.open(ref);
    await ended(session);
    assertEnded(session, 'merged');
  });

  it('told no does not do it, which is no success', async () => {
    await using rig = rigOf();
    const session = await rig.open();
    await approve(session);
    await order(session, { type: 'answer', question: await asked(session), choice: 'reject' });
    match(await settled(session, (state) => failureOf(state, 'a')), /nothing was changed/);
    await order(session, { type: 'cancel' });
    await ended(session);
  });

  it('is not asked about what the policy allows', async () => {
    await using rig = rigOf(`${CONFIG}permissions: { execute: allow }\n`);
    const session = await rig.run();
    assertEnded(session, 'merged');
    equal(session.state.reports.size, 0);
  });

  it('of a run that is cancelled is asked nothing more', async () => {
    await using rig = rigOf();
    const session = await rig.open();
    await approve(session);
    await asked(session);
    await order(session, { type: 'cancel' });
    await ended(session);
    assertEnded(session, 'cancelled');
  });
});

const openFor = async (ref: RunRef): Promise<RunSession> =>
  value(await openSession(ref, { by: 'cli', runner: CLI.replace('cli.cjs', 'runner.cjs'), as: 'drive' }));

/** Resolves with the id of the first question for a permission. */
const asked = (session: RunSession): Promise<string> =>
  settled(session, (state) => attention(state).find(({ kind }) => kind === 'permission')?.id);

const ended = (session: RunSession): Promise<unknown> =>
  settled(session, (state) => state.ended ?? attention(state).find(({ kind }) => kind === 'escalated'));
