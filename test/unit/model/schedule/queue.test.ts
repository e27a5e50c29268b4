import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { Member } from '../../../../src/model/run/event.ts';
import { nextStep, type Step } from '../../../../src/model/schedule/queue.ts';
import { type Candidate, keyOf } from '../../../../src/model/run/state.ts';
import { gateRun } from '../../../rig/simulation.ts';

type Verdict = (tasks: readonly string[]) => boolean;

const members = (...tasks: string[]): Member[] => tasks.map((task) => ({ task, attempt: 1, commit: `c-${task}` }));

const candidate = (of: readonly Member[], gates = ['g']): Candidate => ({
  number: 1,
  onto: 'tip',
  members: of,
  gates,
  builds: new Map([['', { commit: 'tip' }]]),
  runs: new Map(),
  waived: new Set(),
});

/** Follows the search to its end, answering as `green` says; counts gate runs. */
function search(of: readonly Member[], green: Verdict): { step: Step; runs: number } {
  const subject = candidate(of);
  for (let runs = 0; runs < 1_000;) {
    const step = nextStep(subject, new Map());
    if (step.do === 'build') subject.builds.set(step.key, { commit: step.key });
    else if (step.do === 'gate') {
      const tasks = step.key === '' ? [] : step.key.split('\n').map((name) => name.slice(2));
      const known = subject.runs.get(step.key) ?? new Map();
      known.set(step.gate, [...(known.get(step.gate) ?? []), gateRun(step.gate, green(tasks))]);
      subject.runs.set(step.key, known);
      runs += 1;
    } else return { step, runs };
  }
  throw new Error('the search does not end');
}

/** Evicts and goes on until the rest is accepted, as the run does. */
function settle(
  tasks: readonly string[],
  green: Verdict,
): { merged: string[]; evicted: { task: string; with: readonly string[] }[] } {
  let left = members(...tasks);
  const evicted: { task: string; with: readonly string[] }[] = [];
  while (left.length > 0) {
    const { step } = search(left, green);
    if (step.do === 'accept') break;
    assert.equal(step.do, 'evict');
    if (step.do !== 'evict') break;
    evicted.push({ task: step.member.task, with: step.failure.kind === 'together' ? step.failure.with : [] });
    left = left.filter(({ task }) => task !== step.member.task);
  }
  return { merged: left.map(({ task }) => task), evicted };
}

const EIGHT = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

describe('the merge queue', () => {
  it('accepts a green candidate after one run of its gate', () => {
    const { step, runs } = search(members(...EIGHT), () => true);
    assert.deepEqual(step, { do: 'accept', commit: keyOf(members(...EIGHT)) });
    assert.equal(runs, 1);
  });

  it('asks for the tree before its gates', () => {
    const step = nextStep(candidate(members('a', 'b')), new Map());
    assert.equal(step.do, 'build');
  });

  it('names two members that are red only together, and evicts the later', () => {
    const { merged, evicted } = settle(EIGHT, (tasks) => !(tasks.includes('b') && tasks.includes('g')));
    assert.deepEqual(evicted, [{ task: 'g', with: ['b'] }]);
    assert.deepEqual(merged, ['a', 'b', 'c', 'd', 'e', 'f', 'h']);
  });

  it('blames a member that is red alone, with its own failure', () => {
    const { merged, evicted } = settle(EIGHT, (tasks) => !tasks.includes('e'));
    assert.deepEqual(evicted, [{ task: 'e', with: [] }]);
    assert.equal(merged.length, 7);
  });

  it('blames nobody when the tip is red without them', () => {
    const { step } = search(members('a', 'b'), () => false);
    assert.equal(step.do, 'askTip');
  });

  it('asks when a gate says one thing and then another about the same tree', () => {
    let first = true;
    const { step } = search(members('a', 'b'), () => {
      const verdict = !first;
      first = false;
      return verdict;
    });
    assert.deepEqual(step, { do: 'askFlaky', gate: 'g' });
  });

  it('evicts the member at which the merge stops', () => {
    const subject = candidate(members('a', 'b'));
    subject.builds.set(keyOf(subject.members), { task: 'b', paths: ['x.ts'], with: ['a'] });
    const step = nextStep(subject, new Map());
    assert.equal(step.do === 'evict' && step.member.task, 'b');
    assert.equal(step.do === 'evict' && step.failure.kind, 'conflict');
  });

  it('needs few runs: at most 4 + 2 log2(n) to find one culprit among 64', () => {
    const tasks = Array.from({ length: 64 }, (_, index) => `t${index}`);
    const { runs } = search(members(...tasks), (inside) => !inside.includes('t41'));
    assert.ok(runs <= 4 + 2 * 6, `${runs} runs`);
  });

  it('leaves a green rest and evicts no member that breaks nothing, whatever is broken', () => {
    const sets = fc.array(fc.subarray(EIGHT, { minLength: 1, maxLength: 2 }), { maxLength: 4 });
    fc.assert(
      fc.property(sets, (broken) => {
        const green: Verdict = (tasks) => broken.every((set) => !set.every((task) => tasks.includes(task)));
        const { merged, evicted } = settle(EIGHT, green);
        assert.ok(green(merged));
        for (const { task, with: partners } of evicted) {
          assert.ok(
            broken.some((set) => set.includes(task)),
            `${task} was innocent`,
          );
          if (partners.length === 0) assert.ok(!green([task]), `${task} is green alone`);
          else assert.ok(!green([task, ...partners]) || broken.some((set) => set.includes(task)));
        }
      }),
    );
  });
});
