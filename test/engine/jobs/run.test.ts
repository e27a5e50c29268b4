import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runnerLog } from '../../../src/process/job-folder.ts';
import { settleJob } from '../../../src/process/job.ts';
import { eventsOf, exitOf, jobBench, rawOf } from './bench.ts';

describe('A job', () => {
  const on = jobBench();

  it('ends with the exit code of its program', async () => {
    const job = on.bench.job({ command: { argv: on.children.argv } });
    const running = await on.bench.start(job);
    await (await on.children.next()).exit(7);
    const exit = exitOf(await running.ended);
    deepEqual([exit.code, exit.signal, exit.strays, exit.stopped], [7, null, 0, undefined]);
    ok(exit.endedAt >= exit.startedAt);
    equal(readFileSync(runnerLog(job.folder), 'utf8'), '');
  });

  it('says which signal ended its program', async () => {
    const running = await on.bench.start(on.bench.job({ command: { argv: on.children.argv } }));
    process.kill((await on.children.next()).pid, 'SIGSEGV');
    equal(exitOf(await running.ended).signal, 'SIGSEGV');
  });

  it('gives a program its arguments as they are, whatever a shell would make of them', async () => {
    const odd = ['$HOME', '`id`', 'a b', "it's", '"', '*', '', ';exit 3'];
    const job = on.bench.job({ command: { argv: ['printf', String.raw`[%s]\n`, ...odd] } });
    equal(exitOf(await (await on.bench.start(job)).ended).code, 0);
    equal(rawOf(job.folder), odd.map((word) => `[${word}]\n`).join(''));
  });

  it('runs a line by the shell', async () => {
    const job = on.bench.job({
      command: { line: 'test "$A" = 1 && echo "a is $A" | tr a-z A-Z; exit 4' },
      env: { A: '1' },
    });
    equal(exitOf(await (await on.bench.start(job)).ended).code, 4);
    equal(rawOf(job.folder), 'A IS 1\n');
  });

  it('has streams that can be opened by their names', async () => {
    const job = on.bench.job({ command: { line: 'echo one > /dev/stderr; echo two > /dev/stdout; echo three >&2' } });
    equal(exitOf(await (await on.bench.start(job)).ended).code, 0);
    deepEqual(rawOf(job.folder).split('\n').toSorted(), ['', 'one', 'three', 'two']);
  });

  it('sends the input and closes it', async () => {
    const running = await on.bench.start(on.bench.job({ command: { argv: on.children.argv }, stdin: 'héllo' }));
    const child = await on.children.next();
    equal(await child.read(), 'héllo');
    await child.exit(0);
    equal(exitOf(await running.ended).code, 0);
  });

  it('does not mind a program that never reads a long input', async () => {
    const running = await on.bench.start(
      on.bench.job({ command: { argv: on.children.argv }, stdin: 'x'.repeat(1_000_000) }),
    );
    await (await on.children.next()).exit(0);
    equal(exitOf(await running.ended).code, 0);
  });

  it('has the environment of the spec, and nothing that belongs to an editor', async () => {
    const job = on.bench.job({ command: { argv: on.children.argv }, env: { ADDED: 'yes', REMOVED: null } });
    const editor = { VSCODE_PID: '1', ELECTRON_RUN_AS_NODE: '1', REMOVED: 'no', NODE_OPTIONS: '--no-warnings' };
    const running = await on.bench.start(job, editor);
    const child = await on.children.next();
    deepEqual(
      ['ADDED', 'REMOVED', 'VSCODE_PID', 'ELECTRON_RUN_AS_NODE', 'NODE_OPTIONS', 'ORCHESTRATE_JOB'].map(
        (name) => child.env[name],
      ),
      ['yes', undefined, undefined, undefined, '--no-warnings', job.spec.job],
    );
    await child.exit(0);
    await running.ended;
  });

  it('reads output that is split in the middle of a character', async () => {
    const job = on.bench.job({ command: { argv: on.children.argv }, agent: 'shell' });
    const running = await on.bench.start(job);
    const child = await on.children.next();
    const bytes = Buffer.from('grüße 🚢\r\nlast, without a newline');
    for (const byte of bytes) await child.write(Buffer.of(byte));
    await child.write('to stderr\n', 'stderr');
    await child.exit(0);
    const exit = exitOf(await running.ended);
    deepEqual(
      eventsOf(job.folder).toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
      [
        { type: 'output', stream: 'stderr', text: 'to stderr' },
        { type: 'output', stream: 'stdout', text: 'grüße 🚢' },
        { type: 'output', stream: 'stdout', text: 'last, without a newline' },
      ],
    );
    equal(exit.bytes, bytes.length + 10);
    deepEqual(exit.agent, { kind: 'succeeded', summary: 'last, without a newline' });
  });

  it('keeps the beginning of a flood, counts the rest, and still reads its end', async () => {
    const job = on.bench.job({ command: { argv: on.children.argv }, agent: 'shell', outputLimit: 10_000 });
    const running = await on.bench.start(job);
    const child = await on.children.next();
    await child.flood(3_000_000);
    await child.write('the end\n');
    await child.exit(0);
    const exit = exitOf(await running.ended);
    deepEqual([exit.bytes, exit.dropped, rawOf(job.folder).length], [3_000_008, 2_990_008, 10_000]);
    equal(exit.agent?.summary, 'the end');
  });

  it('says so when the program cannot be found, without having started anything', async () => {
    const job = on.bench.job({ command: { argv: ['no-such-program'] } });
    match(exitOf(await (await on.bench.start(job)).ended).spawnError ?? '', /no-such-program: not found/);
  });

  it('says so when its folder to work in is missing', async () => {
    const job = on.bench.job({ command: { argv: ['true'] }, cwd: join(on.bench.root, 'absent') });
    match(exitOf(await (await on.bench.start(job)).ended).spawnError ?? '', /absent is not a folder/);
  });

  it('is refused by a runner of another protocol', async () => {
    const job = on.bench.job({ command: { argv: ['touch', 'started'] }, protocol: 99 });
    match(exitOf(await (await on.bench.start(job)).ended).spawnError ?? '', /protocol/);
    ok(!existsSync(join(on.bench.root, 'started')));
  });

  it('is settled again and again to the same end', async () => {
    const job = on.bench.job({ command: { line: 'exit 5' } });
    const end = await (await on.bench.start(job)).ended;
    deepEqual(await settleJob(job.folder, job.spec.job), { kind: 'ended', end });
    deepEqual(await settleJob(job.folder, job.spec.job), { kind: 'ended', end });
  });

  it('evidence of a failed shell task are its last lines', async () => {
    const job = on.bench.job({
      command: { line: 'seq 1 50; echo "\u001B[31mbroken\u001B[0m" >&2; exit 1' },
      agent: 'shell',
    });
    const { agent } = exitOf(await (await on.bench.start(job)).ended);
    ok(agent?.kind === 'failed' && agent.type === 'fixable');
    match(agent.message, /exited with 1\.\n(\d+\n)+/);
    match(agent.message, /broken/);
    ok(!agent.message.includes('\u001B'));
  });
});
