import { strict as assert } from 'node:assert';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepFile } from '../../../src/engine/kept-file.ts';
import { openPlan } from '../../../src/engine/plans/kept-plan.ts';
import { packPlan } from '../../../src/engine/plans/packed-plan.ts';
import { keptPlan } from '../../../src/engine/places.ts';
import { readPlan } from '../../../src/model/plan/reader.ts';
import { value } from '../../rig/run.ts';

const TEXT =
  'plan_id: p\nobjective: Größe\ntasks:\n  - id: a\n    title: A\n    wave: 1\n  - id: b\n    title: B\n    wave: 1\n    dependencies: [a]\n';
const FILE = 'plan.yaml';

/** A plan in a folder, and what is kept of it. */
class Shelf implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'kept-plan-'));
  readonly place = { root: this.root, state: join(this.root, 'state') };
  readonly kept = keptPlan(this.place, FILE);

  write(text: string, file = FILE): void {
    writeFileSync(join(this.root, file), text);
  }

  open = async (file = FILE, large = 0) => value(await openPlan(this.place, file, large));

  /** Another title in the copy, so that it shows whether it was taken. */
  mark(): void {
    const bytes = readFileSync(this.kept, 'utf8');
    assert.ok(bytes.includes('\0A\0'));
    writeFileSync(this.kept, bytes.replace('\0A\0', '\0Z\0'));
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

describe('A plan that was read before', () => {
  const before = process.env['ORCHESTRATE_BUILD'];
  beforeEach(() => void (process.env['ORCHESTRATE_BUILD'] = 'test'));
  after(() => {
    if (before === undefined) delete process.env['ORCHESTRATE_BUILD'];
    else process.env['ORCHESTRATE_BUILD'] = before;
  });

  it('is what reading it says, its warnings with places and fixes included', async () => {
    using shelf = new Shelf();
    shelf.write(TEXT);
    const { plan, problems } = readPlan(TEXT, FILE);
    assert.ok(problems.some(({ fix }) => fix !== undefined));
    const first = await shelf.open();
    assert.ok(existsSync(shelf.kept));
    const second = await shelf.open();
    assert.deepEqual({ plan: second.plan, problems: second.problems }, { plan, problems });
    assert.deepEqual(second, first);
  });

  it('is taken from the copy, not read', async () => {
    using shelf = new Shelf();
    shelf.write(TEXT);
    await shelf.open();
    // A text that nobody could have read this from: only its hash and place are those of the copy.
    const other = readPlan(TEXT.replace('title: A', 'title: Z'), FILE);
    const [head = ''] = readFileSync(shelf.kept, 'utf8').split('\n', 1);
    assert.ok(other.plan);
    const body = packPlan({ plan: other.plan, problems: [] });
    assert.ok(body);
    await keepFile(shelf.kept, head.replace(/ \w+$/, ''), body);
    assert.equal((await shelf.open()).plan?.tasks[0]?.title, 'Z');
  });

  const spoilt: [what: string, spoil: (shelf: Shelf) => void][] = [
    ['torn', ({ kept }) => writeFileSync(kept, readFileSync(kept).subarray(0, -20))],
    ['empty', ({ kept }) => writeFileSync(kept, '')],
    ['changed', (shelf) => shelf.mark()],
    ['no copy at all', ({ kept }) => writeFileSync(kept, 'plan: {}\n')],
    ["another build's", () => void (process.env['ORCHESTRATE_BUILD'] = 'other')],
    ["another text's", (shelf) => shelf.write(TEXT.replace('title: B', 'title: C'))],
  ];
  if (process.platform !== 'win32') spoilt.push(['writable by others', ({ kept }) => chmodSync(kept, 0o666)]);
  for (const [what, spoil] of spoilt)
    it(`is read anew where the copy is ${what}`, async () => {
      using shelf = new Shelf();
      shelf.write(TEXT);
      await shelf.open();
      spoil(shelf);
      const text = readFileSync(join(shelf.root, FILE), 'utf8');
      assert.deepEqual((await shelf.open()).plan, readPlan(text, FILE).plan);
    });

  it('is not kept where it is small, wrong, or the program was not built', async () => {
    using shelf = new Shelf();
    shelf.write(TEXT);
    await shelf.open(FILE, 200_000);
    shelf.write('tasks: []\n', 'wrong.yaml');
    assert.equal((await shelf.open('wrong.yaml')).plan, undefined);
    delete process.env['ORCHESTRATE_BUILD'];
    await shelf.open();
    assert.equal(existsSync(shelf.place.state), false);
  });

  it('is the same plan where nothing can be kept', async () => {
    using shelf = new Shelf();
    shelf.write(TEXT);
    writeFileSync(shelf.place.state, 'no folder');
    assert.deepEqual((await shelf.open()).plan, readPlan(TEXT, FILE).plan);
  });

  it('makes room for the copies of others', async () => {
    using shelf = new Shelf();
    for (let at = 0; at < 12; at += 1) {
      shelf.write(TEXT, `${at}.yaml`);
      await shelf.open(`${at}.yaml`);
      utimesSync(keptPlan(shelf.place, `${at}.yaml`), at + 1, at + 1);
    }
    assert.equal(readdirSync(join(shelf.place.state, 'plans')).length, 8);
    assert.ok(existsSync(keptPlan(shelf.place, '11.yaml')));
  });
});
