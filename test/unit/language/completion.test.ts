import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { offersAt } from '../../../src/language/completion.ts';
import type { DocumentKind } from '../../../src/language/document.ts';
import { fileOf, KINDS, someText, withCursor } from './texts.ts';

const offered = (kind: DocumentKind, text: string): { labels: string[]; names: string | undefined } => {
  const { file, offset } = withCursor(kind, text);
  const found = offersAt(file, offset);
  return { labels: found?.offers.map(({ label }) => label) ?? [], names: found?.names };
};

const TASKS = 'tasks:\n  - id: a\n    title: A\n  - id: b\n    title: B\n';

describe('what is offered', () => {
  const words: [string, DocumentKind, string, string[]][] = [
    ['ids in brackets', 'plan', `${TASKS}    dependencies: [|`, ['a']],
    ['ids behind others in brackets', 'plan', `${TASKS}    conflicts_with: [a, |]\n`, ['a']],
    ['ids in a list', 'plan', `${TASKS}    dependencies:\n      - |`, ['a']],
    ['ids in the middle of a word', 'plan', `${TASKS}    dependencies: [x|y]\n  - id: c`, ['a', 'c']],
    ['ids in a contract', 'plan', `${TASKS}contracts:\n  - from_task: |`, ['a', 'b']],
    ['ids in a task in braces', 'plan', 'tasks:\n  - { id: a }\n  - { id: b, dependencies: [|] }\n', ['a']],
    ['ids in JSON', 'plan', '{"tasks": [{"id": "a"}, {"id": "b", "dependencies": ["|"]}]}', ['a']],
    ['words of an enumeration', 'plan', `${TASKS}    produces: |\n`, ['change', 'report']],
    [
      'moments of a gate',
      'config',
      'gates:\n  test:\n    run: npm test\n    on: [task, |',
      ['task', 'merge', 'wave', 'final', 'plan'],
    ],
    ['modes', 'config', 'mode: |\n', ['waves', 'continuous', 'adaptive']],
    ['states of a feature', 'prd', 'features:\n  - name: a\n    status: |', ['planned', 'in_progress', 'complete']],
    ['choices of Orchestra', 'orchestraConfig', 'pipeline:\n  review: |', ['required', 'optional', 'skip']],
    [
      'states of a phase',
      'phase',
      '---\nstatus: |\norder: 1\n---\n# A\n',
      ['pending', 'in-progress', 'done', 'failed'],
    ],
    ['nothing in a comment', 'plan', `${TASKS}    # dependencies: [|`, []],
    ['nothing in the text of a phase', 'phase', '---\nstatus: done\n---\nstatus: |', []],
    ['nothing in a prompt', 'prompt', '# A\nstatus: |', []],
  ];
  for (const [what, kind, text, expected] of words)
    it(`is ${what}`, () => assert.deepEqual(offered(kind, text).labels, expected));

  const names: [string, DocumentKind, string, string][] = [
    ['agents', 'plan', `${TASKS}    agent: |`, 'agents'],
    ['gates', 'plan', `${TASKS}    gates: [|]`, 'gates'],
    ['files', 'plan', `${TASKS}    scope:\n      - src/|`, 'files'],
    ['agents of roles', 'config', 'agents:\n  roles:\n    gem-implementer: |', 'agents'],
    ['matchers', 'config', 'gates:\n  lint:\n    problems: ["|', 'matchers'],
    ['phases', 'phase', '---\ndepends_on: [|\n---\n', 'phases'],
  ];
  for (const [what, kind, text, expected] of names)
    it(`is ${what} that the editor knows`, () => assert.equal(offered(kind, text).names, expected));

  const keys: [string, DocumentKind, string, string[], string[]][] = [
    ['of a task, without those it has', 'plan', `${TASKS}    |`, ['dependencies', 'scope'], ['id', 'title', 'plan_id']],
    ['of a task that is begun', 'plan', 'tasks:\n  - |', ['id', 'title'], ['plan_id']],
    ['of a task above others', 'plan', 'tasks:\n  - id: a\n    pri|\n  - id: b\n', ['priority'], ['id']],
    ['of a plan', 'plan', `${TASKS}|`, ['plan_id', 'contracts'], ['tasks', 'wave']],
    ['of a gate', 'config', 'gates:\n  test:\n    |\n', ['run', 'on', 'timeout'], ['limits']],
    ['of an agent', 'config', 'agents:\n  claude:\n    mo|', ['model', 'command'], ['default']],
    ['of a gate in braces', 'config', 'gates:\n  test: { run: x, | }\n', ['on'], ['run']],
    ['of a configuration', 'config', 'li|', ['limits', 'gates'], ['run']],
    ['of a PRD', 'prd', 'errors:\n  - code: A\n    |', ['message'], ['code']],
  ];
  for (const [what, kind, text, some, none] of keys) {
    it(`is keys ${what}`, () => {
      const { labels } = offered(kind, text);
      for (const label of some) assert.ok(labels.includes(label), `${label} in ${labels.join(' ')}`);
      for (const label of none) assert.ok(!labels.includes(label), `no ${label} in ${labels.join(' ')}`);
    });
  }

  it('never throws, and takes the place of what is around the cursor', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), someText, fc.nat(), (kind, text, at) => {
        const offset = at % (text.length + 1);
        const found = offersAt(fileOf(kind, text), offset);
        if (!found) return;
        const { start, end } = found.replace;
        assert.ok(0 <= start && start <= offset && offset <= end && end <= text.length);
        assert.ok(!/[\s,:]/.test(text.slice(start, end)));
      }),
      { numRuns: 500 },
    );
  });
});
