import { deepEqual, equal, match } from 'node:assert/strict';
import { standingOf } from '../../../../src/model/decide/reviewing.ts';
import type { Gate, GateRun } from '../../../../src/model/gate.ts';
import type { Review } from '../../../../src/model/review.ts';
import { attention } from '../../../../src/model/run/view.ts';
import { spentByRole, spentInRun } from '../../../../src/model/crew/spending.ts';
import { type Closing, gateRun, Simulation, task } from '../../../rig/simulation.ts';

const ABOUT = { agent: 'claude', startedAt: 1_000, endedAt: 2_000, changed: [] };
const SAID = { summary: '', remarks: [], criteria: [] };
const run = (review: Review, problems: GateRun['problems'] = []): GateRun => ({
  ...gateRun('review', review.verdict === 'approved'),
  ...(review.verdict === 'none' ? { result: 'error' as const } : {}),
  problems,
  review,
});
const APPROVED = run({ ...ABOUT, ...SAID, verdict: 'approved' });
const REVISE = run({ ...ABOUT, ...SAID, verdict: 'needs_revision' });
const BLOCKED = run({ ...ABOUT, ...SAID, verdict: 'blocked' });
const mute = (more: object = {}): GateRun =>
  run({ ...ABOUT, verdict: 'none', type: 'transient', message: 'nothing', ...more });
const LIMITED = mute({ limit: true, message: 'used up' });

describe('Where a review stands', () => {
  for (const [name, runs, expected] of [
    ['is due at once before its first run', [], { kind: 'due', at: 0 }],
    ['is green when approved', [APPROVED], { kind: 'green' }],
    ['is red when a revision is needed', [REVISE], { kind: 'red', run: REVISE }],
    ['is red when it is blocked', [BLOCKED], { kind: 'red', run: BLOCKED }],
    ['is due again two seconds after no verdict', [mute()], { kind: 'due', at: 4_000 }],
    ['and then four', [mute(), mute()], { kind: 'due', at: 6_000 }],
    ['is mute after three of them', [mute(), mute(), mute()], { kind: 'mute', run: mute() }],
    ['counts no usage limit', [mute(), LIMITED, mute()], { kind: 'due', at: 6_000 }],
    ['waits for a usage limit by its breaker', [LIMITED], { kind: 'due', at: 0 }],
    [
      'is mute at once where a person is needed',
      [mute({ type: 'escalate' })],
      { kind: 'mute', run: mute({ type: 'escalate' }) },
    ],
    ['is green by the last word', [mute(), APPROVED], { kind: 'green' }],
  ] as const)
    it(name, () => deepEqual(standingOf(runs), expected));
});

const gateOn = (...on: Gate['on']): Gate => ({
  name: 'review',
  on,
  command: { agent: 'claude', depth: 'full' },
  problems: [],
});
const at = (file: string): GateRun['problems'][number] => ({
  file,
  range: { line: 1, column: 1, endLine: 1, endColumn: 2 },
  severity: 'error',
  message: 'wrong',
});

/** A run of which each review comes to the next of the answers, the last one for ever. */
function simulate(answers: readonly GateRun[], on: Gate['on'], ids: readonly string[] = ['a']) {
  let asked = 0;
  const closing = (intent: { type: string; at: number; purpose?: { kind: string } }): Closing | undefined => {
    if (
      intent.type !== 'job.intended' ||
      (intent.purpose?.kind !== 'taskGate' && intent.purpose?.kind !== 'candidateGate')
    )
      return undefined;
    const answer = answers[Math.min(asked, answers.length - 1)] ?? APPROVED;
    asked += 1;
    const review = answer.review && { ...answer.review, startedAt: intent.at, endedAt: intent.at + 1 };
    const exit = { code: 0, signal: null, startedAt: 0, endedAt: 0, strays: 0, bytes: 0, dropped: 0 };
    return { type: 'job.ended', end: { kind: 'exited', exit }, gate: { ...answer, ...(review ? { review } : {}) } };
  };
  const simulation = new Simulation(
    ids.map((id) => task(id)),
    { gates: [gateOn(...on)] },
    { closing },
  );
  return { simulation: simulation.approve().run(), asked: () => asked };
}

describe('A gate that is an agent', () => {
  it('has nothing to look at before there is a change', () => {
    const { simulation, asked } = simulate([APPROVED], ['task']);
    equal(asked(), 1);
    deepEqual([...simulation.state.baselines.keys()], []);
  });

  it('that needs a revision spends a retry, and one that is blocked asks a person instead', () => {
    const revised = simulate([REVISE, APPROVED], ['task']).simulation.state;
    deepEqual([revised.ended?.outcome, revised.tasks.get('a')?.retries], ['merged', 1]);
    const blocked = simulate([BLOCKED], ['task']).simulation.state;
    deepEqual([blocked.tasks.get('a')?.retries, attention(blocked)[0]?.kind], [0, 'escalated']);
  });

  it('on a candidate blames whom it names, once, and never asks about the half of it', () => {
    const wrong = run({ ...ABOUT, ...SAID, verdict: 'needs_revision' }, [at('b')]);
    const { simulation, asked } = simulate([wrong, APPROVED], ['wave'], ['a', 'b', 'c']);
    equal(simulation.state.ended?.outcome, 'merged');
    deepEqual(
      ['a', 'b', 'c'].map((id) => simulation.state.tasks.get(id)?.attempts.length),
      [1, 2, 1],
    );
    equal(asked(), 3);
  });

  it('that names nobody asks a person, who lets it go, has it asked again, or stops', () => {
    const { simulation } = simulate([REVISE, REVISE, APPROVED], ['wave'], ['a', 'b']);
    const ask = () => attention(simulation.state)[0];
    match(ask()?.text ?? '', /needs revision\. None of what is to be merged is named|None of what/);
    const answer = (choice: string) =>
      simulation
        .tell({
          type: 'order.accepted',
          order: { id: `${choice}${simulation.events.length}`, type: 'answer', question: ask()?.id ?? '', choice },
        })
        .run();
    answer('again');
    equal(ask()?.kind, 'review');
    answer('accept');
    equal(simulation.state.ended?.outcome, 'merged');
  });

  it('that met a usage limit waits for its end, and holds new attempts of that agent back too', () => {
    const { simulation, asked } = simulate([mute({ limit: true, resetAt: 60_000 }), APPROVED], ['task']);
    equal(simulation.state.ended?.outcome, 'merged');
    equal(asked(), 2);
    deepEqual(
      simulation.events.flatMap(({ type, at: when }) => (type.startsWith('breaker') ? [[type, when >= 60_000]] : [])),
      [
        ['breaker.opened', false],
        ['breaker.closed', true],
      ],
    );
  });

  it('that meets limits of unknown length tries again and again, later and later', () => {
    const { simulation, asked } = simulate([LIMITED, LIMITED, APPROVED], ['task']);
    equal(simulation.state.ended?.outcome, 'merged');
    equal(asked(), 3);
    equal(simulation.events.filter(({ type }) => type === 'breaker.opened').length, 2);
    equal(simulation.state.breakers.size, 0);
  });

  it('costs what it costs: it counts for the task, the run and the role', () => {
    const usage = { inputTokens: 10, outputTokens: 1, cost: 0.5 };
    const { simulation } = simulate([run({ ...ABOUT, ...SAID, verdict: 'approved', usage })], ['task', 'wave']);
    const { state } = simulation;
    deepEqual(spentInRun(state), { inputTokens: 20, outputTokens: 2, cost: 1 });
    deepEqual(spentByRole(state), [['reviewer', { inputTokens: 20, outputTokens: 2, cost: 1 }]]);
  });
});
