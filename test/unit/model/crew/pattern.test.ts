import { deepEqual, equal, match, ok } from 'node:assert/strict';
import * as fc from 'fast-check';
import { markersText } from '../../../../src/agents/markers.ts';
import { buildPrompt } from '../../../../src/agents/prompt.ts';
import { TextProtocol } from '../../../../src/agents/text-protocol.ts';
import { type Config, DEFAULT_CONFIG } from '../../../../src/model/config/config.ts';
import { correlationId } from '../../../../src/model/crew/correlation.ts';
import { type Pattern, patterned } from '../../../../src/model/crew/pattern.ts';
import { readPlan } from '../../../../src/model/plan/reader.ts';
import { gate, Simulation, task } from '../../../rig/simulation.ts';

const limits = DEFAULT_CONFIG.limits;

describe('The pattern of a platform', () => {
  const table: [
    what: string,
    pattern: Pattern,
    agent: string,
    batch: number | undefined,
    agents: number,
    correlation: boolean,
  ][] = [
    ['nothing', {}, 'auto', undefined, 4, false],
    ['auto', { platform: 'auto' }, 'auto', undefined, 4, false],
    ['claude', { platform: 'claude' }, 'claude', undefined, 4, false],
    ['gpt', { platform: 'gpt' }, 'codex', undefined, 4, false],
    ['gemini', { platform: 'gemini' }, 'gemini', 4, 4, true],
    ['gemini with a batch', { platform: 'gemini', batch: 5 }, 'gemini', 5, 5, true],
    ['gemini without correlation', { platform: 'gemini', correlation: false }, 'gemini', 4, 4, false],
    ['generic', { platform: 'generic' }, 'manual', undefined, 4, false],
    ['open-source', { platform: 'open-source' }, 'opencode', undefined, 4, false],
    ['any with batch and correlation', { batch: 2, correlation: true }, 'auto', 2, 2, true],
  ];
  for (const [what, pattern, agent, batch, agents, correlation] of table) {
    it(`of ${what}: ${agent}, batches of ${batch}`, () => {
      const config = patterned(DEFAULT_CONFIG, pattern);
      deepEqual(
        [config.agents.default, config.limits.batch, config.limits.agents, config.correlation],
        [agent, batch, agents, correlation],
      );
      equal(config.agents.settings[agent]?.markers, pattern.platform === 'open-source' ? true : undefined);
    });
  }

  it('keeps what orchestrate.yaml says', () => {
    const own: Config = {
      ...DEFAULT_CONFIG,
      limits: { ...limits, batch: 3 },
      correlation: true,
      agents: { ...DEFAULT_CONFIG.agents, default: 'copilot', settings: { opencode: { model: 'm' } } },
    };
    const config = patterned(own, { platform: 'open-source' });
    deepEqual(
      [config.limits.batch, config.correlation, config.agents.settings['opencode']],
      [3, true, { model: 'm', markers: true }],
    );
    equal(patterned(own, {}).agents.default, 'copilot');
  });

  it('is read from a plan that came from elsewhere', () => {
    const text = (platform: string): string =>
      `plan_id: p\nobjective: o\norchestration: { platform: ${platform} }\ntasks: [{ id: a }]\n`;
    deepEqual(
      ['GPT', 'open_source', '"auto-detect|claude|gpt"'].map(
        (word) => readPlan(text(word), 'plan.yaml').plan?.platform,
      ),
      ['gpt', 'open-source', undefined],
    );
  });
});

