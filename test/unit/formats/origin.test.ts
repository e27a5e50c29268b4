import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import type { Imported, SourceFile } from '../../../src/formats/imported.ts';
import { originEdits } from '../../../src/formats/origin.ts';
import type { FileEdit, Shown } from '../../../src/formats/shown.ts';
import { importFiles } from '../../../src/formats/registry.ts';
import { type FileStatus, TASK_STATUSES } from '../../../src/model/plan/plan.ts';
import { filesIn } from './fixtures.ts';
import { edits, mutated } from './mutations.ts';

const NOW = Date.parse('2026-02-03T10:10:00Z');
const fixtures = filesIn('.');
const imports = importFiles(fixtures, { now: NOW }).imported.filter(({ plan }) => plan?.origin);

function shown({ plan }: Imported, statuses: ReadonlyMap<string, FileStatus>): Shown {
  assert.ok(plan);
  const tasks = plan.tasks.map(({ id, wave }) => ({
    id,
    wave,
    status: statuses.get(id) ?? ('pending' as const),
    retries: 0,
    minutes: 1,
  }));
  return { plan, status: 'in_progress', tasks, startedAt: NOW, now: NOW };
}

/** The files of an origin before and after they were told. */
function told(
  read: Imported,
  statuses: ReadonlyMap<string, FileStatus>,
  texts: ReadonlyMap<string, string>,
): { file: string; before: string | undefined; after: string | undefined; edit: FileEdit }[] {
  assert.ok(read.plan?.origin);
  return originEdits(read.plan.origin, shown(read, statuses)).map((edit) => {
    const before = texts.get(edit.file);
    return { file: edit.file, before, after: edit.change(before), edit };
  });
}

const textsOf = (files: readonly SourceFile[]): Map<string, string> =>
  new Map(files.map(({ path, text }) => [path, text]));

/** What was taken away and what came instead, whole lines, in order. */
function difference(before: string, after: string): { gone: string[]; come: string[] } {
  const left = after.split('\n');
  const gone = before.split('\n').filter((line) => {
    const at = left.indexOf(line);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
  return { gone, come: left };
}

describe('The files an imported plan came from', () => {
  it('are those of three formats', () => {
    assert.deepEqual([...new Set(imports.map(({ format }) => format))].toSorted(), [
      'llm-plan',
      'orchestra-milestone',
      'prompts',
    ]);
  });

  it('change on the lines of the state and nowhere else', () => {
    const texts = textsOf(fixtures);
    const cases = imports.flatMap((read) =>
      (read.plan?.tasks ?? []).flatMap(({ id }) => TASK_STATUSES.map((status) => ({ read, id, status }))),
    );
    for (const { read, id, status } of cases)
      for (const one of told(read, new Map([[id, status]]), texts)) assertOfState(one, `${id} ${status}`);
  });

  it('are told once: twice is once', () => {
    const texts = textsOf(fixtures);
    for (const read of imports) {
      const statuses = new Map(read.plan?.tasks.map(({ id }, i) => [id, TASK_STATUSES[i % 6] ?? 'pending'] as const));
      for (const { edit, after } of told(read, statuses, texts))
        if (after !== undefined) assert.equal(edit.change(after), after, edit.file);
    }
  });

  it('that a phase done in them is done when they are read again', () => {
    const read = imports.find(({ plan }) => plan?.id === 'M2-tags');
    assert.ok(read);
    const texts = textsOf(fixtures);
    for (const { file, after } of told(read, new Map([['phase-1', 'completed']]), texts))
      if (after !== undefined) texts.set(file, after);
    assert.equal(
      texts.get([...texts.keys()].find((file) => file.endsWith('M2-tags/phases/phase-1.md')) ?? '')?.slice(0, 21),
      '---\r\nstatus: "done"\r\n',
    );
    const again = importFiles(
      [...texts].map(([path, text]) => ({ path, text })),
      { now: NOW },
    ).imported;
    assert.equal(again.find(({ plan }) => plan?.id === 'M2-tags')?.plan?.tasks[0]?.status, 'completed');
  });

  it('may have been edited at random since: they are told or left, and nothing throws', () => {
    fc.assert(
      fc.property(fc.nat(imports.length - 1), edits, fc.constantFrom(...TASK_STATUSES), (at, list, status) => {
        const read = imports[at];
        assert.ok(read?.plan);
        const texts = new Map(fixtures.map(({ path, text }) => [path, mutated(text, list)]));
        const statuses = new Map(read.plan.tasks.map(({ id }) => [id, status]));
        for (const { before, after } of told(read, statuses, texts)) {
          if (before === undefined || after === undefined) continue;
          const { gone } = difference(before, after);
          assert.ok(gone.length <= read.plan.tasks.length * 2 + 4, gone.join('\n'));
        }
      }),
      { numRuns: 300 },
    );
  }).timeout(60_000);
});

function assertOfState(
  { file, before, after }: { file: string; before: string | undefined; after: string | undefined },
  what: string,
): void {
  if (before === undefined || after === undefined || after === before) return;
  const { gone, come } = difference(before, after);
  assert.ok(
    [...gone, ...come].every((line) => isOfState(file, line)),
    `${file} (${what}):\n- ${gone.join('\n- ')}\n+ ${come.join('\n+ ')}`,
  );
  const states = come.filter((line) => !RESULT.test(line));
  if (file.includes('/phases/') || file.includes('prompts/')) assert.ok(states.length <= 1, file);
}

/** What is filled in below `## Result`, empty lines around it. */
const RESULT =
  /^(?:status: (?:done|failed)|files_changed: .*|verification_retries: \d+|commit: .*|error_summary: .*)?\r?$/;

function isOfState(file: string, line: string): boolean {
  if (file.includes('/phases/')) return line.startsWith('status:') || RESULT.test(line);
  if (file.includes('/milestones/') && file.endsWith('milestone.md')) return /^\|? ?\**(?:Status|Locked-By)/.test(line);
  if (file.endsWith('context.md'))
    return /^- phase-\d+: |^## (?:Metrics|Status)|^(?:milestone|started): |^\s*$/.test(line);
  return file.endsWith('.status.json') || line.startsWith('#');
}
