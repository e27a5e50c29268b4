import { deepEqual, equal, ok } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ordersFolder, readClaim } from '../../../src/process/job-folder.ts';
import type { RunningJob } from '../../../src/process/follow.ts';
import { sendOrder } from '../../../src/process/job.ts';
import { STUB } from '../../../src/runner/program.ts';
import type { Child } from '../../rig/children.ts';
import { exitOf, jobBench, ledgerOf } from './bench.ts';

describe('Stopping a job', () => {
  const on = jobBench();

  /** A running job with its first process. */
  async function running(parts: { grace?: number } = {}): Promise<{
    folder: string;
    job: RunningJob;
    child: Child;
  }> {
    const { folder, spec } = on.bench.job({ command: { argv: on.children.argv }, ...parts });
    const job = await on.bench.start({ folder, spec });
    return { folder, job, child: await on.children.next() };
  }

  it('ends a polite program by a polite signal, long before the grace is over', async () => {
    const { folder, job } = await running({ grace: 600_000 });
    await cancel(folder);
    const exit = exitOf(await job.ended);
    deepEqual([exit.stopped, exit.signal], ['cancelled', 'SIGTERM']);
    deepEqual(
      readdirSync(ordersFolder(folder)).map((name) => name.split('.').pop()),
      ['applied'],
    );
  });

  it('kills a program that ignores the polite signal, after the grace', async () => {
    const { folder, job, child } = await running({ grace: 50 });
    await child.ignore('SIGTERM');
    await cancel(folder);
    const exit = exitOf(await job.ended);
    deepEqual([exit.stopped, exit.signal], ['cancelled', 'SIGKILL']);
  });

  it('reaches a process that left for a session of its own and ignores the signal', async () => {
    const { folder, job, child } = await running({ grace: 50 });
    await child.fork({ detached: true });
    const stray = await on.children.next();
    await stray.ignore('SIGTERM');
    await cancel(folder);
    equal(exitOf(await job.ended).stopped, 'cancelled');
    equal(await stray.isAlive(), false);
    equal(await child.isAlive(), false);
    equal(ledgerOf(folder).length, 2);
  });

  it('reaches a process that left its session and wiped its environment, because its parent is known', async () => {
    const { folder, job, child } = await running({ grace: 50 });
    await child.fork({ detached: true, clean: true });
    const stray = await on.children.next();
    await cancel(folder);
    await job.ended;
    equal(await stray.isAlive(), false);
  });

  it('is refused when the order comes from an older epoch', async () => {
    const { folder, job, child } = await running();
    await cancel(folder, 0);
    const claim = readClaim(folder);
    ok(claim?.kind === 'runner');
    await child.write('still here');
    await child.exit(0);
    deepEqual([exitOf(await job.ended).stopped, await child.isAlive()], [undefined, false]);
    deepEqual(
      readdirSync(ordersFolder(folder)).map((name) => name.split('.').pop()),
      ['refused'],
    );
  });

  it('happens before the program starts when the order lies there first', async () => {
    const job = on.bench.job({ command: { argv: on.children.argv } });
    const before = on.children.count;
    await cancel(job.folder);
    const exit = exitOf(await (await on.bench.start(job)).ended);
    deepEqual([exit.stopped, exit.code, on.children.count], ['cancelled', null, before]);
  });

  it('happens by itself when the time is over, and says so', async () => {
    const command = { line: 'setsid sleep 1000 & trap "" TERM; sleep 1000; sleep 1000' };
    const { folder, spec } = on.bench.job({ command, timeout: 300, grace: 50 });
    const exit = exitOf(await (await on.bench.start({ folder, spec })).ended);
    deepEqual([exit.stopped, exit.signal], ['timedOut', 'SIGKILL']);
    deepEqual(await on.bench.leftovers(), []);
  });

  it('takes a signal to the runner for a cancel, and a closed terminal for nothing', async () => {
    const { folder, job } = await running();
    const claim = readClaim(folder);
    ok(claim?.kind === 'runner');
    process.kill(claim.pid, 'SIGHUP');
    process.kill(claim.pid, 'SIGINT');
    process.kill(claim.pid, 'SIGTERM');
    equal(exitOf(await job.ended).stopped, 'cancelled');
  });

  it('an ended program takes along what it left running, in its group and out of it', async () => {
    const { folder, job, child } = await running({ grace: 50 });
    await child.fork();
    const near = await on.children.next();
    await child.fork({ detached: true });
    const far = await on.children.next();
    await far.ignore('SIGTERM');
    await child.exit(0);
    const exit = exitOf(await job.ended);
    deepEqual([exit.code, exit.strays, exit.stopped], [0, 2, undefined]);
    deepEqual([await near.isAlive(), await far.isAlive()], [false, false]);
    equal(ledgerOf(folder).length, 3);
  });

  it('a line that leaves a job in the background is no different', async () => {
    const { folder, spec } = on.bench.job({
      command: { line: `PLACE=behind ${on.children.line} & PLACE=front ${on.children.line}; exit 6` },
    });
    const job = await on.bench.start({ folder, spec });
    const both = [await on.children.next(), await on.children.next()];
    await both.find(({ env }) => env['PLACE'] === 'front')?.exit(1);
    const exit = exitOf(await job.ended);
    deepEqual([exit.code, exit.strays], [6, 1]);
    for (const child of both) equal(await child.isAlive(), false);
  });

  it('a program that was never let go ends with the pipe it waits at', async () => {
    const mark = join(on.bench.root, 'let-go');
    const stub = spawn('/bin/sh', ['-c', STUB, 'sh', 'touch', mark], {
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
    });
    const ended = once(stub, 'exit');
    const gate = stub.stdio[3];
    ok(gate && 'destroy' in gate);
    gate.destroy();
    equal((await ended)[0], 1);
    ok(!existsSync(mark));
  });
});

const cancel = (folder: string, epoch = 1): Promise<unknown> =>
  sendOrder(folder, { id: `o${epoch}`, epoch, kind: 'cancel' });
