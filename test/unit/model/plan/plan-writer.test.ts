import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { readPlan } from '../../../../src/model/plan/reader.ts';
import { writeStatuses } from '../../../../src/model/plan/writer.ts';
import { type FileStatus, TASK_STATUSES, type Task } from '../../../../src/model/plan/plan.ts';

const statuses = (all: Record<string, FileStatus>): Map<string, FileStatus> => new Map(Object.entries(all));
const done = statuses({ a: 'completed' });

const count = (text: string): number => text.split(/(?<!# )status:/).length;
const isKnown = (status: string): status is FileStatus => TASK_STATUSES.some((known) => known === status);
const withoutStatus = (tasks: readonly Task[] | undefined): Task[] | undefined =>
  tasks?.map((task) => ({ ...task, status: '' }));

describe('Writing statuses', () => {
  const TABLE: readonly [string, string, string][] = [
    [
      'replaces the value and keeps the comment',
      'tasks:\n  - id: a\n    status: pending # why\n',
      'tasks:\n  - id: a\n    status: completed # why\n',
    ],
    ['keeps the quotes', "tasks:\n  - id: a\n    status: 'pending'\n", "tasks:\n  - id: a\n    status: 'completed'\n"],
    [
      'adds a line after the id',
      'tasks:\n  - id: a # the first\n    title: x\n',
      'tasks:\n  - id: a # the first\n    status: completed\n    title: x\n',
    ],
    ['adds a line at the end of a text without one', 'tasks:\n- id: a', 'tasks:\n- id: a\n  status: completed'],
    [
      'keeps CRLF',
      'tasks:\r\n  - id: a\r\n  - id: b\r\n',
      'tasks:\r\n  - id: a\r\n    status: completed\r\n  - id: b\r\n',
    ],
    ['adds inside braces', 'tasks:\n  - { id: a, title: x }\n', 'tasks:\n  - { id: a, status: completed, title: x }\n'],
    ['replaces inside braces', 'tasks: [{status: pending, id: a}]\n', 'tasks: [{status: completed, id: a}]\n'],
    [
      'fills an empty value',
      'tasks:\n  - id: a\n    status: # none\n',
      'tasks:\n  - id: a\n    status: completed # none\n',
    ],
    [
      'fills an empty value at the end',
      'tasks:\n  - id: a\n    status:\n',
      'tasks:\n  - id: a\n    status: completed\n',
    ],
    ['finds the task by task_id', 'tasks:\n  - task_id: a\n', 'tasks:\n  - task_id: a\n    status: completed\n'],
    [
      'takes the last of two',
      'tasks:\n  - id: a\n    status: x\n    status: y\n',
      'tasks:\n  - id: a\n    status: x\n    status: completed\n',
    ],
    [
      'leaves other tasks and other statuses alone',
      'x: {status: pending}\ntasks:\n  - id: b\n    status: pending\n',
      'x: {status: pending}\ntasks:\n  - id: b\n    status: pending\n',
    ],
    ['leaves a text that is no plan', 'tasks: [', 'tasks: ['],
  ];
  for (const [name, before, after] of TABLE) {
    it(name, () => {
      assert.equal(writeStatuses(before, done), after);
      assert.equal(writeStatuses(after, done), after);
    });
  }

  it('sets the plan’s own status only where the file has one', () => {
    assert.equal(
      writeStatuses('status: approved\ntasks: []\n', new Map(), 'in_progress'),
      'status: in_progress\ntasks: []\n',
    );
    assert.equal(writeStatuses('tasks: []\n', new Map(), 'in_progress'), 'tasks: []\n');
    assert.equal(writeStatuses('status: approved\n', new Map(), 'null'), 'status: "null"\n');
  });

  /** Tasks in block and flow style, with comments, quotes, missing statuses and either line end. */
  const texts = fc
    .tuple(
      fc.array(
        fc.record({
          flow: fc.boolean(),
          status: fc.option(fc.constantFrom('pending', '"failed"', "'blocked'", 'completed')),
          title: fc.constantFrom('x', '"a: b"', "'it''s'", 'two words'),
          comment: fc.constantFrom('', ' # note', ' # status: pending'),
          first: fc.boolean(),
        }),
        { minLength: 1, maxLength: 6 },
      ),
      fc.constantFrom('\n', '\r\n'),
    )
    .map(([tasks, eol]) => {
      const rows = tasks.flatMap(({ flow, status, title, comment, first }, i) => {
        const pairs = [`id: t${i}`, `title: ${title}`];
        if (status !== null) pairs.splice(first ? 0 : 2, 0, `status: ${status}`);
        if (flow) return [`  - { ${pairs.join(', ')} }${comment}`];
        return pairs.map((pair, j) => `${j === 0 ? '  - ' : '    '}${pair}${comment}`);
      });
      return ['# a plan', 'plan_id: p', 'objective: o', 'tasks:', ...rows, ''].join(eol);
    });
  const wanted = fc.array(fc.constantFrom(...TASK_STATUSES), { minLength: 6, maxLength: 6 });
  it('changes nothing else, is read back, and twice is once', () => {
    fc.assert(
      fc.property(texts, wanted, (text, all) => {
        const asked = new Map(all.map((status, i) => [`t${i}`, status]));
        const written = writeStatuses(text, asked);
        const { plan, problems } = readPlan(written, 'docs/plan/p/plan.yaml');
        assert.ok(plan, JSON.stringify(problems));
        for (const task of plan.tasks) assert.equal(task.status, asked.get(task.id));
        assert.equal(writeStatuses(written, asked), written);
        const back = readPlan(text, 'docs/plan/p/plan.yaml').plan;
        assert.deepEqual(withoutStatus(plan.tasks), withoutStatus(back?.tasks));
        // Where every task had a status and none was quoted anew, the way back gives the same bytes.
        const original = new Map(
          back?.tasks.flatMap(({ id, status }) => (isKnown(status) ? [[id, status] as const] : [])),
        );
        if (count(text) === count(written)) assert.equal(writeStatuses(written, original), text);
      }),
      { numRuns: 500 },
    );
  }).timeout(20_000);
});
