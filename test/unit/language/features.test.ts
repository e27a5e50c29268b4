import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { problemsOf } from '../../../src/language/check.ts';
import { hoverAt } from '../../../src/language/hover.ts';
import { mentionsOf, tasksOf } from '../../../src/language/mentions.ts';
import { foldsOf, outlineOf, type Symbol } from '../../../src/language/outline.ts';
import { renameTask } from '../../../src/language/rename.ts';
import { fileOf, KINDS, largePlan, someText, withCursor } from './texts.ts';

const PLAN = `plan_id: words
tasks:
  - id: en
    title: English words
    scope: [en.txt]
  - id: "de"
    title: German words
    conflicts_with: [en]
  - { id: index, title: All, wave: 1, estimated_effort: large, dependencies: [en, 'de'] }
contracts:
  - from_task: de
    to_task: index
`;

describe('mentions of tasks', () => {
  it('are found wherever a task is named, without quotes', () => {
    const file = fileOf('plan', PLAN);
    assert.deepEqual(
      mentionsOf(file).map(({ task, defines, start, end }) => [task, defines, PLAN.slice(start, end)]),
      ['en!', 'de!', 'en', 'index!', 'en', 'de', 'de', 'index'].map((word) => {
        const task = word.replace('!', '');
        return [task, word.endsWith('!'), task];
      }),
    );
  });

  it('are found while the plan is being written', () => {
    const file = fileOf(
      'plan',
      'tasks:\n  - id: a\n  - id: b\n    dependencies: [a\n    agent: "cl\n  - id: c\n    depe',
    );
    assert.deepEqual(
      tasksOf(file).map(({ id }) => id),
      ['a', 'b', 'c'],
    );
    assert.deepEqual(mentionsOf(file).filter(({ task }) => task === 'a').length, 2);
  });
});

describe('another id for a task', () => {
  const rename = (text: string, name: string): string | object => {
    const { file, offset } = withCursor('plan', text);
    const found = renameTask(file, offset, name);
    if ('kind' in found) return found;
    return found.toReversed().reduce((all, { start, end }) => all.slice(0, start) + name + all.slice(end), file.text);
  };
  it('is written everywhere', () => {
    const text = PLAN.replace('id: "de"', 'id: "d|e"');
    assert.equal(
      rename(text, 'german'),
      PLAN.replace('id: "de"', 'id: "german"')
        .replace("'de'", "'german'")
        .replace('from_task: de', 'from_task: german'),
    );
  });
  it('is refused where it would mean something else', () => {
    assert.deepEqual(rename('tasks:\n  - id: a|\n  - id: b\n', 'b'), { kind: 'taken', name: 'b' });
    assert.deepEqual(rename('tasks:\n  - id: a|\n', 'b: c'), { kind: 'notPlain' });
    assert.deepEqual(rename('tasks:|\n  - id: a\n', 'b'), { kind: 'noTask' });
  });
});

describe('a hover', () => {
  it('says what a task waits for, what waits for it, and what it conflicts with', () => {
    const { file, offset } = withCursor('plan', PLAN.replace('[en, ', '[e|n, '));
    const hover = hoverAt(file, offset);
    assert.ok(hover?.kind === 'task');
    assert.equal(hover.task.title, 'English words');
    assert.ok(hover.task.graph);
    const { task, ...graph } = hover.task.graph;
    assert.deepEqual(graph, { wave: 1, after: [], before: ['index'], conflicts: ['de'], path: 3 });
    assert.deepEqual([task.id, task.scope], ['en', ['en.txt']]);
  });
  it('says in which wave a task really runs', () => {
    const { file, offset } = withCursor('plan', PLAN.replace('id: index', 'id: ind|ex'));
    const hover = hoverAt(file, offset);
    assert.ok(hover?.kind === 'task');
    assert.deepEqual([hover.task.graph?.wave, hover.task.graph?.stated], [2, 1]);
  });
  it('says what a key is for and what counts without it', () => {
    const { file, offset } = withCursor('config', 'limits:\n  re|tries: 1\n');
    const hover = hoverAt(file, offset);
    assert.ok(hover?.kind === 'key');
    assert.deepEqual([hover.name, hover.shape.default], ['limits.retries', '3']);
  });
});

