import { strict as assert } from 'node:assert';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { join, resolve } from 'node:path';
import { readJournal } from '../../../src/engine/journal/journal-reader.ts';
import type { RunRef } from '../../../src/engine/session.ts';
import { isIntent } from '../../../src/model/run/event.ts';
import { CLI, RUNNER, RunRig, value } from '../../rig/run.ts';
import { START, startsIn } from '../../rig/starts.ts';

const ROUNDS = 100;
const TASK = `  - { id: a, title: A, scope: [a.txt], run: ${JSON.stringify(`${START}; echo $ORCHESTRATE_RUN > a.txt`)} }\n`;

/** A process that opens a session on each run it is told of, and says how that goes. */
class Engine {
  readonly #child: ChildProcess;
  readonly #lines: NodeJS.AsyncIterator<string, undefined>;

  constructor() {
    this.#child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', SCRIPT], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
  }

  async ask(order: object): Promise<string> {
    this.#child.stdin?.write(`${JSON.stringify(order)}\n`);
    const { value: line } = await this.#lines.next();
    return line ?? 'it is gone';
  }

  async close(): Promise<void> {
    const gone = new Promise((done) => this.#child.once('exit', done));
    this.#child.stdin?.end();
    await gone;
  }
}

const url = (path: string): string => JSON.stringify(pathToFileURL(resolve(path)).href);
const SCRIPT = `
import { createInterface } from 'node:readline';
import { openSession } from ${url('src/engine/open-session.ts')};
import { openRepository } from ${url('src/git/repository.ts')};
let session;
for await (const line of createInterface({ input: process.stdin })) {
  const { root, run, folder, approve } = JSON.parse(line);
  if (root) {
    const repository = (await openRepository(root)).value;
    const opened = await openSession({ repository, run, folder }, { by: 'cli', as: 'drive', runner: ${JSON.stringify(RUNNER)} });
    session = opened.value;
    console.log(session ? session.role : JSON.stringify(opened.failure));
  } else {
    if (approve) await session.order({ type: 'approve', planHash: session.state.planHash });
    if (!session.state.ended) await new Promise((ended) => session.subscribe(({ state }) => state.ended && ended()));
    const { outcome } = session.state.ended;
    // First to the end: until then the plan's states may still be written back.
    await session.dispose();
    console.log(outcome);
  }
}
`;

/** Nothing is intended, ordered or ended twice. */
async function assertOneStory(ref: RunRef): Promise<void> {
  const { events } = value(await readJournal(ref.folder));
  const told = events.map((event) => {
    if (isIntent(event)) return `intent ${event.intent}`;
    return 'intent' in event ? `outcome ${event.intent}` : 'order' in event ? `order ${event.order.type}` : event.type;
  });
  const each = told.filter((line) => line !== 'writer.released');
  assert.equal(new Set(each).size, each.length, each.join('\n'));
}

describe('two engines started at once', () => {
  it(`on one run, ${ROUNDS} times: one drives, the other follows, nothing runs twice`, async function () {
    this.timeout(600_000);
    await using rig = new RunRig({ tasks: TASK });
    const engines = [new Engine(), new Engine()] as const;
    for (let round = 1; round <= ROUNDS; round += 1) {
      // The run before wrote into it that its task is done.
      rig.repository.git('checkout', '--quiet', '--', 'docs');
      const ref = await rig.create();
      const { run, folder } = ref;
      const roles = await Promise.all(engines.map((engine) => engine.ask({ root: rig.root, run, folder })));
      assert.deepEqual(roles.toSorted(), ['drives', 'follows'], `round ${round}`);
      const [one, other] = round % 2 ? engines : engines.toReversed();
      const ends = await Promise.all([one?.ask({ approve: true }), other?.ask({})]);
      assert.deepEqual(ends, ['merged', 'merged'], `round ${round}`);
      await assertOneStory(ref);
      assert.deepEqual(startsIn(rig.root), { a: round });
    }
    await Promise.all(engines.map((engine) => engine.close()));
  });

  it('from the command line make one run of it', async () => {
    // Where one began after the others had ended, it would be another run.
    const held = `${START}; while [ ! -e $(git rev-parse --git-common-dir)/go ]; do sleep 0.1; done; echo a > a.txt`;
    await using rig = new RunRig({ tasks: `  - { id: a, title: A, scope: [a.txt], run: ${JSON.stringify(held)} }\n` });
    const programs = [0, 1, 2].map(() =>
      spawn(process.execPath, [CLI, 'run', 'p', '--yes'], { cwd: rig.root, stdio: ['ignore', 'pipe', 'ignore'] }),
    );
    const codes = programs.map((program) => new Promise((done) => program.once('exit', done)));
    await Promise.all(programs.map(({ stdout }) => once(stdout, 'data')));
    for (const { stdout } of programs) stdout.resume();
    writeFileSync(join(rig.root, '.git', 'go'), '');
    assert.deepEqual(await Promise.all(codes), [0, 0, 0]);
    assert.deepEqual(startsIn(rig.root), { a: 1 });
  });

  it('and three at once make one run', async () => {
    await using rig = new RunRig({ tasks: TASK });
    const runs = await Promise.all([rig.create(), rig.create(), rig.create()]);
    assert.equal(new Set(runs.map(({ run }) => run)).size, 1);
  });
});
