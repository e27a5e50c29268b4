import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostedAttempt, HostedWork } from '../../../src/agents/agent.ts';
import { jobFolder } from '../../../src/engine/places.ts';
import { outputFile } from '../../../src/process/job-folder.ts';
import { attention } from '../../../src/model/run/view.ts';
import {
  approve,
  assertEnded,
  eventOf,
  failuresOf,
  order,
  processesOf,
  RunRig,
  settled,
  taskOf,
} from '../../rig/run.ts';

const TASK = '  - { id: a, title: A, wave: 1, agent: editor, scope: [a.txt] }\n';
const done = { kind: 'succeeded', summary: 'done' } as const;

/** The agent `editor`, done by the test. */
const host = (work: HostedWork): ReadonlyMap<string, HostedWork> => new Map([['editor', work]]);

const writes = async ({ request, tell }: HostedAttempt): Promise<typeof done> => {
  tell({ type: 'text', text: 'writing' });
  writeFileSync(join(request.cwd, 'a.txt'), 'a\n');
  return done;
};

/** Works until it is stopped; `begun` resolves when it has been called. */
function endless(): { work: HostedWork; begun: Promise<void> } {
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const work = ({ stop }: HostedAttempt): Promise<typeof done> =>
    new Promise((resolve) => {
      stop.addEventListener('abort', () => resolve(done));
      begin();
    });
  return { work, begun };
}

