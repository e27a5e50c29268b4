import { strict as assert } from 'node:assert';
import { configText } from '../../../src/formats/imported-config.ts';
import { waveNumber } from '../../../src/formats/llm/gates.ts';
import { readConfig } from '../../../src/model/config/reader.ts';
import { errorsOf, fixture, imported } from './fixtures.ts';

const files = [fixture('llm/plan.json'), fixture('llm/gates.json')];

describe('an LLM-native plan', () => {
  it('becomes tasks: an agent each, the wave by its name, one after the other where it is not parallel', () => {
    const { plan } = imported(files);
    assert.deepEqual(
      plan?.tasks.map(({ id, wave, dependencies, scope }) => [id, wave, dependencies, scope]),
      [
        ['AUTH_IMPL', 1, [], undefined],
        ['LOG_IMPL', 1, [], ['src/log/', 'src/main.ts']],
        ['PROFILE', 2, ['AUTH_IMPL'], undefined],
        ['DOCS', 2, ['PROFILE'], undefined],
      ],
    );
  });

  it('whose values are lists of all choices is explained, with the place', () => {
    const problem = imported(files).problems.find(({ message }) => message.includes('all choices'));
    assert.equal(problem?.range.line, 4);
    assert.match(problem?.message ?? '', /taken for auto\. Keep one of them/);
  });

  it('keeps what is not read, also under names of ours', () => {
    const { native = '', kept } = imported(files);
    assert.deepEqual(
      kept.map(({ key, place }) => [key, place.line]),
      [
        ['runId', 6],
        ['agents[].riskLevel', 19],
        ['agents[].status', 20],
      ],
    );
    for (const word of [
      'runId: 20260401-101500-abcdef',
      'riskLevel: high',
      'status: claimed',
      'branch: parallel/second',
      'conflictHandling: pause-and-resolve',
    ])
      assert.ok(native.includes(word), word);
  });

  it('runs the gates that orchestrate.yaml has and keeps the names of others', () => {
    const read = imported(files, { gates: ['lint'] });
    assert.deepEqual(read.plan?.tasks[0]?.gates, ['lint']);
    assert.match(read.native ?? '', /quality_gates:\n {6}- unit-tests/);
    assert.match(read.problems.find(({ code }) => code === 'unknown-gate')?.message ?? '', /no gate "unit-tests"/);
  });

  it('has gates on waves and at the end, with what is to be done after them as data', () => {
    const { config, problems } = imported(files);
    assert.deepEqual(config?.gates[2], {
      name: 'integration-tests',
      on: ['wave'],
      wave: 2,
      onFailure: 'rollback-and-retry',
      onSuccess: 'proceed',
    });
    assert.deepEqual(config?.gates[3], {
      name: 'e2e-tests',
      on: ['final'],
      onFailure: 'manual-review',
      onSuccess: 'merge-all',
    });
    assert.deepEqual([config?.mode, config?.onFailure, config?.onConflict], ['adaptive', 'stop', 'ask']);
    assert.ok(problems.some(({ message }) => message.startsWith('"sometimes" names no wave')));
  });

  it('says of each gate what follows where a task fails for good because of it, and apart from that of any', () => {
    assert.deepEqual(configText(imported(files).config!).split('\n').slice(0, 8), [
      '# gates:',
      '#   "unit-tests": { run: "…", on: [wave], on_failure: pause }',
      '#   "lint": { run: "…", on: [wave], on_failure: pause }',
      '#   "integration-tests": { run: "…", on: [wave], on_failure: rollback }',
      '#   "e2e-tests": { run: "…", on: [final], on_failure: pause }',
      '#   "luck": { run: "…", on: [final], on_failure: pause }',
      'mode: adaptive',
      'on_failure: stop',
    ]);
  });

  it('gives its gates the prompts that lie beside it, without how they are to be answered', () => {
    const prompts = {
      path: 'llm/prompts.md',
      text: [
        '```markdown',
        '## QUALITY GATE: Unit Tests',
        '',
        'Run unit tests for completed work in Wave 1:',
        '',
        '1. Execute test suite for AUTH service',
        '',
        'Report results in format:',
        '[GATE: unit-tests] Service: AUTH - PASSED (45/45 tests)',
        '',
        'If any failures, provide:',
        '',
        '```sh',
        '## no heading',
        '```',
        '',
        '- Suggested fixes',
        '```',
        '',
        '## QUALITY GATE: Wording',
        'Read each text.',
        '### What counts',
        'Short ones.',
        '## Something else',
        'Not this.',
      ].join('\n'),
    };
    const { config, problems } = imported([...files, prompts]);
    assert.deepEqual(
      config?.gates.flatMap(({ name, on, wave, prompt }) => (prompt === undefined ? [] : [{ name, on, wave, prompt }])),
      [
        {
          name: 'unit-tests',
          on: ['wave'],
          wave: 1,
          prompt:
            'Run unit tests for completed work in Wave 1:\n\n1. Execute test suite for AUTH service\n\nIf any failures, provide:\n\n```sh\n## no heading\n```\n\n- Suggested fixes',
        },
        {
          name: 'wording',
          on: ['final'],
          wave: undefined,
          prompt: 'Read each text.\n### What counts\nShort ones.',
        },
      ],
    );
    assert.deepEqual(problems, imported(files).problems);
    const read = readConfig(configText(config), 'orchestrate.yaml');
    assert.deepEqual(read.problems, []);
    assert.deepEqual(
      read.config?.gates.map(({ name, command, onFailure }) => ({ name, command, onFailure })),
      config?.gates.flatMap(({ name, prompt, wave }) =>
        prompt === undefined
          ? []
          : [
              {
                name,
                command: { agent: 'auto', depth: 'standard', prompt },
                onFailure: wave === 1 ? 'pause' : undefined,
              },
            ],
      ),
    );
    const alone = imported(prompts);
    assert.deepEqual(
      alone.config?.gates.map(({ name, on }) => [name, on]),
      [
        ['unit-tests', ['wave']],
        ['wording', ['final']],
      ],
    );
  });

  it('has one gate for a name that several waves have', () => {
    const gates = [
      { name: 'test', on: ['wave'] as const, wave: 1, onFailure: 'pause-wave' },
      { name: 'test', on: ['final'] as const, onFailure: 'rollback-and-retry', prompt: 'Look.' },
    ];
    assert.equal(
      configText({ gates, settings: {} }),
      'gates:\n  "test": { agent: auto, on: [wave, final], prompt: "Look.", on_failure: pause }\n',
    );
  });

  it('suggests settings that orchestrate.yaml takes', () => {
    const text = configText({
      gates: [
        { name: 'a b', command: 'npm "test"', on: ['wave'] },
        { name: 'c', on: ['final'] },
      ],
      mode: 'waves',
      limits: { agents: 3 },
      settings: {},
    });
    const { config, problems } = readConfig(text, 'orchestrate.yaml');
    assert.deepEqual(problems, []);
    assert.deepEqual(
      [config?.gates.map(({ name }) => name), config?.mode, config?.limits.agents],
      [['a b'], 'waves', 3],
    );
    assert.deepEqual(readConfig(configText(imported(files).config!), 'orchestrate.yaml').problems, []);
  });

  it('keeps for whom it was written, in whatever case', () => {
    const text =
      '{"orchestrationId": "x", "platform": "Open-Source", "waves": [{"waveId": "wave-1", "agents": [{"agentId": "A", "workDescription": "w"}]}]}';
    const { plan, config, problems } = imported([{ path: 'p.json', text }]);
    assert.deepEqual([plan?.platform, config?.settings['platform']], ['open-source', 'open-source']);
    assert.deepEqual(
      problems.filter(({ message }) => message.includes('Open-Source')),
      [],
    );
  });

  for (const [what, text, expected] of [
    [
      'no waves',
      '{"orchestrationId": "x", "agents": []}',
      ['1:1 The plan has no list "waves". Add "waves": [{"waveId": "wave-1", "agents": […]}].'],
    ],
    [
      'an unknown agent',
      '{\n"waves": [{"agents": [\n{"agentId": "A", "dependencies": ["B"]}]}]}',
      ['3:34 Task "A" depends on "B", which is no task. Did you mean "A"?'],
    ],
    [
      'one id twice',
      '{"waves": [\n{"agents": [{"agentId": "A"},\n{"agentId": "A"}]}]}',
      [
        '2:25 The id "A" is used again by task 2. Give each task an id of its own.',
        '3:13 The id "A" is already used by task 1. Give each task an id of its own.',
      ],
    ],
  ] as const) {
    it(`is refused at the place in its own file: ${what}`, () =>
      assert.deepEqual(errorsOf(imported({ path: 'plan.json', text })), expected));
  }

  it('knows a wave by any of its names', () => {
    assert.deepEqual(['wave1', 'wave-1', 'WAVE_01', '1', 'final', 'wave-x'].map(waveNumber), [
      1,
      1,
      1,
      1,
      undefined,
      undefined,
    ]);
  });
});
