import { strict as assert } from 'node:assert';
import { errorsOf, imported } from './fixtures.ts';

describe('work items of /parallel-dev', () => {
  it('are tasks named after their worktrees, side by side, over several lines', () => {
    const text =
      '# Today\n\n/parallel-dev "Add a login page" login-page\n  "Fix the footer" bg-footer\n\n"not one" of-them\n';
    const read = imported({ path: 'today.md', text });
    assert.deepEqual(
      read.plan?.tasks.map(({ id, title, wave }) => [id, title, wave]),
      [
        ['login-page', 'Add a login page', 1],
        ['bg-footer', 'Fix the footer', 1],
      ],
    );
    assert.deepEqual(read.origin(['tasks', 1]), { file: 'today.md', line: 4, column: 3 });
  });

  it('that are not ready are refused with their place and the rule', () => {
    const errors = errorsOf(imported({ path: 'today.md', text: '/parallel-dev "" login "Add it" Log_In\n' }));
    assert.match(errors[0] ?? '', /^1:15 NO_DESCRIPTION/);
    assert.match(errors[1] ?? '', /^1:24 INVALID_FORMAT: "Log_In" .*Did you mean "log-in"\?/);
  });

  it('that are read all the same are doubted in two tiers: what to look at, and what would help', () => {
    const text = '/parallel-dev "Login" login "Add a page so that people can log in" page "login" again\n';
    const said = (problems: readonly { severity: string; message: string; range: { column: number } }[]): string[] =>
      problems.map(({ severity, message, range }) => `${range.column} ${severity} ${/^\w+/.exec(message)?.[0] ?? ''}`);
    const found = imported({ path: 'today.md', text });
    assert.equal(found.plan?.tasks.length, 3);
    const doubts = [
      '15 warning SHORT_DESCRIPTION',
      '15 info NO_CRITERIA',
      '73 warning SHORT_DESCRIPTION',
      '73 warning SAME_DESCRIPTION',
      '73 info NO_CRITERIA',
    ];
    assert.deepEqual(
      said(found.problems).filter((line) => /_/.test(line)),
      doubts,
    );
    const items = [{ id: 'w1', description: 'Login', worktree_name: 'a' }];
    const plan = imported({ path: 'e.json', text: JSON.stringify({ run_id: 'r', work_items: items }, undefined, 2) });
    assert.deepEqual(
      said(plan.problems).filter((line) => /_/.test(line)),
      ['5 warning SHORT_DESCRIPTION', '5 info NO_CRITERIA'],
    );
  });

  it('of an execution plan keep every key that is not read', () => {
    const plan = {
      run_id: '20260101-120000-abc123',
      version: '1.0',
      work_items: [{ id: 'w1', description: 'Add it', worktree_name: 'add-it', branch_name: 'parallel/add-it' }],
      wave_plan: { waves: [['w1']] },
    };
    const read = imported({ path: 'execution-plan.json', text: JSON.stringify(plan, undefined, 2) });
    assert.equal(read.plan?.id, '20260101-120000-abc123');
    assert.match(read.native ?? '', /branch_name: parallel\/add-it[\s\S]*wave_plan:/);
  });
});