describe('a hosted agent', () => {
  it('works inside the driver, and its result is merged as any other', async () => {
    await using rig = new RunRig({ tasks: TASK });
    const session = await rig.open(undefined, 'drive', host(writes));
    await approve(session);
    await session.atRest();
    assertEnded(session, 'merged');
    assert.equal(rig.merged(session, 'a.txt'), 'a\n');
    const output = readFileSync(outputFile(jobFolder(session.ref, 'i2')), 'utf8');
    assert.equal(output, '{"type":"text","text":"writing"}\n');
  });

  it('fails as it says, and is tried again', async () => {
    await using rig = new RunRig({ tasks: TASK, config: 'limits: { retries: 1 }\n' });
    let attempts = 0;
    const work: HostedWork = async (attempt) =>
      (attempts += 1) === 1 ? { kind: 'failed', type: 'fixable', message: 'no idea', summary: '' } : writes(attempt);
    const session = await rig.open(undefined, 'drive', host(work));
    await approve(session);
    await session.atRest();
    assertEnded(session, 'merged');
    assert.deepEqual(failuresOf(session.state, 'a'), ['agent']);
  });

  it('stops when the run is cancelled', async () => {
    await using rig = new RunRig({ tasks: TASK });
    const { work, begun } = endless();
    const session = await rig.open(undefined, 'drive', host(work));
    await approve(session);
    await begun;
    await order(session, { type: 'cancel' });
    await session.atRest();
    assertEnded(session, 'cancelled');
    assert.deepEqual(failuresOf(session.state, 'a'), ['cancelled']);
  });

  it('is interrupted with its command, waits for what is said next, and goes on with that', async () => {
    await using rig = new RunRig({ tasks: TASK });
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const heard: string[] = [];
    const work: HostedWork = async (attempt) => {
      const interruption = attempt.interruption();
      const command = attempt.command('sleep 600');
      begin();
      await command;
      assert.ok(interruption.aborted && attempt.interruption().aborted);
      await attempt.spokenTo();
      assert.ok(!attempt.interruption().aborted);
      heard.push(...attempt.messages());
      return writes(attempt);
    };
    const session = await rig.open(undefined, 'drive', host(work));
    await approve(session);
    await begun;
    const applied = eventOf(session, (event) => event.type === 'steer.replied');
    await order(session, { type: 'interrupt', task: 'a' });
    const replied = await applied;
    assert.deepEqual(replied.type === 'steer.replied' && replied.reply, { kind: 'applied' });
    assert.deepEqual(
      attention(session.state).map(({ kind }) => kind),
      ['held'],
    );
    await order(session, { type: 'tell', task: 'a', text: 'use a' });
    await session.atRest();
    assertEnded(session, 'merged');
    assert.deepEqual(heard, ['use a']);
  });

  it('says what it has spent while it works, which a run that may not spend more heeds', async () => {
    await using rig = new RunRig({
      tasks: `${TASK}  - { id: b, title: B, wave: 1, agent: editor, scope: [b.txt] }\n`,
      config: 'limits: { agents: 1, budget: { run: { tokens: 1000 } } }\n',
    });
    const work: HostedWork = async (attempt) => {
      attempt.tell({ type: 'usage', usage: { inputTokens: 900, outputTokens: 200 } });
      return writes(attempt);
    };
    const session = await rig.open(undefined, 'drive', host(work));
    await approve(session);
    const asked = await settled(session, (state) => attention(state).find(({ kind }) => kind === 'budget'));
    assert.match(asked.text, /The run spent its budget: 1100 tokens of 1000 tokens/);
    assert.deepEqual(
      [...session.state.tasks.values()].map(({ attempts }) => attempts.length),
      [1, 0],
    );
    await order(session, { type: 'answer', question: asked.id, choice: 'stop' });
    await session.atRest();
    assertEnded(session, 'cancelled');
  });

  it('ends after the time an attempt may take', async () => {
    await using rig = new RunRig({ tasks: TASK, config: 'limits: { retries: 0, attempt: 50ms }\n' });
    const session = await rig.open(undefined, 'drive', host(endless().work));
    await approve(session);
    await session.atRest();
    assertEnded(session, 'failed');
    assert.deepEqual(failuresOf(session.state, 'a'), ['timedOut']);
  });

  for (const [what, limits, does] of [
    ['shows no sign of life', 'idle: 100ms', () => undefined],
    [
      'uses tool after tool for nothing',
      'steps: 3',
      ({ tell }: HostedAttempt) => {
        for (const id of '12345') tell({ type: 'toolEnded', id, failed: false, output: 'nothing' });
      },
    ],
    [
      'gets the same error again and again',
      'errors: 2',
      ({ tell }: HostedAttempt) => {
        for (const id of '12') tell({ type: 'toolEnded', id, failed: true, output: 'a.txt is not there' });
      },
    ],
  ] as const)
    it(`is ended, as any other, when it ${what}`, async () => {
      await using rig = new RunRig({ tasks: TASK, config: `limits: { retries: 0, ${limits} }\n` });
      const { work } = endless();
      const session = await rig.open(
        undefined,
        'drive',
        host((attempt) => {
          const stopped = work(attempt);
          does(attempt);
          return stopped;
        }),
      );
      await approve(session);
      await session.atRest();
      assertEnded(session, 'failed');
      assert.deepEqual(failuresOf(session.state, 'a'), [limits.startsWith('idle') ? 'idle' : 'noEffect']);
    });

  it('is not ended while it waits for a person, as long as others of its kind are ended for nothing', async () => {
    await using rig = new RunRig({
      tasks: `${TASK}  - { id: b, title: B, wave: 1, agent: editor, scope: [b.txt] }\n`,
      config: 'limits: { retries: 2, idle: 100ms }\n',
    });
    const { work } = endless();
    const waits = async (attempt: HostedAttempt): Promise<typeof done> => {
      await attempt.spokenTo();
      return writes(attempt);
    };
    const session = await rig.open(
      undefined,
      'drive',
      host((attempt) => (attempt.request.task.id === 'a' ? waits(attempt) : work(attempt))),
    );
    await approve(session);
    await settled(session, (state) => (failuresOf(state, 'b').length === 3 ? state : undefined));
    assert.equal(failuresOf(session.state, 'a').length, 0);
    await order(session, { type: 'tell', task: 'a', text: 'go on' });
    await settled(session, (state) => taskOf(state, 'a').settled);
    assert.equal(taskOf(session.state, 'a').attempts.length, 1);
  });

  it('ends as interrupted when its driver leaves, and the next one begins again without a retry', async () => {
    await using rig = new RunRig({ tasks: TASK });
    const { work, begun } = endless();
    const first = await rig.open(undefined, 'drive', host(work));
    await approve(first);
    await begun;
    await first.dispose();
    const second = await rig.open(first.ref, 'drive', host(writes));
    await second.atRest();
    assertEnded(second, 'merged');
    assert.deepEqual(failuresOf(second.state, 'a'), ['interrupted']);
    assert.equal(taskOf(second.state, 'a').retries, 0);
  });

  it('is waited for by a driver that does not have it, after all that can be done without', async () => {
    await using rig = new RunRig({
      tasks: `${TASK}  - { id: b, title: B, wave: 1, agent: shell, run: echo b > b.txt, scope: [b.txt] }\n`,
    });
    const first = await rig.open();
    await approve(first);
    await first.atRest();
    const [waits] = attention(first.state);
    assert.equal(waits?.kind, 'paused');
    assert.match(waits?.text ?? '', /"A" needs the agent "editor", which only an editor has/);
    assert.equal(taskOf(first.state, 'a').attempts.length, 0);
    assert.equal(taskOf(first.state, 'b').settled?.kind, 'done');
    await first.dispose();
    const second = await rig.open(first.ref, 'drive', host(writes));
    await order(second, { type: 'resume' });
    await second.atRest();
    assertEnded(second, 'merged');
  });

  it('runs commands in the worktree and leaves none of their processes', async () => {
    await using rig = new RunRig({ tasks: TASK });
    let said: Awaited<ReturnType<HostedAttempt['command']>> | undefined;
    const work: HostedWork = async (attempt) => {
      said = await attempt.command('pwd; sleep 600 & echo a > a.txt; exit 3');
      return done;
    };
    const session = await rig.open(undefined, 'drive', host(work));
    await approve(session);
    await session.atRest();
    assertEnded(session, 'merged');
    assert.deepEqual(said, { code: 3, output: `${taskOf(session.state, 'a').attempts[0]?.path}\n` });
    assert.deepEqual(await processesOf([session.ref.run]), []);
  });

  it('takes its running command with it when it is cancelled', async () => {
    await using rig = new RunRig({ tasks: TASK });
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const work: HostedWork = async (attempt) => {
      const command = attempt.command('trap "" TERM; sleep 600; sleep 600');
      begin();
      await command;
      return done;
    };
    const session = await rig.open(undefined, 'drive', host(work));
    await approve(session);
    await begun;
    await order(session, { type: 'cancel' });
    await session.atRest();
    assertEnded(session, 'cancelled');
  });
});
