import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { hotfixPlan } from '../../../src/formats/orchestra/hotfix.ts';
import { readPlan } from '../../../src/model/plan/reader.ts';

const planOf = (wrong: string, agent?: string) => {
  const { plan, problems } = readPlan(hotfixPlan('h', wrong, agent), 'plan.yaml');
  assert.deepEqual(
    problems.filter(({ severity }) => severity !== 'info'),
    [],
  );
  return plan ?? assert.fail('it is no plan');
};

describe('the plan of a hotfix', () => {
  it('is one urgent task whose commit is a fix, with all that was said in it', () => {
    const wrong = 'Login fails on old browsers\n\nThe token has no padding: `atob` throws.\n';
    const { objective, tasks } = planOf(wrong);
    assert.equal(objective, 'Hotfix: Login fails on old browsers');
    const [task] = tasks;
    assert.equal(tasks.length, 1);
    assert.equal(task?.title, 'fix: login fails on old browsers');
    assert.equal(task.description, wrong.trim());
    assert.equal(task.priority, 'high');
    assert.equal(task.agent, undefined);
    assert.equal(planOf(wrong, 'auto').tasks[0]?.agent, 'auto');
  });

  it('keeps a title that is a conventional commit already', () =>
    assert.equal(planOf('fix(auth)!: refuse old tokens').tasks[0]?.title, 'fix(auth)!: refuse old tokens'));

  it('is a plan whatever is said', () =>
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }).filter((text) => text.trim() !== ''),
        (wrong) => assert.equal(planOf(wrong).tasks[0]?.description, wrong.trim()),
      ),
    ));
});
