import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobEnd, JobSpec } from '../../../src/model/run/job.ts';
import { claimFile, exitFile, readClaim, scratchFolder } from '../../../src/process/job-folder.ts';
import { isAlive, ownIdentity } from '../../../src/process/identity.ts';
import type { RunningJob } from '../../../src/process/follow.ts';
import { settleJob, startJob } from '../../../src/process/job.ts';
import { exitOf, jobBench, ledgerOf } from './bench.ts';

describe('Death around a job', () => {
  const on = jobBench();

  it('of the engine: the job goes on, is adopted, and ends for whoever watches', async () => {
    const job = on.bench.job({ command: { argv: on.children.argv } });
    const first = await on.bench.start(job);
    const child = await on.children.next();
    first.dispose();
    const second = await adopt(job);
    const third = await adopt(job);
    await child.exit(3);
    equal(exitOf(await second.ended).code, 3);
    deepEqual(await third.ended, await second.ended);
  });

  it('of the engine and then of the job: an end that nobody saw is found later', async () => {
    const job = on.bench.job({ command: { argv: on.children.argv } });
    const first = await on.bench.start(job);
    const child = await on.children.next();
    const witness = await adopt(job);
    first.dispose();
    await child.exit(0);
    await witness.ended;
    const settled = await settleJob(job.folder, job.spec.job);
    ok(settled.kind === 'ended');
    equal(exitOf(settled.end).code, 0);
  });

  it('of the runner: the job is interrupted and no process of it is left', async () => {
    const job = on.bench.job({ command: { argv: on.children.argv } });
    const running = await on.bench.start(job);
    const child = await on.children.next();
    await child.fork({ detached: true });
    const stray = await on.children.next();
    process.kill(await runnerOf(job.folder), 'SIGKILL');
    match(reasonOf(await running.ended), /the runner died .* 2 processes/);
    deepEqual([await child.isAlive(), await stray.isAlive()], [false, false]);
  });

  it('of the runner leaves no temporary folder behind either', async () => {
    const job = on.bench.job({ command: { argv: on.children.argv }, agent: 'claude' });
    const running = await on.bench.start(job);
    const { env } = await on.children.next();
    equal(env['TMPDIR'], scratchFolder(job.folder));
    ok(existsSync(scratchFolder(job.folder)));
    process.kill(await runnerOf(job.folder), 'SIGKILL');
    equal((await running.ended).kind, 'interrupted');
    ok(!existsSync(scratchFolder(job.folder)));
  });

  it('of a runner in whose folder nothing can be written any more: the job is over', async () => {
    const job = on.bench.job({ command: { argv: on.children.argv } });
    const runner = `${job.folder}.cjs`;
    writeFileSync(
      runner,
      "const [, , at] = process.argv, fs = require('fs'); fs.rmSync(at, { recursive: true }); fs.writeFileSync(at, '');",
    );
    const started = await startJob(job.folder, job.spec, { runner });
    ok(started.ok);
    match(reasonOf(await started.value.ended), /did not start/);
    deepEqual((await settleJob(job.folder, job.spec.job)).kind, 'unsettled');
  });

  it('of the runner, seen by an engine that adopted it', async () => {
    const job = on.bench.job({ command: { argv: on.children.argv } });
    (await on.bench.start(job)).dispose();
    const child = await on.children.next();
    const adopted = await adopt(job);
    process.kill(await runnerOf(job.folder), 'SIGKILL');
    match(reasonOf(await adopted.ended), /the runner died/);
    equal(await child.isAlive(), false);
    const again = await settleJob(job.folder, job.spec.job);
    ok(again.kind === 'ended' && again.end.kind === 'interrupted');
  });

  it('of the runner while an engine is just connecting is not missed', async () => {
    for (let round = 0; round < 5; round += 1) {
      const job = on.bench.job({ command: { argv: on.children.argv } });
      (await on.bench.start(job)).dispose();
      const child = await on.children.next();
      const runner = await runnerOf(job.folder);
      const settling = settleJob(job.folder, job.spec.job);
      process.kill(runner, 'SIGKILL');
      const settled = await settling;
      const end = settled.kind === 'running' ? await settled.job.ended : settled.kind === 'ended' && settled.end;
      ok(end && end.kind === 'interrupted');
      equal(await child.isAlive(), false);
    }
  });

  it('a folder nobody claimed is given up, and a runner that comes late does nothing', async () => {
    const job = on.bench.job({ command: { argv: ['touch', 'late'] } });
    deepEqual(await settleJob(job.folder, job.spec.job), { kind: 'notStarted' });
    deepEqual(await settleJob(job.folder, job.spec.job), { kind: 'notStarted' });
    const end = await (await on.bench.start(job)).ended;
    match(reasonOf(end), /did not start/);
    ok(!existsSync(join(on.bench.root, 'late')));
  });

  it('two runners for one folder: one runs the program, both engines see its end', async () => {
    const job = on.bench.job({ command: { argv: on.children.argv } });
    const before = on.children.count;
    const both = await Promise.all([on.bench.start(job), on.bench.start(job)]);
    const child = await on.children.next();
    await child.exit(9);
    const codes = (await Promise.all(both.map(({ ended }) => ended))).map((end) => exitOf(end).code);
    deepEqual([codes, on.children.count - before], [[9, 9], 1]);
  });

  it('a runner and an engine that both want the folder: exactly one gets it', async () => {
    for (let round = 0; round < 5; round += 1) {
      const job = on.bench.job({ command: { argv: ['touch', `raced-${round}`] } });
      const running = await on.bench.start(job);
      const settled = await settleJob(job.folder, job.spec.job);
      const end = await running.ended;
      const started = existsSync(join(on.bench.root, `raced-${round}`));
      deepEqual([end.kind, started], settled.kind === 'notStarted' ? ['interrupted', false] : ['exited', true]);
      if (settled.kind === 'running') settled.job.dispose();
    }
  });

  it('an exit file that is half written counts as none', async () => {
    const job = on.bench.job({ command: { argv: ['true'] } });
    mkdirSync(job.folder);
    writeFileSync(exitFile(job.folder), '{"code": 0, "endedAt"');
    deepEqual(await settleJob(job.folder, job.spec.job), { kind: 'notStarted' });
  });

  it('a runner of another boot is dead; of another host or container nobody knows', async () => {
    const own = await ownIdentity();
    equal(await isAlive(own), 'alive');
    equal(await isAlive({ ...own, started: '1' }), 'dead');
    equal(await isAlive({ ...own, boot: 'another' }), 'dead');
    equal(await isAlive({ ...own, host: 'another' }), 'unknown');
    equal(await isAlive({ ...own, namespace: 'another' }), 'unknown');
    for (const [change, unproven] of [
      [{ boot: 'another' }, undefined],
      [{ host: 'another' }, true],
    ] as const) {
      const job = on.bench.job({ command: { argv: ['true'] } });
      mkdirSync(job.folder);
      writeFileSync(claimFile(job.folder), JSON.stringify({ kind: 'runner', pulse: '\0nobody', ...own, ...change }));
      const settled = await settleJob(job.folder, job.spec.job);
      ok(settled.kind === 'ended' && settled.end.kind === 'interrupted');
      equal(settled.end.unproven, unproven);
    }
  });

  it('a runner that cannot even be started leaves an end that says why', async () => {
    const job = on.bench.job({ command: { argv: ['true'] } });
    const started = await startJob(job.folder, job.spec, {
      runner: join(on.bench.root, 'absent.cjs'),
      node: process.execPath,
    });
    ok(started.ok);
    match(reasonOf(await started.value.ended), /did not start: it ended with 1/);
  });

  // What is true after the runner dies at each point: was the program let go, and what is the end?
  const points: [point: string, end: RegExp, program: 'never' | 'may' | 'ran'][] = [
    ['claim.before', /did not start/, 'never'],
    ['claim.after', /the runner died/, 'never'],
    ['spawn.before', /the runner died/, 'never'],
    ['spawn.after', /the runner died/, 'never'],
    ['ledger.after', /the runner died/, 'never'],
    ['byte.after', /the runner died/, 'may'],
    ['exit.before', /the runner died/, 'ran'],
    ['exit.after', /exited: .*"code":0/, 'ran'],
  ];
  for (const [point, end, program] of points) {
    it(`of the runner at ${point}: the program ${program === 'ran' ? 'has run' : `${program} have started`}, and nothing is left`, async () => {
      const mark = join(on.bench.root, point);
      const job = on.bench.job({
        command: { line: `echo > '${mark}'; ${program === 'ran' ? '' : 'exec sleep 1000'}` },
      });
      const running = await on.bench.start(job, { ORCHESTRATE_FAULT: `runner/${point}` });
      match(reasonOf(await running.ended), end);
      if (program !== 'may') equal(existsSync(mark), program === 'ran');
      equal(
        ledgerOf(job.folder).length,
        ['ledger.after', 'byte.after', 'exit.before', 'exit.after'].includes(point) ? 1 : 0,
      );
      deepEqual(await on.bench.leftovers(), []);
    });
  }
});

async function runnerOf(folder: string): Promise<number> {
  const claim = readClaim(folder);
  ok(claim?.kind === 'runner');
  return claim.pid;
}

/** What a second engine finds. */
async function adopt({ folder, spec }: { folder: string; spec: JobSpec }): Promise<RunningJob> {
  const settled = await settleJob(folder, spec.job);
  ok(settled.kind === 'running');
  return settled.job;
}

const reasonOf = (end: JobEnd): string =>
  end.kind === 'interrupted' ? end.reason : `exited: ${JSON.stringify(end.exit)}`;
