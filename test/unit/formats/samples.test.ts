import { strict as assert } from 'node:assert';
import path from 'node:path';
import { writeGemStatuses } from '../../../src/formats/gem/plan.ts';
import type { Imported, SourceFile } from '../../../src/formats/imported.ts';
import { originEdits } from '../../../src/formats/origin.ts';
import { formatOf, importFiles } from '../../../src/formats/registry.ts';
import type { FileStatus, Plan } from '../../../src/model/plan/plan.ts';
import type { Shown } from '../../../src/formats/shown.ts';
import { filesIn } from './fixtures.ts';

/** Real files of the four systems, where a folder of them is named; they are no part of the repository. */
const folder = process.env['ORCHESTRATE_SAMPLES'];
const TRAPS = path.join(import.meta.dirname, '../../fixtures/traps');

describe('Real files', () => {
  if (folder === undefined) return;
  it('are read or refused with a place', () => {
    const { imported, ignored } = importFiles(filesIn('.', folder));
    const rows = new Map<string, Row>();
    for (const one of imported) {
      const wrong = one.problems.filter(({ severity }) => severity === 'error');
      rows.set(one.format, counted(rows.get(one.format) ?? NONE, one, wrong.length > 0));
      for (const { file, range, message } of wrong) {
        assert.ok(file !== undefined && range.line > 0 && range.column > 0);
        console.log(`${file}:${range.line}:${range.column}: ${message}`);
      }
    }
    console.table(Object.fromEntries(rows));
    console.log(`${ignored.length} files passed over: ${ignored.join(', ')}`);
    const plans = rows.get('gem-plan');
    if (plans) assert.ok(plans.read / (plans.read + plans.refused) >= 65 / 75, 'too many plans refused');
    assert.equal(rows.get('prompts')?.refused ?? 0, 0);
  });
});

/** The same file as other hands leave it. */
const HANDS: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'with CRLF': (text) => text.replaceAll(/\r?\n/g, '\r\n'),
  'with a byte order mark': (text) => `\uFEFF${text}`,
  'without a last line end': (text) => text.replace(/(?:\r?\n)+$/, ''),
};

describe('Plans and prompts, of our own and real ones where a folder is named', () => {
  const files = [...filesIn('.'), ...filesIn('.', TRAPS), ...(folder === undefined ? [] : filesIn('.', folder))];

  for (const [hand, changed] of Object.entries(HANDS))
    it(`${hand}: a state that is written changes one line, byte for byte, and is read again`, function (this: Mocha.Context) {
      this.timeout(600_000);
      let told = 0;
      for (const file of files) {
        const source = { ...file, text: changed(file.text) };
        const name = formatOf(source)?.name;
        if (name !== 'gem-plan' && name !== 'prompts') continue;
        told += name === 'gem-plan' ? writtenPlan(source) : writtenPrompt(source);
      }
      assert.ok(told >= 20, `${told} written`);
    });
});

/** The first, the middle and the last task of a plan are told; returns how many. */
function writtenPlan(source: SourceFile): number {
  const before = importFiles([source], { named: true }).imported[0]?.plan;
  if (!before) return 0;
  const ids = before.tasks.map(({ id }) => id);
  const some = new Set([ids[0], ids[Math.floor(ids.length / 2)], ids.at(-1)].filter((id) => id !== undefined));
  for (const id of some) {
    const status: FileStatus =
      before.tasks.find((task) => task.id === id)?.status === 'failed' ? 'completed' : 'failed';
    const written = writeGemStatuses(source.text, new Map([[id, status]]));
    oneLine(source, written);
    const after = importFiles([{ ...source, text: written }], { named: true }).imported[0]?.plan;
    const expected: Plan['tasks'] = before.tasks.map((task) => (task.id === id ? { ...task, status } : task));
    assert.deepEqual(after?.tasks, expected, `${source.path} ${id}`);
  }
  return some.size;
}

/** A prompt is marked as done, or is left alone where it says so already or begins with a fence. */
function writtenPrompt(source: SourceFile): number {
  const { plan } = importFiles([source], { named: true }).imported[0] ?? {};
  if (!plan?.origin) return 0;
  const tasks = plan.tasks.map(({ id, wave }) => ({ id, wave, status: 'completed' as const, retries: 0, minutes: 1 }));
  const shown: Shown = { plan, status: 'completed', tasks, startedAt: 0, now: 0 };
  const [edit] = originEdits(plan.origin, shown);
  const written = edit?.change(source.text);
  if (written === undefined || written === source.text) return 0;
  if (tasks.length === 1) oneLine(source, written);
  const after = importFiles([{ ...source, text: written }], { named: true }).imported[0]?.plan;
  assert.ok(
    after?.tasks.every(({ status }) => status === 'completed'),
    source.path,
  );
  return tasks.length;
}

/** All bytes but those of one line are the same; a line may have come where there was none. */
function oneLine({ path: file, text }: SourceFile, written: string): void {
  const old = text.split('\n');
  const lines = written.split('\n');
  const first = old.findIndex((line, i) => line !== lines[i]);
  const added = lines.length - old.length;
  assert.ok(first !== -1 && (added === 0 || added === 1), `${file}: ${added} lines added`);
  assert.deepEqual(lines.slice(first + 1), old.slice(added === 1 ? first : first + 1), file);
  if (text.includes('\r\n')) assert.ok(!/[^\r]\n/.test(written), `${file}: a line ends otherwise`);
}

interface Row {
  read: number;
  refused: number;
  repaired: number;
  recomputed: number;
}

const NONE: Row = { read: 0, refused: 0, repaired: 0, recomputed: 0 };

function counted(row: Row, { files, format, repairs, recomputed }: Imported, isRefused: boolean): Row {
  const number = format === 'prompts' ? files.length : 1;
  return {
    read: row.read + (isRefused ? 0 : number),
    refused: row.refused + (isRefused ? number : 0),
    repaired: row.repaired + Math.min(repairs.length, 1),
    recomputed: row.recomputed + Math.min(recomputed.length, 1),
  };
}
