import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { writeGemStatuses } from '../../../src/formats/gem/plan.ts';
import { readRepaired } from '../../../src/formats/text/repair-yaml.ts';
import { formatOf, importFiles } from '../../../src/formats/registry.ts';
import type { Imported, SourceFile } from '../../../src/formats/imported.ts';
import { readTolerantJson } from '../../../src/formats/text/tolerant-json.ts';
import { readYaml } from '../../../src/model/text/yaml-text.ts';
import { TASK_STATUSES } from '../../../src/model/plan/plan.ts';
import { filesIn } from './fixtures.ts';
import { edits, mutated } from './mutations.ts';

// With ORCHESTRATE_SAMPLES=<folder> the same holds for real files, ORCHESTRATE_MUTATIONS=10000 times.
const samples = process.env['ORCHESTRATE_SAMPLES'];
const files = [...filesIn('.'), ...(samples === undefined ? [] : filesIn('.', samples))].filter(
  (file) => formatOf(file) !== undefined && file.text.length < 100_000,
);
const plans = files.filter((file) => formatOf(file)?.name === 'gem-plan');
const numRuns = Number(process.env['ORCHESTRATE_MUTATIONS'] ?? '300');
// Making a find in a large file smaller takes hours; what it is is said at once.
const endOnFailure = samples !== undefined;
/** Edits left of the tasks a mapping by their ids. */
const cutToMapping = { path: 'docs/plan/p/plan.yaml', text: 'plan_id: p\ntasks:\n ependencies:\n  a.ts: covered\n' };
/** A task that has an id beside the key of its mapping. */
const namedTwice = { path: cutToMapping.path, text: 'plan_id: p\ntasks:\n  first:\n    id: T1\n    title: one\n' };
/** A phase whose tasks stand there twice. */
const twice = 'plan_id: p\nphases:\n  - name: one\n    tasks:\n      - id: B\n    tasks:\n      - id: B\n';
const anyFile = fc.nat(files.length - 1).map((i) => files[i]!);

/** Seconds of this process, not of the machine. */
function read(file: SourceFile): { imported: readonly Imported[]; seconds: number } {
  const before = process.cpuUsage().user;
  const { imported } = importFiles([file], { named: true });
  return { imported, seconds: (process.cpuUsage().user - before) / 1e6 };
}

/** Keys that have another name in our form, or say what is said otherwise there. */
const RENAMED = new Set(
  `task_id name assigned_agent file_targets waves phases tasks dependencies orchestrationId waveId parallel agents agentId
   workDescription scope estimatedDuration qualityGates platform executionMode`.split(/\s+/),
);

function keysOf(value: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const part of value) keysOf(part, found);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, part] of Object.entries(value)) {
      found.add(key);
      // What it was in a mapping, where a task has an id of its own.
      if (key === 'key' && typeof part === 'string') found.add(part);
      keysOf(part, found);
    }
  }
  return found;
}

/** The keys of a file that its plan in our form does not have. */
function lost({ format, native, plan }: Imported, { path, text }: SourceFile): string[] {
  if (!plan || native === undefined || (format !== 'gem-plan' && format !== 'llm-plan')) return [];
  const source = format === 'gem-plan' ? readRepaired(text, path).yaml : readTolerantJson(text, path, '"waves"').json;
  // The keys of tasks in a mapping by their ids are ids in our form.
  const there = new Set([...keysOf(readYaml(native, path).yaml?.value), ...plan.tasks.map(({ id }) => id)]);
  return [...keysOf(source?.value)].filter((key) => !there.has(key) && !RENAMED.has(key));
}

describe('Files that were edited at random', () => {
  it('are read or refused with a place, within a second, and lose no key', function (this: Mocha.Context) {
    this.timeout(60_000 + numRuns * 300);
    fc.assert(
      fc.property(anyFile, edits, (file, list) => {
        const changed = { ...file, text: mutated(file.text, list) };
        const { imported, seconds } = read(changed);
        assert.ok(seconds < 1, `${file.path} took ${seconds} s`);
        for (const one of imported) {
          assert.deepEqual(lost(one, changed), []);
          for (const { file: where, range } of [...one.problems, ...one.repairs]) {
            assert.ok(range.line >= 1 && range.column >= 1 && where !== undefined, JSON.stringify(range));
          }
        }
      }),
      {
        numRuns,
        endOnFailure,
        examples: [
          [cutToMapping, []],
          [namedTwice, []],
        ],
      },
    );
  });

  it('get a state written where it counts, of tasks that stand there twice', () => {
    onlyOneLine(twice, 0, 'completed');
    onlyOneLine(`${twice}  - name: two\n    tasks:\n      - id: C\n`, 0, 'completed');
  });

  it('get a state written on one line, and every other byte stays', function (this: Mocha.Context) {
    this.timeout(60_000 + numRuns * 300);
    fc.assert(
      fc.property(
        fc.nat(plans.length - 1),
        edits,
        fc.nat(),
        fc.constantFrom(...TASK_STATUSES),
        (at, list, which, status) => {
          for (const text of [plans[at]!.text, mutated(plans[at]!.text, list)]) onlyOneLine(text, which, status);
        },
      ),
      { numRuns: Math.ceil(numRuns / 3), endOnFailure },
    );
  });
});

function onlyOneLine(text: string, which: number, status: (typeof TASK_STATUSES)[number]): void {
  const file = { path: 'docs/plan/p/plan.yaml', text };
  const [before] = importFiles([file]).imported;
  const tasks = before?.plan?.tasks ?? [];
  const task = tasks[which % Math.max(tasks.length, 1)];
  // A text over several lines that stands where a word belongs is replaced as a whole.
  if (!task || /\s/.test(task.status)) return;
  const written = writeGemStatuses(text, new Map([[task.id, status]]));
  const old = text.split('\n');
  const lines = written.split('\n');
  const added = lines.length - old.length;
  const first = old.findIndex((line, i) => line !== lines[i]);
  if (first === -1) return;
  assert.ok(added === 0 || added === 1, `${added} lines added`);
  assert.deepEqual(lines.slice(first + 1), old.slice(added === 1 ? first : first + 1));
  const [after] = importFiles([{ ...file, text: written }]).imported;
  assert.ok(after?.plan, `cannot be read any more: ${JSON.stringify(after?.problems[0])}`);
  assert.deepEqual(
    after.plan.tasks,
    tasks.map((one) => (one === task ? { ...one, status } : one)),
  );
}
