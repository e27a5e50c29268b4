import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { refusal } from '../../../../src/model/run/accept.ts';
import { begin } from '../../../../src/model/run/begin.ts';
import { DEFAULT_CONFIG } from '../../../../src/model/config/config.ts';
import { type Event, isIntent } from '../../../../src/model/run/event.ts';
import { evolve } from '../../../../src/model/run/evolve.ts';
import type { AgentOutcome } from '../../../../src/model/run/job.ts';
import { kindNow } from '../../../../src/model/run/stretches.ts';
import type { Attempt, RunState } from '../../../../src/model/run/state.ts';
import { barsOf, endOf, longestChain } from '../../../../src/model/run/timeline.ts';
import { expectedEnd } from '../../../../src/model/shown/ending.ts';
import { outlookOf } from '../../../../src/model/shown/outlook.ts';
import type { Wish } from '../../../../src/model/run/order.ts';
import type { Task } from '../../../../src/model/plan/plan.ts';
import { attention, type Attention, hashInQuestion } from '../../../../src/model/run/view.ts';
import { gate, type Oracle, Simulation, task } from '../../../rig/simulation.ts';

const IDS = ['a', 'b', 'c', 'd', 'e'];

const plans = fc
  .record({
    ids: fc.subarray(IDS, { minLength: 1 }),
    deps: fc.array(fc.subarray([0, 1, 2, 3, 4]), { minLength: 5, maxLength: 5 }),
    waves: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 5, maxLength: 5 }),
    scopes: fc.array(fc.constantFrom(undefined, ['x'], ['y'], ['x', 'y']), { minLength: 5, maxLength: 5 }),
    agents: fc.array(fc.constantFrom('shell', 'claude', 'manual'), { minLength: 5, maxLength: 5 }),
    order: fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }),
  })
  .map(({ ids, deps, waves, scopes, agents, order }): Task[] =>
    // Dependencies point back in an order that differs from plan to plan, so that two of them can make a cycle.
    order.flatMap((place, index) => {
      const id = IDS[place] ?? '';
      const before = new Set(order.slice(0, index).map((other) => IDS[other] ?? ''));
      const dependencies = (deps[place] ?? []).map((other) => IDS[other] ?? '').filter((other) => before.has(other));
      if (!ids.includes(id)) return [];
      const scope = scopes[place];
      const known = dependencies.filter((other) => ids.includes(other));
      return [
        task(id, {
          wave: waves[place] ?? 1,
          agent: agents[place] ?? 'shell',
          dependencies: known,
          ...(scope ? { scope } : {}),
        }),
      ];
    }),
  );

type Act = { after: number } & ({ edit: Task[] } | { wish: Wish['type'] | 'permission' | 'cancelAll'; task: string });

const acts = fc.array(
  fc.oneof(
    fc.record({ after: fc.nat(40), edit: plans }),
    fc.record({
      after: fc.nat(40),
      wish: fc.constantFrom(
        'approve' as const,
        'reject' as const,
        'tell' as const,
        'interrupt' as const,
        'takeover' as const,
        'done' as const,
        'skip' as const,
        'retry' as const,
        'agents' as const,
        'pause' as const,
        'resume' as const,
        'cancel' as const,
        'cancelAll' as const,
        'rollback' as const,
        'answer' as const,
        'permission' as const,
      ),
      task: fc.constantFrom(...IDS),
    }),
  ),
  { maxLength: 12 },
);