describe('Batches', () => {
  /** For each first attempt, the tasks that had begun and were neither settled nor queued then. */
  function overlaps(simulation: Simulation, batch: number): string[] {
    const wrong: string[] = [];
    const [begun, through] = [new Set<string>(), new Set<string>()];
    let current: string[] = [];
    for (const event of simulation.events) {
      if (event.type === 'worktree.intended' && event.attempt === 1) {
        const isNew = current.every((id) => through.has(id));
        if (isNew) current = [];
        current.push(event.task);
        begun.add(event.task);
        if (current.length > batch) wrong.push(`${current.join(', ')} are one batch`);
      }
      if (event.type === 'attempt.accepted' || (event.type === 'attempt.failed' && event.next.kind === 'giveUp'))
        through.add(event.task);
      if (event.type === 'attempt.failed' && event.next.kind !== 'giveUp') through.delete(event.task);
    }
    return wrong;
  }

  it('begin one after the other, each when all of the one before is through', () => {
    const tasks = Array.from({ length: 5 }, (_, i) => task(`t${i}`));
    const takes = (id: string): number => (id === 't0' ? 1000 : 10);
    const simulation = new Simulation(tasks, { limits: { ...limits, agents: 4, batch: 2 } }, { takes }).approve().run();
    equal(simulation.state.ended?.outcome, 'merged');
    deepEqual(overlaps(simulation, 2), []);
    const begins = simulation.events.flatMap((event) => (event.type === 'worktree.intended' ? [event.at] : []));
    equal(new Set(begins).size, 3);
    ok((begins[2] ?? 0) > (begins[0] ?? 0) + 1000);
  });

  it('come to the end whatever fails, in waves with gates too', () => {
    const shape = fc.record({
      tasks: fc.integer({ min: 1, max: 12 }),
      batch: fc.integer({ min: 1, max: 5 }),
      waves: fc.integer({ min: 1, max: 3 }),
      failing: fc.integer({ min: 0, max: 12 }),
      mode: fc.constantFrom('waves' as const, 'continuous' as const),
    });
    fc.assert(
      fc.property(shape, ({ tasks: number, batch, waves, failing, mode }) => {
        const tasks = Array.from({ length: number }, (_, i) => task(`t${i}`, { wave: 1 + (i % waves) }));
        const config = { mode, gates: [gate('test', 'wave', 'final')], limits: { ...limits, agents: batch, batch } };
        const simulation = new Simulation(tasks, config, {
          agent: (id, attempt) =>
            id === `t${failing}` && attempt < 3
              ? { kind: 'failed', type: 'fixable', message: 'no', summary: '' }
              : { kind: 'succeeded', summary: '' },
        })
          .approve()
          .run();
        equal(simulation.state.ended?.outcome, 'merged');
        deepEqual(overlaps(simulation, batch), []);
      }),
    );
  });
});

describe('A correlation id', () => {
  it('is one of a task in a run, and stands in the prompt with where it is to be repeated', () => {
    equal(correlationId('p-1', 'A'), correlationId('p-1', 'A'));
    ok(
      correlationId('p-1', 'A') !== correlationId('p-2', 'A') &&
        correlationId('p-1', 'A') !== correlationId('p-1', 'B'),
    );
    const parts = { objective: 'o', task: task('A'), contracts: [] };
    match(
      buildPrompt({ ...parts, correlation: 'p-1.0a' }),
      /^# Correlation\n\n.*`p-1\.0a`.*\n\n\[CORRELATION: p-1\.0a\]$/m,
    );
    ok(!buildPrompt(parts).includes('orrelation'));
  });

  it('is no marker of progress: those are asked for apart', () => {
    const text = buildPrompt({ objective: 'o', task: task('AUTH_IMPL'), contracts: [], markers: true });
    for (const part of [
      '[STATUS: STARTED]',
      '[STATUS: PROGRESS-25%]',
      '[STATUS: BLOCKED]',
      '[COMPLETE]',
      '[FAILED] the reason',
      'agentId: "AUTH_IMPL"',
      'completedTasks:',
      'blockers: none',
      '[ERROR: Agent AUTH_IMPL failed]',
      'Recommendation:',
    ])
      ok(text.includes(part), part);
  });

  it('asks for markers that are then understood', () => {
    const protocol = new TextProtocol();
    const read = markersText('AUTH_IMPL')
      .split('\n')
      .flatMap((line) => protocol.line(line))
      .concat(protocol.end());
    const states = new Set(read.map(({ state }) => state));
    for (const state of ['started', 'working', 'blocked', 'complete', 'failed'] as const) ok(states.has(state), state);
  });
});
