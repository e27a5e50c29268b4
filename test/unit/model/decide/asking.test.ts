import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { wishFor } from '../../../../src/cli/asking/prepared-answers.ts';
import { readQuestions } from '../../../../src/model/crew/asking.ts';
import { DEFAULT_CONFIG } from '../../../../src/model/config/config.ts';
import type { AgentOutcome } from '../../../../src/model/run/job.ts';
import type { Happening } from '../../../../src/model/run/event.ts';
import type { Wish } from '../../../../src/model/run/order.ts';
import { refusal } from '../../../../src/model/run/accept.ts';
import { attention, rest } from '../../../../src/model/run/view.ts';
import { Simulation, task } from '../../../rig/simulation.ts';

const TWO = [
  { id: 'storage', question: 'Where are notes kept?', options: ['In a file', { label: 'In SQLite' }] },
  { id: 'Colour', question: 'Which colour?', options: ['红', '蓝', 'Own', 'Stop'] },
];
const report = (questions?: unknown): string =>
  JSON.stringify({ status: 'needs_revision', summary: 'open', extra: questions === undefined ? {} : { questions } });

describe('The questions of a report', () => {
  it('have names that can be typed, options as they were said, and room for another answer', () => {
    const read = readQuestions(`Here:\n\`\`\`json\n${report(TWO)}\n\`\`\``);
    assert.deepEqual(read.ok && read.value, [
      {
        id: 'storage',
        question: 'Where are notes kept?',
        choices: [
          { id: 'in-a-file', label: 'In a file' },
          { id: 'in-sqlite', label: 'In SQLite' },
          { id: 'own', label: 'Another answer' },
        ],
      },
      {
        id: 'colour',
        question: 'Which colour?',
        choices: [
          { id: '1', label: '红' },
          { id: '2', label: '蓝' },
          { id: 'own-2', label: 'Own' },
          { id: 'stop', label: 'Stop' },
          { id: 'own', label: 'Another answer' },
        ],
      },
    ]);
  });

  for (const [what, text] of [
    ['no report', 'All is planned.'],
    ['a report without extra', '{"status": "completed", "summary": ""}'],
    ['an empty list', report([])],
    ['nothing', report()],
  ] as const)
    it(`are none in ${what}`, () => assert.deepEqual(readQuestions(text), { ok: true, value: [] }));

  for (const [what, questions, says] of [
    ['six', Array.from({ length: 6 }, () => TWO[0]), /<=5 items/],
    ['one option', [{ id: 'a', question: 'B?', options: ['c'] }], />=2 items.*options/],
    ['five options', [{ id: 'a', question: 'B?', options: ['1', '2', '3', '4', '5'] }], /<=4 items/],
    ['no question', [{ id: 'a', options: ['1', '2'] }], /question/],
    ['no list', 'What?', /expected array/],
  ] as const)
    it(`are refused with the reason: ${what}`, () => {
      const read = readQuestions(report(questions));
      assert.match(read.ok ? '' : read.failure, says);
    });

  it('have names of their own, whatever the report says', () => {
    const words = fc.string({ minLength: 1 }).filter((text) => text.trim() !== '');
    const question = fc.record({
      id: words,
      question: words,
      options: fc.array(words, { minLength: 2, maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(question, { minLength: 1, maxLength: 5 }), (questions) => {
        const read = readQuestions(report(questions));
        const asked = read.ok ? read.value : assert.fail(read.failure);
        for (const ids of [asked.map(({ id }) => id), ...asked.map(({ choices }) => choices.map(({ id }) => id))])
          assert.equal(new Set(ids).size, ids.length, ids.join());
      }),
    );
  });
});

const order = (wish: Wish): Happening => ({
  type: 'order.accepted',
  order: { id: JSON.stringify(wish), ...wish },
});

describe('A planner that asks', () => {
  const DONE: AgentOutcome = { kind: 'succeeded', summary: '{"status": "completed", "summary": ""}', session: 's' };
  const ASKS: AgentOutcome = { ...DONE, summary: report(TWO) };
  const planning = (turns: readonly AgentOutcome[], resumes: boolean) => {
    let turn = 0;
    const agents = {
      p: {
        name: 'claude',
        manual: false,
        role: 'planner',
        reports: true as const,
        ...(resumes ? { resumes: true as const } : {}),
      },
    };
    const limits = { ...DEFAULT_CONFIG.limits, retries: 1 };
    const oracle = { agent: () => turns[Math.min(turn++, turns.length - 1)] ?? DONE };
    return new Simulation([task('p')], { limits }, oracle, agents).approve().run();
  };
  const answer = (
    simulation: Simulation,
    ...answers: readonly [question: string, choice: string, comment?: string][]
  ) => {
    for (const [question, choice, comment] of answers)
      simulation.tell(
        order({ type: 'answer', question: `asks:p:${question}`, choice, ...(comment ? { comment } : {}) }),
      );
    return simulation.run();
  };
  const turnsOf = ({ events }: Simulation) =>
    events.flatMap((event) =>
      event.type === 'job.intended' && event.purpose.kind === 'agent'
        ? [[event.purpose.attempt, event.purpose.message]]
        : [],
    );

  it('waits for every answer, and its session goes on with them', () => {
    const simulation = planning([ASKS, DONE], true);
    assert.equal(rest(simulation.state), 'waiting');
    assert.deepEqual(
      attention(simulation.state).map(({ id, text }) => [id, text]),
      [
        ['asks:p:storage', 'Where are notes kept?'],
        ['asks:p:colour', 'Which colour?'],
      ],
    );
    answer(simulation, ['colour', 'stop']);
    assert.equal(rest(simulation.state), 'waiting', 'a choice that is called "stop" stops nothing');
    answer(simulation, ['storage', 'own', 'In memory']);
    assert.equal(simulation.state.ended?.outcome, 'merged');
    const said = 'the answers to your questions:\n- Which colour? Stop\n- Where are notes kept? In memory';
    assert.deepEqual(turnsOf(simulation), [
      [1, undefined],
      [1, said],
    ]);
  });

  it('begins again with the answers where it cannot go on with its session', () => {
    const simulation = answer(planning([ASKS, DONE], false), ['storage', 'in-a-file'], ['colour', '1']);
    assert.equal(simulation.state.ended?.outcome, 'merged');
    assert.deepEqual(turnsOf(simulation), [
      [1, undefined],
      [2, undefined],
    ]);
    assert.deepEqual(simulation.state.tasks.get('p')?.answers, ['Where are notes kept? In a file', 'Which colour? 红']);
    assert.equal(simulation.state.tasks.get('p')?.retries, 0);
  });

  for (const resumes of [true, false])
    it(`is answered three times and no more${resumes ? '' : ', over all attempts'}`, () => {
      const simulation = planning([ASKS], resumes);
      for (let round = 0; round < 3; round += 1) answer(simulation, ['storage', 'in-a-file'], ['colour', '1']);
      assert.equal(simulation.state.ended?.outcome, 'failed');
      const failed = simulation.events.findLast((event) => event.type === 'attempt.failed');
      assert.match(failed?.failure.message ?? '', /It asked often enough/);
    });

  it('is told what is wrong with questions that cannot be asked', () => {
    const simulation = planning([{ ...ASKS, summary: report([{ id: 'a' }]) }, DONE], true);
    assert.equal(simulation.state.ended?.outcome, 'merged');
    const failed = simulation.events.find((event) => event.type === 'attempt.failed');
    assert.match(failed?.failure.message ?? '', /Its questions cannot be asked: .*extra\.questions/);
  });

  it('is heard only with words where the answer is a person’s own', () => {
    const { state } = planning([ASKS], true);
    const own = { id: '', type: 'answer', question: 'asks:p:storage', choice: 'own' } as const;
    assert.match(refusal(state, own) ?? '', /--comment/);
    assert.match(refusal(state, { ...own, comment: ' ' }) ?? '', /--comment/);
    assert.equal(refusal(state, { ...own, comment: 'In memory' }), undefined);
  });

  it('is cancelled while it waits', () => {
    const simulation = planning([ASKS], true);
    simulation.tell(order({ type: 'cancel' }));
    assert.equal(simulation.run().state.ended?.outcome, 'cancelled');
  });
});

describe('Answers that were written down', () => {
  const read = readQuestions(report(TWO));
  const [storage] = read.ok ? read.value : [];
  const question = { kind: 'asked' as const, id: 'asks:plan:storage', choices: storage?.choices ?? [] };
  for (const [said, choice, comment] of [
    ['in sqlite', 'in-sqlite', undefined],
    ['in-a-file', 'in-a-file', undefined],
    ['2', 'in-sqlite', undefined],
    ['3', 'own', '3'],
    ['In the cloud', 'own', 'In the cloud'],
  ] as const)
    it(`take "${said}" for ${choice}`, () => {
      const wish = wishFor(question, new Map([['storage', said]]));
      assert.deepEqual(wish, { type: 'answer', question: question.id, choice, ...(comment ? { comment } : {}) });
    });

  it('leave the others, and what is no question of an agent, to a person', () => {
    assert.equal(wishFor(question, new Map([['other', '1']])), undefined);
    assert.equal(wishFor({ ...question, kind: 'escalated' }, new Map([['storage', '1']])), undefined);
  });
});
