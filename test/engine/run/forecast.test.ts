import { strict as assert } from 'node:assert';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Event } from '../../../src/model/run/event.ts';
import { type Attempt, latest } from '../../../src/model/run/state.ts';
import type { RunSession } from '../../../src/engine/session.ts';
import { Narrator } from '../../../src/cli/shown/narrator.ts';
import { approve, assertEnded, eventOf, order, RunRig, taskOf } from '../../rig/run.ts';

/** Speaks as codex does: changes x.txt at once, and works until the file `go` lies beside the repository. */
const PROGRAM = String.raw`
const fs = require('node:fs'), path = require('node:path');
const go = path.resolve('../../go');
const say = (event) => console.log(JSON.stringify(event));
say({ type: 'thread.started', thread_id: 't-1' });
fs.writeFileSync('x.txt', 'mine\n');
fs.writeFileSync('mine.txt', 'mine\n');
const end = () => say({ type: 'turn.completed', usage: { input_tokens: 1, output_tokens: 1 } });
const look = () => { if (fs.existsSync(go)) { watcher.close(); end(); } };
const watcher = fs.watch(path.dirname(go), look);
look();
`;

const files = {
  tasks: `  - { id: a, title: A, wave: 1, agent: codex }
  - { id: b, title: B, wave: 1, agent: manual }
`,
  config: `agents: { codex: { command: [${process.execPath}, program.cjs] } }\n`,
  files: { 'program.cjs': PROGRAM, 'x.txt': 'one\n' },
};

const attemptOf = ({ state }: RunSession, id: string): Attempt =>
  latest(taskOf(state, id)) ?? assert.fail('no attempt');

/** Both are at work, and the agent has changed its files. */
async function begun(rig: RunRig): Promise<RunSession> {
  const session = await rig.open();
  const handed = eventOf(session, ({ type }) => type === 'attempt.handed');
  const started = eventOf(session, (event) => event.type === 'job.intended');
  await approve(session);
  await Promise.all([handed, started]);
  const file = join(attemptOf(session, 'a').path ?? '', 'mine.txt');
  while (!existsSync(file)) await new Promise(setImmediate);
  return session;
}

describe('a result beside an agent at work', () => {
  it('is seen to conflict with what it has made so far, while it still works', async () => {
    await using rig = new RunRig(files);
    const session = await begun(rig);
    writeFileSync(join(attemptOf(session, 'b').path ?? '', 'x.txt'), 'theirs\n');
    const foreseen = eventOf(session, ({ type }) => type === 'conflict.foreseen');
    const replied = eventOf(session, ({ type }) => type === 'steer.replied');
    await order(session, { type: 'done', task: 'b' });
    const event = (await foreseen) as Event & { type: 'conflict.foreseen' };
    assert.deepEqual([event.task, event.conflicts.map(({ task, paths }) => [task, paths])], ['a', [['b', ['x.txt']]]]);
    assert.match(event.text, /^- "B" in x\.txt \(commit [0-9a-f]{12}\)$/m);
    assert.equal(new Narrator().tell(event, session.state), 'a: would not merge with b (x.txt)');
    assert.equal(attemptOf(session, 'a').foreseen.length, 1);
    await replied;
    assert.deepEqual(attemptOf(session, 'a').messages, [], 'no further turn is begun for it');
    writeFileSync(join(rig.root, 'go'), '');
    await session.atRest();
    assertEnded(session, 'merged');
    assert.equal(rig.merged(session, 'x.txt'), 'mine\n');
    assert.equal(taskOf(session.state, 'a').attempts.length, 2);
  });

  it('goes together with it where they changed different things, and nobody is warned', async () => {
    await using rig = new RunRig(files);
    const session = await begun(rig);
    writeFileSync(join(attemptOf(session, 'b').path ?? '', 'other.txt'), 'theirs\n');
    const made = eventOf(session, ({ type }) => type === 'forecast.made');
    await order(session, { type: 'done', task: 'b' });
    const { conflicts } = (await made) as Event & { type: 'forecast.made' };
    assert.deepEqual(conflicts, []);
    writeFileSync(join(rig.root, 'go'), '');
    await session.atRest();
    assertEnded(session, 'merged');
    assert.equal(taskOf(session.state, 'a').attempts.length, 1);
  });
});
