import { strict as assert } from 'node:assert';
import { createPrompt, invocationFiles, isInvocation } from '../../../src/formats/gadugi/invocation.ts';
import { markdownLines, sectionsOf } from '../../../src/formats/text/markdown.ts';
import { errorsOf, filesIn, fixture, imported } from './fixtures.ts';

const all = () => imported(filesIn('prompts'));
const task = (id: string) => {
  const found = all().plan?.tasks.find((one) => one.id === id);
  assert.ok(found, id);
  return found;
};

describe('a folder of prompts', () => {
  it('is a plan with a task for each, and for each of several in one file', () => {
    assert.deepEqual(
      all()
        .plan?.tasks.map(({ id, title, status }) => [id, title, status])
        .toSorted(),
      [
        ['add-search', 'Add search to notes', 'pending'],
        ['build-index', 'Build the index', 'pending'],
        ['fix-login-issue-12', 'Fix the login without a first heading that is v', 'pending'],
        ['generated-workflow', 'Speed up the index', 'pending'],
        ['milestone-task-1', 'Tidy the root', 'pending'],
        ['milestone-task-3', 'Read it again', 'pending'],
        ['old', 'Remove the cache - IMPLEMENTED', 'completed'],
      ],
    );
  });

  it('has the files each prompt declares, in every form, and not those in fences', () => {
    assert.deepEqual(task('add-search').scope, [
      'src/search.ts',
      'src/search.test.ts',
      'src/index.ts',
      'src/cli.ts',
      'src/views/*.ts',
    ]);
    assert.deepEqual(
      task('add-search').contextFiles.map(({ path }) => path),
      ['docs/search.md'],
    );
    assert.equal(task('generated-workflow').scope, undefined);
  });

  it('takes a list that names "others" too for incomplete, and says so', () => {
    assert.equal(task('build-index').scope, undefined);
    const said = all().problems.find(({ message }) => message.includes('is no path'));
    assert.deepEqual([said?.file, said?.range.line, said?.severity], ['prompts/build-index.md', 5, 'warning']);
  });

  it('depends on what is named: an issue, a file, a task; on no other word', () => {
    assert.deepEqual(task('add-search').dependencies, ['build-index', 'fix-login-issue-12']);
    assert.deepEqual(task('milestone-task-3').dependencies, ['milestone-task-1']);
    assert.deepEqual(task('build-index').dependencies, []);
    assert.deepEqual([task('add-search').wave, task('build-index').wave], [2, 1]);
  });

  it('has priorities and criteria, and a block that stands for a file gives it its own', () => {
    assert.deepEqual(
      [task('add-search').priority, task('milestone-task-1').priority, task('build-index').priority],
      ['high', 'high', 'low'],
    );
    assert.deepEqual(task('add-search').acceptanceCriteria, ['Words are found', 'Tests pass']);
  });

  it('knows where everything came from', () => {
    const read = all();
    const i = read.plan?.tasks.findIndex(({ id }) => id === 'milestone-task-3') ?? -1;
    assert.deepEqual(read.origin(['tasks', i, 'title']), { file: 'prompts/milestone.md', line: 13, column: 1 });
  });

  it('refuses what is no prompt, and reads the others', () => {
    const read = imported([
      { path: 'prompts/a.md', text: '  \n' },
      { path: 'prompts/b.md', text: '# B\n' },
    ]);
    assert.deepEqual(errorsOf(read), ['1:1 This prompt is empty.']);
    assert.equal(read.plan?.tasks.length, 1);
  });
});

describe('one prompt', () => {
  it('is read alone, from any folder, when it is named', () => {
    const read = imported({ ...fixture('prompts/add-search.md'), path: 'notes/add-search.md' });
    assert.deepEqual([read.plan?.id, read.plan?.objective], ['add-search', 'Add search to notes']);
  });

  it('is made from a plain description, under a name of its own', () => {
    const first = createPrompt('Add a dark mode. It follows the system.');
    assert.equal(first.path, 'prompts/add-a-dark-mode.md');
    assert.equal(createPrompt('Add a dark mode.', new Set([first.path])).path, 'prompts/add-a-dark-mode-2.md');
    const { plan } = imported(first);
    assert.equal(plan?.tasks[0]?.title, 'Add a dark mode');
    assert.match(plan.tasks[0]?.description ?? '', /It follows the system\./);
  });
});

describe('an invocation', () => {
  const text =
    'Please\n\nExecute these prompts in parallel:\n\n- build-index.md\n* `add-search`\n1. /prompts/old.md\nfix-login-issue-12.md\n- missing.md\n\nThen stop: not-this.md\n';

  it('names prompts in every form', () => {
    assert.ok(isInvocation(text));
    assert.deepEqual(
      invocationFiles(text).map(({ name, line }) => `${line} ${name}`),
      ['5 build-index.md', '6 add-search.md', '7 old.md', '8 fix-login-issue-12.md', '9 missing.md'],
    );
  });

  it('is the plan of those prompts alone; one that is missing is told', () => {
    const read = imported([{ path: 'prompts/go.md', text }, ...filesIn('prompts')], { invocation: 'prompts/go.md' });
    assert.deepEqual(
      read.plan?.tasks.map(({ id }) => id),
      ['build-index', 'add-search', 'old', 'fix-login-issue-12'],
    );
    assert.deepEqual(errorsOf(read), ['9:1 There is no prompt file "missing.md". Name one that is there.']);
  });
});

describe('Markdown', () => {
  it('has no headings in fences, however they are nested', () => {
    const text =
      '# A\n````md\n```\n# no\n```\n# no\n````\n## B\n```markdown\n# no\n```sh\n# no\n```\n# no\n```\n# C\n~~~\n# no\n```\n# no\n~~~\n# D\n';
    assert.deepEqual(
      sectionsOf(markdownLines(text)).map(({ title, line }) => `${line} ${title}`),
      ['1 A', '8 B', '16 C', '22 D'],
    );
  });
});
