import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { RunSession } from '../../../src/engine/session.ts';
import type { Event } from '../../../src/model/run/event.ts';
import { attention, rest } from '../../../src/model/run/view.ts';
import { type Child, Children } from '../../rig/children.ts';
import { approve, assertEnded, CLI, failuresOf, order, RunRig, settled, taskOf } from '../../rig/run.ts';

/** The last line of Claude Code, and one in the middle of its work. */
const result = (more: object): string =>
  `${JSON.stringify({ type: 'result', subtype: 'success', is_error: false, result: 'Done.', session_id: 's', ...more })}\n`;
const answer = (inputTokens: number): string =>
  `${JSON.stringify({ type: 'assistant', message: { id: 'm', content: [], usage: { input_tokens: inputTokens, output_tokens: 0 } } })}\n`;

describe('What an agent may use', () => {
  let children: Children;
  beforeEach(async () => {
    children = await Children.open();
  });
  afterEach(() => children.close());

  /** Each task is done by a child that speaks as claude does, whenever the test lets it. */
  const rigOf = (tasks: readonly string[], limits: object): RunRig =>
    new RunRig({
      tasks: tasks.map((id) => `  - { id: ${id}, title: ${id}, agent: claude, scope: [${id}.txt] }\n`).join(''),
      config: JSON.stringify({ mode: 'continuous', agents: { claude: { command: children.argv } }, limits }),
    });

  /** A worktree's folder is named after its task. */
  const taskIn = ({ cwd }: Child): string => basename(cwd).split('-', 1)[0] ?? '';

  async function finish(child: Child, more: object = {}): Promise<void> {
    const task = taskIn(child);
    writeFileSync(join(child.cwd, `${task}.txt`), `${task}\n`);
    await child.write(result(more));
    await child.exit(0);
  }

  async function meetLimit(child: Child, resetAt: number): Promise<void> {
    await child.write(result({ is_error: true, result: `Claude AI usage limit reached|${Math.ceil(resetAt / 1000)}` }));
    await child.exit(1);
  }

  const begun = (events: readonly Event[]): string[] =>
    events.flatMap((event) => (event.type === 'worktree.intended' ? [`${event.task}:${event.attempt}`] : []));

  const status = async ({ root }: RunRig): Promise<string> =>
    (await promisify(execFile)(process.execPath, [CLI, 'status'], { cwd: root })).stdout;

  async function started(rig: RunRig): Promise<{ session: RunSession; events: Event[] }> {
    const session = await rig.open();
    const events: Event[] = [];
    session.subscribe((change) => events.push(...change.events));
    await approve(session);
    return { session, events };
  }

  it('used up, begins nothing new until the reset; what runs goes on, the run goes on by itself, and no retry is spent', async () => {
    await using rig = rigOf(['a', 'b', 'c'], { agents: 2 });
    const { session, events } = await started(rig);
    const [first, second] = [await children.next(), await children.next()];
    const resetAt = Date.now() + 4000;
    await meetLimit(first, resetAt);
    const { until, known } = await settled(session, ({ breakers }) => breakers.get('claude'));
    assert.ok(known && until >= resetAt && until < resetAt + 1001, `${until - resetAt}`);
    await finish(second);
    await Promise.all([finish(await children.next()), finish(await children.next())]);
    await session.atRest();
    assertEnded(session, 'merged');
    const met = taskOf(session.state, taskIn(first));
    assert.deepEqual([met.attempts.length, met.retries, children.count], [2, 0, 4]);
    assert.equal(taskOf(session.state, taskIn(second)).attempts.length, 1);
    const opened = events.findIndex(({ type }) => type === 'breaker.opened');
    const closed = events.findIndex(({ type }) => type === 'breaker.closed');
    assert.deepEqual(begun(events.slice(opened, closed)), [], 'nothing is begun while it is open');
    assert.ok((events[closed]?.at ?? 0) >= until);
  });

  it('used up for long, says so with the time, and is tried at once when a person wants it', async () => {
    await using rig = rigOf(['a'], {});
    const { session } = await started(rig);
    await meetLimit(await children.next(), Date.now() + 3_600_000);
    await settled(session, ({ breakers }) => breakers.get('claude'));
    const shown = await status(rig);
    // In the last hour of a day it is tomorrow, and then the date is told.
    assert.match(shown, /claude: usage limit until (\d{4}-\d\d-\d\d )?\d\d:\d\d/);
    assert.match(shown, /tries again .*waits for claude until (\d{4}-\d\d-\d\d )?\d\d:\d\d/);
    assert.deepEqual([rest(session.state), attention(session.state)], ['working', []]);
    await order(session, { type: 'resume' });
    await finish(await children.next());
    await session.atRest();
    assertEnded(session, 'merged');
    assert.equal(taskOf(session.state, 'a').retries, 0);
  });

  it('in the whole run stops it with a word, and it goes on once a person grants more', async () => {
    await using rig = rigOf(['a', 'b'], { agents: 1, budget: { run: { usd: 1 } } });
    const { session } = await started(rig);
    await finish(await children.next(), { total_cost_usd: 1.5, usage: { input_tokens: 1000, output_tokens: 200 } });
    const asked = await settled(session, (state) => attention(state).find(({ kind }) => kind === 'budget'));
    assert.match(asked.text, /^The run spent its budget: \$1\.50, 1200 tokens of \$1\.00\./);
    assert.match(await status(rig), /spent \$1\.50, 1200 tokens of \$1\.00/);
    assert.equal(children.count, 1);
    await order(session, { type: 'answer', question: asked.id, choice: 'raise' });
    await finish(await children.next(), { total_cost_usd: 0.1 });
    await session.atRest();
    assertEnded(session, 'merged');
  });

  it('for a task ends its agent in the middle, asks a person, and is there again when they say so', async () => {
    await using rig = rigOf(['a'], { budget: { task: { tokens: 1000 } } });
    const { session } = await started(rig);
    const child = await children.next();
    // It may be ended before it has said that it wrote.
    await Promise.race([child.write(answer(1500)), child.gone]);
    await child.gone;
    const asked = await settled(session, (state) => attention(state).find(({ kind }) => kind === 'escalated'));
    assert.deepEqual(failuresOf(session.state, 'a'), ['budget']);
    assert.match(asked.text, /^"a" spent its budget \(1500 tokens of 1000 tokens\)$/);
    await order(session, { type: 'answer', question: asked.id, choice: 'retry' });
    await finish(await children.next());
    await session.atRest();
    assertEnded(session, 'merged');
  });
});