describe('the outline', () => {
  const names = (symbols: readonly Symbol[]): unknown[] =>
    symbols.map(({ name, detail, children }) => [name, detail, ...(children.length > 0 ? [names(children)] : [])]);
  it('of a plan is its tasks', () => {
    assert.deepEqual(names(outlineOf(fileOf('plan', PLAN))), [
      ['en', 'English words'],
      ['de', 'German words'],
      ['index', 'All'],
    ]);
  });
  it('of a plan takes nothing for its last task that stands in another list', () => {
    const text = 'tasks:\n  - id: a\n    title: Tea\nrisks:\n  - id: r\n    title: Rain\n';
    assert.deepEqual(names(outlineOf(fileOf('plan', text))), [['a', 'Tea']]);
  });
  it('of a configuration has its gates', () => {
    const text = 'gates:\n  test: npm test\n  lint:\n    run: x\nmode: waves\n';
    assert.deepEqual(names(outlineOf(fileOf('config', text))), [
      [
        'gates',
        '',
        [
          ['test', 'npm test'],
          ['lint', ''],
        ],
      ],
      ['mode', 'waves'],
    ]);
  });
  it('of a PRD names what it lists', () => {
    const text = 'prd_id: a\nfeatures:\n  - name: Login\n    status: planned\n  - name: Logout\n';
    assert.deepEqual(names(outlineOf(fileOf('prd', text))), [
      ['prd_id', 'a'],
      [
        'features',
        '',
        [
          ['Login', ''],
          ['Logout', ''],
        ],
      ],
    ]);
  });
});

describe('folding', () => {
  it('folds tasks, lists, texts and comments', () => {
    const text =
      '# one\n# two\ntasks:\n  - id: a\n    description: |\n      x\n      y\n    scope:\n      - a\n  - id: b\n';
    assert.deepEqual(
      foldsOf(fileOf('plan', text))
        .map(({ start, end }) => [start, end])
        .toSorted(([a], [b]) => a! - b!),
      [
        [0, 1],
        [2, 9],
        [3, 8],
        [4, 6],
        [7, 8],
      ],
    );
  });
});

describe('features', () => {
  it('never throw, and stay inside the text', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), someText, fc.nat(), (kind, text, at) => {
        const file = fileOf(kind, text);
        const offset = at % (text.length + 1);
        const hover = hoverAt(file, offset);
        const spans = [...mentionsOf(file), ...tasksOf(file), ...flat(outlineOf(file)), ...(hover ? [hover] : [])];
        for (const { start, end } of spans) assert.ok(0 <= start && start <= end && end <= text.length);
        for (const { start, end, selection } of flat(outlineOf(file)))
          assert.ok(start <= selection.start && selection.end <= end, 'the selection is inside');
        const lines = text.split('\n').length;
        for (const { start, end } of foldsOf(file)) assert.ok(0 <= start && start < end && end < lines);
        for (const { range } of problemsOf(file))
          assert.ok(1 <= range.line && range.line <= Math.max(1, text.split(/\r\n|\r|\n/).length) + 1);
      }),
      { numRuns: 400 },
    );
  });

  it('are quick enough to be asked at each key in a plan of 1,000 tasks', () => {
    const file = fileOf('plan', largePlan(1_000));
    assert.equal(tasksOf(file).length, 1_000);
    assert.equal(mentionsOf(file).length, 1_000 + 990 * 2 + 2);
  });
});

const flat = (symbols: readonly Symbol[]): Symbol[] => symbols.flatMap((symbol) => [symbol, ...flat(symbol.children)]);
