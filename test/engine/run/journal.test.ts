import { strict as assert } from 'node:assert';
import { appendFileSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { JournalWriter } from '../../../src/engine/journal/journal-writer.ts';
import { openSession } from '../../../src/engine/open-session.ts';
import { readJournal } from '../../../src/engine/journal/journal-reader.ts';
import { runsFolder } from '../../../src/engine/places.ts';
import { createRun, listRuns, prepareRun } from '../../../src/engine/runs.ts';
import type { RunRef } from '../../../src/engine/session.ts';
import { openRepository } from '../../../src/git/repository.ts';
import { describe as say } from '../../../src/model/failure.ts';
import { attention } from '../../../src/model/run/view.ts';
import { ownIdentity } from '../../../src/process/identity.ts';
import { approve, assertEnded, order, PLAN, RUNNER, RunRig, value } from '../../rig/run.ts';

const TASK = '  - { id: a, title: A, scope: [a.txt], run: "echo a > a.txt" }\n';
const MANUAL = '  - { id: a, title: A, agent: manual }\n';

const segment = ({ folder }: RunRef, epoch: number): string => join(folder, `journal.${epoch}.jsonl`);

/** A run that had two writers and waits for its approval. */
async function waiting(rig: RunRig): Promise<RunRef> {
  const ref = await rig.create();
  await (await rig.open(ref)).dispose();
  return ref;
}

async function refusedWith(ref: RunRef, words: RegExp): Promise<void> {
  const opened = await openSession(ref, { by: 'cli', runner: RUNNER, as: 'drive' });
  assert.ok(!opened.ok, 'it opened');
  assert.match(say(opened.failure), words);
}

async function goesOn(rig: RunRig, ref: RunRef): Promise<readonly string[]> {
  const session = await rig.open(ref);
  await approve(session);
  await session.atRest();
  assertEnded(session, 'merged');
  return session.findings;
}

describe('a journal', () => {
  it('that cannot be begun is a failure with its place, however it resists', async () => {
    await using rig = new RunRig({ tasks: TASK });
    const repository = value(await openRepository(rig.root));
    const prepared = value(await prepareRun(repository, { planFile: PLAN }));
    writeFileSync(runsFolder(repository), 'in the way');
    const made = await createRun(repository, prepared, 'cli');
    assert.deepEqual([made.ok, !made.ok && made.failure.kind], [false, 'io']);
  });

  it('cut in the middle of its last line is read without it, and says so', async () => {
    await using rig = new RunRig({ tasks: TASK });
    const ref = await waiting(rig);
    truncateSync(segment(ref, 2), readFileSync(segment(ref, 2)).length - 9);
    assert.match(
      (await goesOn(rig, ref)).join(),
      /journal\.2\.jsonl: what stands behind byte \d+ was not written whole/,
    );
  });

  it('with zeros at its end is read without them', async () => {
    await using rig = new RunRig({ tasks: TASK });
    const ref = await waiting(rig);
    appendFileSync(segment(ref, 2), Buffer.alloc(4096));
    assert.match((await goesOn(rig, ref)).join(), /journal\.2\.jsonl/);
  });

  it('whose newest segment a power cut left empty goes on after it', async () => {
    await using rig = new RunRig({ tasks: TASK });
    const ref = await waiting(rig);
    writeFileSync(segment(ref, 3), Buffer.alloc(100));
    await goesOn(rig, ref);
    assert.deepEqual(value(await readJournal(ref.folder)).header.predecessor?.epoch, 2);
  });

  it('with garbage in the middle names the place, and a new run can be made', async () => {
    await using rig = new RunRig({ tasks: TASK });
    const ref = await waiting(rig);
    const lines = readFileSync(segment(ref, 1), 'utf8').split('\n');
    writeFileSync(
      segment(ref, 1),
      [lines[0], lines[1]?.replace('run.started', '\u0007"garbage'), lines[2], ''].join('\n'),
    );
    await refusedWith(ref, /journal\.1\.jsonl:2:\d+: this line of the journal is damaged/);
    const next = await rig.create();
    assert.notEqual(next.run, ref.run);
    await goesOn(rig, next);
  });

  it('that is deleted while the run goes on ends it with a word, and nothing is done without it', async () => {
    const line = 'rm ../../.git/orchestrate/runs/*/journal.*; echo a > a.txt';
    await using rig = new RunRig({ tasks: `  - { id: a, title: T, scope: [a.txt], run: "${line}" }\n` });
    const session = await rig.run();
    assert.match(attention(session.state)[0]?.text ?? '', /journal\.\d\.jsonl: the journal was deleted/);
    assert.deepEqual(session.state.merges, []);
  });

  it('whose older segment is shorter than what was read of it names the place', async () => {
    await using rig = new RunRig({ tasks: TASK });
    const ref = await waiting(rig);
    truncateSync(segment(ref, 1), readFileSync(segment(ref, 1)).length - 9);
    await refusedWith(ref, /journal\.1\.jsonl:3:1: this line of the journal is damaged/);
  });

  it('with a segment missing names it', async () => {
    await using rig = new RunRig({ tasks: TASK });
    const ref = await waiting(rig);
    await (await rig.open(ref)).dispose();
    rmSync(segment(ref, 2));
    await refusedWith(ref, /journal\.2\.jsonl cannot be read: it is missing/);
  });

  it('of a newer format is refused', async () => {
    await using rig = new RunRig({ tasks: TASK });
    const ref = await waiting(rig);
    const header = { journal: 2, run: ref.run, something: 'else' };
    writeFileSync(segment(ref, 3), `${JSON.stringify(header)}\n`);
    await refusedWith(ref, /journal\.3\.jsonl was written by a newer Orchestrate \(format 2/);
  });

  it('with an event that makes no sense names the place', async () => {
    await using rig = new RunRig({ tasks: TASK });
    const ref = await waiting(rig);
    const senseless = { at: 1, type: 'attempt.failed', task: 'a', attempt: 7, failure: {}, next: { kind: 'again' } };
    appendFileSync(segment(ref, 2), `${JSON.stringify(senseless)}\n`);
    await refusedWith(ref, /journal\.2\.jsonl:3:1: the journal names attempt 7 of a, which never began/);
  });

  it("that is not there, in an empty folder of a run, is no run and in nobody's way", async () => {
    await using rig = new RunRig({ tasks: TASK });
    const first = await rig.create();
    const runs = dirname(first.folder);
    rmSync(first.folder, { recursive: true });
    mkdirSync(first.folder);
    mkdirSync(join(runs, 'something-else'));
    writeFileSync(join(runs, 'notes.txt'), 'x');
    await refusedWith(first, /the run has no journal/);
    const ref = await rig.create();
    assert.notEqual(ref.run, first.run);
    await goesOn(rig, ref);
    assert.deepEqual(
      (await listRuns(ref.repository)).map(({ run }) => run),
      [ref.run],
    );
  });
});

describe('a writer with a successor', () => {
  it('stops, follows it, and its last order goes to who drives next', async () => {
    await using rig = new RunRig({ tasks: MANUAL });
    const session = await rig.open();
    await approve(session);
    await session.atRest();
    const { header, length, epoch } = value(await readJournal(session.ref.folder));
    const next = value(
      await JournalWriter.claim(session.ref.folder, {
        run: session.ref.run,
        epoch: epoch + 1,
        writer: { ...(await ownIdentity()), by: 'editor' },
        predecessor: { epoch: header.epoch, length },
      }),
    );
    const follows = new Promise<void>((resolve) => session.subscribe(() => session.role === 'follows' && resolve()));
    const paused = order(session, { type: 'pause' });
    await follows;
    assert.equal(session.state.paused, undefined, 'what a fenced writer says does not happen');
    await next?.append([{ at: session.state.at, type: 'writer.released' }]);
    await next?.close();
    await paused;
    assert.equal(session.role, 'drives');
    assert.match(
      attention(session.state)
        .map(({ text }) => text)
        .join(),
      /a person asked for it/,
    );
    const said = value(await readJournal(session.ref.folder)).events.filter(({ type }) => type === 'order.accepted');
    assert.equal(said.length, 2);
  });
});