/** A person who says yes and no as it comes. */
class Person {
  readonly #simulation: Simulation;
  #said = 0;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  do(act: Act): void {
    const { state } = this.#simulation;
    this.#said += 1;
    if ('edit' in act) this.edit(act.edit);
    else if (act.wish === 'permission') this.ask(act.task);
    else if (act.wish === 'answer') this.answer(attention(state)[0], this.#said);
    else if (act.wish === 'approve' || act.wish === 'reject')
      this.say({ type: act.wish, planHash: hashInQuestion(state), comment: '' });
    else if (act.wish === 'rollback') this.say({ type: 'rollback', tasks: [act.task], tip: state.integration });
    else if (act.wish === 'push') this.say({ type: 'push', remote: 'origin', branches: ['b'] });
    else if (act.wish === 'cancelAll') this.say({ type: 'cancel', rollback: true });
    else if (act.wish === 'agents') this.say({ type: 'agents', most: 1 + (this.#said % 5) });
    else this.say({ type: act.wish, task: act.task, text: 'x' });
  }

  /** Whatever waits is answered so that the run comes nearer to its end. */
  settle(): void {
    const { state } = this.#simulation;
    const [item] = attention(state);
    assert.ok(item, 'not ended and nobody is asked');
    this.answer(item, 0);
  }

  answer(item: Attention | undefined, luck: number): void {
    if (!item) return;
    const choice = item.kind === 'escalated' ? 'skip' : (item.choices[luck % item.choices.length]?.id ?? '');
    if (item.kind === 'approval')
      this.say({
        type: choice === 'reject' ? 'reject' : 'approve',
        planHash: hashInQuestion(this.#simulation.state),
        comment: '',
      });
    else if (item.kind === 'manual' || item.kind === 'taken') this.say({ type: 'done', task: item.task ?? '' });
    else if (item.kind === 'paused') this.say({ type: 'resume' });
    else this.say({ type: 'answer', question: item.id, choice });
  }

  say(wish: Wish): void {
    this.#said += 1;
    const order = { id: `o${this.#said}`, ...wish };
    if (refusal(this.#simulation.state, order) === undefined) this.#simulation.tell({ type: 'order.accepted', order });
  }

  /** What is at work stays at work, whatever the new plan says, and so does what is merged. */
  edit(tasks: readonly Task[]): void {
    const { state } = this.#simulation;
    this.#said += 1;
    this.#simulation.edit(tasks, `h${this.#said}`);
    const { live, tasks: known } = state;
    const before = { live: [...live], done: [...known].filter(([, { settled }]) => settled?.kind === 'done') };
    if (this.#said % 3 === 0) this.say({ type: 'approve', planHash: hashInQuestion(state) });
    assert.deepEqual([...state.live], before.live);
    for (const { task: id, number } of state.live) assert.ok(state.tasks.get(id)?.attempts[number - 1]);
    for (const [id, { settled, task: definition }] of before.done) {
      assert.deepEqual(state.tasks.get(id)?.settled, settled);
      assert.deepEqual(state.tasks.get(id)?.task, definition);
    }
  }

  /** The agent at work on it asks leave. */
  ask(id: string): void {
    const { state } = this.#simulation;
    const job = [...state.open.values()].find(
      (open) => open.type === 'job.intended' && open.purpose.kind === 'agent' && open.purpose.task === id,
    );
    if (!job) return;
    const line = (state.reports.get(job.intent)?.lines ?? 0) + 1;
    const permission = {
      id: `p${this.#said}`,
      tool: 'execute',
      title: 'run',
      detail: '',
      paths: [],
      options: [
        { id: 'y', kind: 'allow_once' as const, name: 'yes' },
        { id: 'n', kind: 'reject_once' as const, name: 'no' },
      ],
    };
    this.#simulation.tell({
      type: 'job.reported',
      job: job.intent,
      line,
      report: { type: 'permissionAsked', permission },
    });
  }
}

describe('a run in an unruly world', () => {
  it('comes to an end, does nothing twice and loses nothing, whatever people say meanwhile and however the plan changes', () => {
    const world = fc.record({
      plan: plans,
      acts,
      luck: fc.infiniteStream(fc.nat(19)),
      mode: fc.constantFrom('waves' as const, 'continuous' as const, 'adaptive' as const),
      onFailure: fc.constantFrom('continue' as const, 'pause' as const, 'stop' as const, 'rollback' as const),
      gates: fc.subarray([gate('task', 'task'), gate('merge', 'merge'), gate('wave', 'wave'), gate('final', 'final')]),
      limits: fc.record({
        batch: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
        budget: fc.option(fc.constantFrom({ run: { tokens: 3 } }, { task: { tokens: 2 } }), { nil: undefined }),
      }),
    });
    fc.assert(
      fc.property(world, ({ plan, acts: todo, luck, mode, onFailure, gates, limits }) => {
        const draw = (): number => luck.next().value ?? 0;
        let now = (): number => 0;
        const usage = { inputTokens: 1, outputTokens: 0 };
        const outcome = (): AgentOutcome | 'interrupted' => {
          const drawn = draw();
          const failed = { kind: 'failed' as const, message: 'no', summary: '', usage };
          if (drawn === 0) return 'interrupted';
          if (drawn === 1) return { ...failed, type: 'transient', limit: true, resetAt: now() + 50 };
          if (drawn === 2) return { ...failed, type: 'transient', limit: true };
          if (drawn === 3) return { ...failed, type: 'escalate' };
          if (drawn < 6) return { ...failed, type: 'fixable' };
          return { kind: 'succeeded', summary: '', usage, session: 's' };
        };
        const verdicts = new Map<string, boolean>();
        const oracle: Oracle = {
          takes: () => 5 + draw(),
          agent: outcome,
          conflicts: (members) => (draw() < 1 ? members.at(-1)?.task : undefined),
          gate: (name, inside, attempt) => {
            if (inside.length === 0) return true;
            const key = JSON.stringify([name, inside, attempt]);
            if (!verdicts.has(key)) verdicts.set(key, draw() > 3);
            return verdicts.get(key) ?? true;
          },
        };
        const { batch, budget } = limits;
        const config = {
          mode,
          onFailure,
          gates,
          limits: { ...DEFAULT_CONFIG.limits, ...(batch ? { batch } : {}), ...(budget ? { budget } : {}) },
        };
        const simulation = new Simulation(plan, config, oracle);
        now = () => simulation.now;
        const person = new Person(simulation);
        for (const act of todo) {
          simulation.run(100_000, simulation.now + act.after);
          person.do(act);
        }
        simulation.run();
        for (let asked = 0; asked < 200 && !simulation.state.ended; asked += 1) {
          person.settle();
          simulation.run();
        }
        checkEnd(simulation);
      }),
      { numRuns: Number(process.env['RUNS'] ?? 150) },
    );
  });
});

function checkEnd({ state, events }: Simulation): void {
  assert.ok(state.ended, 'it goes on for ever');
  assert.equal(state.open.size, 0);
  const intents = events.flatMap((event) => (isIntent(event) ? [event.intent] : []));
  assert.equal(new Set(intents).size, intents.length);
  assertMergedOnce(events);
  if (state.ended.outcome === 'merged') for (const { settled } of state.tasks.values()) assert.ok(settled);
  assert.equal(state.integration, state.merges.at(-1)?.commit ?? 'base');
  const [first, ...others] = events;
  const again = others.reduce(
    (folded, event) => evolve(folded, event),
    begin(first as Event & { type: 'run.started' }),
  );
  assert.deepEqual(again, state);
  assertTimesTold(first as Event & { type: 'run.started' }, others);
}

/** At each moment it is known what each attempt spends its time on, and its time is told without gap or overlap. */
function assertTimesTold(first: Event & { type: 'run.started' }, others: readonly Event[]): void {
  const state = begin(first);
  // Who is at work stays when fewer are allowed from now on.
  let most = state.config.limits.agents;
  for (const event of others) {
    evolve(state, event);
    most = Math.max(most, state.config.limits.agents);
    for (const known of state.tasks.values())
      for (const attempt of known.attempts) {
        const words = `${event.type}: ${known.task.id} ${attempt.number}`;
        assert.equal(attempt.stretches.at(-1)?.kind, kindNow(state, known, attempt), words);
        assertGapless(state, attempt, words);
      }
    assertForetold(state, most);
    const chain = longestChain(state, state.at);
    for (const [index, id] of chain.entries())
      if (index > 0) assert.ok(state.tasks.get(id)?.task.dependencies.includes(chain[index - 1] ?? ''));
  }
}

/** A range of ends that are to come, and a share of the work, are told at each moment. */
function assertForetold(state: RunState, most: number): void {
  const { ending, progress, agents } = outlookOf(state, state.at);
  const { early, likely, late } = ending ?? { early: Infinity, likely: Infinity, late: Infinity };
  assert.equal(likely, expectedEnd(state, state.at) ?? Infinity);
  assert.ok(state.at <= early && early <= likely && likely <= late, `${early} ${likely} ${late}`);
  assert.ok(progress >= 0 && progress <= 1 && agents.atWork <= most, `${progress} ${agents.atWork} ${most}`);
}

function assertGapless(state: RunState, attempt: Attempt, words: string): void {
  const bars = barsOf(state, attempt, state.at);
  const over = attempt.stretches.at(-1)?.kind === 'over' ? attempt.stretches.at(-1)!.from : state.at;
  const holes = attempt.stretches.slice(0, -1).filter(({ kind }) => kind === 'over');
  assert.equal(bars[0]?.from, attempt.startedAt, words);
  for (const [index, { from, to }] of bars.entries()) {
    assert.ok(from <= to && from >= state.startedAt && to <= endOf(state, state.at), words);
    const before = bars[index - 1]?.to ?? from;
    // Only where it was over, and a person was asked what follows, is there a pause.
    assert.ok(holes.length > 0 ? from >= before : from === before, words);
  }
  const sum = bars.reduce((all, { from, to }) => all + to - from, 0);
  if (holes.length === 0) assert.equal(sum, Math.min(over, endOf(state, state.at)) - attempt.startedAt, words);
}

/** What is merged is not begun again. */
function assertMergedOnce(events: readonly Event[]): void {
  const merges = new Map<string, readonly string[]>();
  const over = new Set<string>();
  for (const event of events) {
    if (event.type === 'candidate.formed')
      merges.set(
        `${event.candidate}`,
        event.members.map((member) => member.task),
      );
    if (event.type === 'merge.intended') for (const id of merges.get(`${event.candidate}`) ?? []) over.add(id);
    // What is merged again may turn out not to go with what came meanwhile.
    if (event.type === 'rollback.intended')
      for (const id of [...event.gone, ...event.brought, ...event.kept.map((member) => member.task)]) over.delete(id);
    if (event.type === 'worktree.intended')
      assert.ok(!over.has(event.task), `${event.task} is merged and begins again`);
  }
}
