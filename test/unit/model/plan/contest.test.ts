import { strict as assert } from 'node:assert';
import { idInFile, withContestants } from '../../../../src/model/plan/contest.ts';
import { readPlan } from '../../../../src/model/plan/reader.ts';
import { conflictsOf } from '../../../../src/model/schedule/graph.ts';

const read = (text: string) => readPlan(`plan_id: p\nobjective: o\ntasks:\n${text}`, 'docs/plan/p/plan.yaml');
const run = (text: string) => withContestants(read(text).plan ?? assert.fail());

describe('a task of several agents', () => {
  it('is a task for each of them, with a name of its own', () => {
    const { tasks } = run(
      '  - { id: a, title: Greet, agents: [claude, codex, codex], pick: person, scope: [a.txt] }\n  - { id: a@codex }\n',
    );
    assert.deepEqual(
      tasks.map(({ id, title, agent, pick, scope }) => [id, title, agent, pick, scope]),
      [
        ['a@claude', 'Greet (claude)', 'claude', 'person', ['a.txt']],
        ['a@codex-2', 'Greet (codex-2)', 'codex', 'person', ['a.txt']],
        ['a@codex-3', 'Greet (codex-3)', 'codex', 'person', ['a.txt']],
        ['a@codex', 'a@codex', undefined, undefined, undefined],
      ],
    );
    assert.deepEqual(tasks.map(idInFile), ['a', 'a', 'a', 'a@codex']);
  });

  it('is waited for, kept apart and promised to as all of them, which may be at work beside each other', () => {
    const plan = run(
      '  - { id: a, agents: [claude, codex], scope: [a.txt] }\n  - { id: b, dependencies: [a] }\n  - { id: c, conflicts_with: [a] }\n',
    );
    const [first, , b] = plan.tasks;
    assert.deepEqual(b?.dependencies, ['a@claude', 'a@codex']);
    assert.equal(first?.contest, 'a');
    assert.deepEqual([...(conflictsOf(plan).get('a@claude') ?? [])], ['c']);
    const contracts = [{ fromTask: 'a', toTask: 'b', interface: 'i', format: 'f' }];
    const promised = withContestants({
      ...(read('  - { id: a, agents: [x, y] }\n  - { id: b }\n').plan ?? plan),
      contracts,
    });
    assert.deepEqual(
      promised.contracts.map(({ fromTask, toTask }) => [fromTask, toTask]),
      [
        ['a@x', 'b'],
        ['a@y', 'b'],
      ],
    );
  });

  it('of one agent is a task like any other, and so is every task without', () => {
    const { plan } = read('  - { id: a, agents: [claude] }\n  - { id: b }\n');
    assert.equal(plan?.tasks[0]?.agent, 'claude');
    assert.ok(plan);
    assert.equal(withContestants(plan), plan);
  });

  it('says what is wrong with how it says so', () => {
    const messages = read('  - { id: a, agents: [shell, claude], pick: best }\n').problems.map(
      ({ message }) => message,
    );
    assert.deepEqual(messages, ['tasks[1].pick must be "smallest" or "person".']);
    const codes = read('  - { id: a, agents: [claude, shell] }\n').problems.map(({ code }) => code);
    assert.ok(codes.includes('run-missing'));
    const unusable = read('  - { id: a, agents: [claude, "x\\u0007"] }\n').problems.map(({ code }) => code);
    assert.ok(unusable.includes('id-unusable'));
  });
});
