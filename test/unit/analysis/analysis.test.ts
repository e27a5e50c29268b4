import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { analyze } from '../../../src/analysis/analysis.ts';
import { estimateOf } from '../../../src/analysis/estimate.ts';
import { changedTogether, companions, NO_HISTORY, readHistory } from '../../../src/analysis/history.ts';
import { plainTask, type Plan, type Task } from '../../../src/model/plan/plan.ts';

const commit = (...files: string[]): string => `\u0001id parent\0\n${files.join('\0')}\0`;

const TREE: Readonly<Record<string, string>> = {
  'src/a.ts': `import './b.ts'`,
  'src/b.ts': '',
  'src/c.ts': '',
  'test/a.test.ts': `import '../src/a.ts'`,
};
const repository = {
  files: { paths: Object.keys(TREE), text: (path: string) => TREE[path] },
  history: readHistory([1, 2, 3].map(() => commit('src/a.ts', 'src/c.ts')).join('')),
  checkoutMb: 10,
  agents: 2,
  past: [],
  adapters: {},
};

const task = (id: string, more: Partial<Task> = {}): Task => plainTask(id, { title: `Add ${id}`, ...more });
const planOf = (...tasks: Task[]): Plan => ({ id: 'p', objective: '', tasks, contracts: [] });
const conflicts = (...tasks: Task[]) => analyze(planOf(...tasks), repository).conflicts;

describe('Two tasks', () => {
  it('that change the same file are kept apart', () => {
    const [found] = conflicts(task('one', { scope: ['src/a.ts'] }), task('two', { scope: ['src/*.ts'] }));
    assert.equal(found?.weight, 'certain');
    assert.deepEqual(found?.reasons[0], { kind: 'sameFile', files: ['src/a.ts'] });
  });
  it('whose scopes may meet in a file to come are likely to', () => {
    const [found] = conflicts(task('one', { scope: ['new/**'] }), task('two', { scope: ['new/x.ts'] }));
    assert.deepEqual(found, {
      tasks: ['one', 'two'],
      weight: 'likely',
      types: ['syntactic'],
      reasons: [{ kind: 'scopeOverlap' }],
    });
  });
  it('of which one changes what the other imports may', () => {
    const [found] = conflicts(task('one', { scope: ['src/a.ts'] }), task('two', { scope: ['src/b.ts'] }));
    assert.deepEqual(found, {
      tasks: ['one', 'two'],
      weight: 'possible',
      types: ['semantic'],
      reasons: [{ kind: 'imports', from: 'src/a.ts', to: 'src/b.ts', more: 0 }],
    });
  });
  it('whose files always changed together may', () => {
    const [found] = conflicts(task('one', { scope: ['src/a.ts'] }), task('two', { scope: ['src/c.ts'] }));
    assert.deepEqual(found?.reasons, [
      { kind: 'changesTogether', files: ['src/a.ts', 'src/c.ts'], times: 3, share: 1 },
    ]);
    assert.deepEqual(found?.types, ['architectural']);
  });
  it('may when one names no target', () => {
    const [found] = conflicts(task('one', { scope: ['src/a.ts'] }), task('two'));
    assert.deepEqual(found, {
      tasks: ['one', 'two'],
      weight: 'possible',
      types: [],
      reasons: [{ kind: 'unknownTargets', tasks: ['two'] }],
    });
  });
  it('that the plan keeps apart stay so, also when only one says it', () => {
    const [found] = conflicts(task('one'), task('two', { conflictsWith: ['one'] }));
    assert.equal(found?.weight, 'certain');
    assert.deepEqual(found?.types, ['business']);
  });
  it('with nothing in common are free', () =>
    assert.deepEqual(conflicts(task('one', { scope: ['src/b.ts'] }), task('two', { scope: ['src/c.ts'] })), []));
});

describe('An analysis', () => {
  const prompts = [
    { id: 'fix-a', file: 'prompts/fix-a.md', text: '# Fix a crash\n\n## Target Files\n- src/a.ts\n' },
    {
      id: 'more',
      file: 'prompts/more.md',
      text: '# Add more\n\nDepends on `prompts/fix-a.md`. After each successful build, check the size.\n',
    },
  ];
  it('says of each prompt what it will touch', () => {
    const { tasks, span } = analyze(prompts, repository);
    const [fix, more] = tasks;
    assert.deepEqual(
      [fix?.type, fix?.files, fix?.tests, fix?.imports, fix?.importedBy, fix?.companions],
      ['bug_fix', ['src/a.ts'], ['test/a.test.ts'], ['src/b.ts'], ['test/a.test.ts'], ['src/c.ts']],
    );
    assert.deepEqual([more?.targets, more?.dependencies, more?.order], [{ known: false }, ['fix-a'], 'sequential']);
    assert.equal(span.parallel, span.oneByOne);
  });
  it('is plain data', () => {
    const analysis = analyze(prompts, repository);
    assert.deepEqual(JSON.parse(JSON.stringify(analysis)), analysis);
  });
  it('never throws, whatever a task says', () =>
    fc.assert(
      fc.property(fc.array(fc.record({ title: fc.string(), description: fc.string() }), { maxLength: 4 }), (tasks) => {
        const plan = planOf(...tasks.map((words, at) => task(`t${at}`, words)));
        assert.equal(analyze(plan, repository).tasks.length, tasks.length);
      }),
    ));
});

describe('History', () => {
  it('counts what changed together, and large commits not', () => {
    const many = Array.from({ length: 41 }, (_, at) => `f${at}`);
    const history = readHistory(
      commit('a', 'b') + commit('a', 'b') + commit('a') + commit('b', 'a', 'c') + commit(...many),
    );
    assert.equal(history.commits, 5);
    assert.deepEqual(changedTogether(history, 'b', 'a'), { times: 3, share: 1 });
    assert.equal(changedTogether(history, 'f0', 'f1').times, 0);
    assert.deepEqual(companions(history, ['a']), ['b']);
    assert.deepEqual(changedTogether(NO_HISTORY, 'a', 'b'), { times: 0, share: 0 });
  });
  it('keeps names with newlines and spaces whole', () =>
    assert.deepEqual([...readHistory(commit('a b', 'c\nd')).changes.keys()], ['a b', 'c\nd']));
});

describe('An estimate', () => {
  const work = { type: 'bug_fix', complexity: 'MEDIUM', tests: 2, checkoutMb: 100 } as const;
  it('is wider where targets are unknown', () => {
    const known = estimateOf({ ...work, targets: 2 });
    const unknown = estimateOf({ ...work, targets: undefined });
    assert.equal(known.minutes.value, unknown.minutes.value);
    assert.ok(unknown.minutes.high > known.minutes.high);
    assert.deepEqual(known.diskMb, { value: 250, low: 167, high: 375 });
  });
});
