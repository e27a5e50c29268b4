import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { isRefName } from '../../../../src/model/config/checks.ts';
import { readConfig } from '../../../../src/model/config/reader.ts';
import { duration } from '../../../../src/model/config/scalars.ts';
import { DEFAULT_CONFIG } from '../../../../src/model/config/config.ts';
import { yamlLines } from '../texts.ts';

const read = (text: string | null): ReturnType<typeof readConfig> => readConfig(text, 'orchestrate.yaml');
const told = (text: string): string[] =>
  read(text).problems.map(({ range, severity, message }) => `${range.line}:${range.column} ${severity} ${message}`);

describe('A configuration', () => {
  it('that is not there, is empty or has empty parts is the default', () => {
    for (const text of [null, '', '\n# nothing\n', 'gates:\nlimits:\nagents:\nsetup:\nworktrees:\nguard:\n', '{}']) {
      assert.deepEqual(read(text), { config: DEFAULT_CONFIG, problems: [] }, String(text));
    }
  });

  it('fills in what it does not say', () => {
    const { config } = read('limits: { agents: 8, attempt: 30m }\nworktrees: { copy: .npmrc }\n');
    assert.deepEqual(config?.limits, { ...DEFAULT_CONFIG.limits, agents: 8, attempt: 1_800_000 });
    assert.deepEqual(config?.worktrees, { ...DEFAULT_CONFIG.worktrees, copy: ['.npmrc'] });
  });

  it('watches agents within sane limits, takes others, and none where it says 0', () => {
    const { idle, steps, errors, flood, tools } = DEFAULT_CONFIG.limits;
    assert.deepEqual(
      { idle, steps, errors, flood, tools },
      { idle: 1_200_000, steps: 25, errors: 10, flood: 67_108_864, tools: undefined },
    );
    const own = read('limits: { idle: 90s, steps: 3, flood: 1.5MB, tools: 40 }\n').config?.limits;
    const machine = read('limits: { memory: 60%, cpu: 90%, disk: 2GB }\n').config?.limits;
    assert.deepEqual([machine?.memory, machine?.cpu, machine?.disk], [{ share: 0.6 }, 0.9, 2 * 1024 ** 3]);
    assert.deepEqual(read('limits: { memory: 8GB }\n').config?.limits.memory, { size: 8 * 1024 ** 3 });
    assert.deepEqual([own?.idle, own?.steps, own?.flood, own?.tools], [90_000, 3, 1_572_864, 40]);
    const off = read(
      'limits: { idle: 0, steps: 0, errors: 0, flood: 0, tools: 0, stuck: 0, memory: 0, cpu: 0, disk: 0 }\n',
    ).config?.limits;
    assert.deepEqual(off, { agents: 4, gates: 2, retries: 3, conflicts: 2 });
    assert.deepEqual(told('limits: { idle: soon }\n'), [
      '1:17 error limits.idle must be a duration such as 20m, or 0 (off).',
    ]);
  });

  it('takes protected files as a list or by who may change them, and says where a glob is wrong', () => {
    const files = (text: string): unknown => read(text).config?.protected;
    const nobody = { files: 'package-lock.json', by: [] };
    assert.deepEqual(files('protected: [package-lock.json]\n'), [nobody]);
    assert.deepEqual(
      files('protected:\n  package-lock.json: nobody\n  "db/**": [dba, person]\n  docs: documentation\n'),
      [nobody, { files: 'db/**', by: ['dba', 'person'] }, { files: 'docs', by: ['documentation'] }],
    );
    assert.deepEqual(told('protected:\n  - a.txt\n  - ../b\n'), [
      '3:5 error "../b" leaves the repository with "..": start at its root.',
    ]);
    assert.match(told('protected:\n  /etc: nobody\n')[0] ?? '', /^2:\d+ error "\/etc" is not relative/);
    assert.match(told('protected: a.txt\n')[0] ?? '', /^1:12 error protected must be a list of globs/);
    const role = 'agents:\n  roles:\n    docs: { may_change: [docs, ../x] }\n';
    assert.match(told(role)[0] ?? '', /^3:32 error "\.\.\/x" leaves/);
  });

  it('takes a gate as a line, as a list, and with all its parts', () => {
    const { config, problems } = read(
      'gates:\n  a: npm test\n  b: [npm, test]\n  c: { run: x, on: task, problems: $tsc, report: { format: tap }, timeout: 90 }\n  d: { run: [x, "y z"], on: [merge, final], problems: [{ pattern: { regexp: "^(.*):(\\\\d+)$", file: 1, line: 2, loop: true } }] }\n',
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(config?.gates, [
      { name: 'a', command: { line: 'npm test' }, on: ['wave'], problems: [] },
      { name: 'b', command: { argv: ['npm', 'test'] }, on: ['wave'], problems: [] },
      {
        name: 'c',
        command: { line: 'x' },
        on: ['task'],
        problems: ['$tsc'],
        report: { format: 'tap' },
        timeout: 90_000,
      },
      {
        name: 'd',
        command: { argv: ['x', 'y z'] },
        on: ['merge', 'final'],
        problems: [{ pattern: { regexp: String.raw`^(.*):(\d+)$`, file: 1, line: 2, loop: true } }],
      },
    ]);
  });

  it('takes settings of any adapter beside default and roles', () => {
    const { config } = read(
      'agents: { default: codex, roles: { gem-reviewer: claude }, codex: { command: node, env: { A: "" }, max_turns: 3 } }\n',
    );
    assert.deepEqual(config?.agents, {
      default: 'codex',
      roles: { 'gem-reviewer': { agent: 'claude' } },
      settings: { codex: { command: ['node'], env: { A: '' }, maxTurns: 3 } },
    });
  });
});

describe('A mistake in the configuration is told with its place:', () => {
  const TABLE: readonly [string, RegExp][] = [
    ['- a\n', /^1:1 error orchestrate\.yaml is a mapping/],
    ['gates: []\n', /^1:8 error gates must be a mapping of names to gates/],
    [
      'gates:\n  a: { on: task }\n',
      /^2:6 error gates\.a needs one of run, a command, agent, who reviews, or ask, what a person is to look at/,
    ],
    ['gates:\n  a: { run: x, agent: claude }\n', /^2:6 error gates\.a needs one of run, a command, agent/],
    ['gates:\n  a: { ask: Sure?, agent: claude }\n', /^2:6 error gates\.a needs one of run/],
    ['gates:\n  a: { agent: claude, depth: deep }\n', /^2:30 error gates\.a\.depth must be full, standard or light/],
    ['gates:\n  a: x\n  a: y\n', /^3:3 error This key is here twice/],
    ['gates:\n  a: { run: x, on: never }\n', /^2:20 error gates\.a\.on.* must be task, merge, wave, final or plan/],
    [
      'gates:\n  a: { run: x, problems: [$tcs] }\n',
      /^2:27 error There is no problem matcher "\$tcs"\. Did you mean "\$tsc"\?/,
    ],
    ['gates:\n  a: { run: x, problems: [{ pattern: { regexp: "(" } }] }\n', /is not a regular expression/],
    ['gates:\n  a: { run: x, timeout: soon }\n', /^2:25 error gates\.a\.timeout must be a duration/],
    [
      'gates:\n  a: { run: x, report: { format: tap, file: /etc/x } }\n',
      /^2:45 error The report's path is not relative/,
    ],
    ['limits: { agents: 0 }\n', /^1:19 error limits\.agents must be a whole number from 1 on/],
    [
      'limits: { memory: much }\n',
      /^1:19 error limits\.memory must be a share such as 85% of the machine, or a size for the run such as 8GB, or 0/,
    ],
    ['limits: { cpu: 120% }\n', /^1:16 error limits\.cpu must be a share such as 85%, or 0/],
    ['limits: { retries: -1 }\n', /must be a whole number from 0 on/],
    ['mode: fast\n', /^1:7 error mode must be waves, continuous or adaptive/],
    ['worktrees: { folder: ../trees }\n', /leaves the repository/],
    ['worktrees: { folder: /trees }\n', /is not relative/],
    ['worktrees: { folder: trees }\n', /^1:22 error The folder "trees" would be watched/],
    ['worktrees: { folder: .git/trees }\n', /cannot be inside \.git/],
    ['worktrees: { branch: tasks }\n', /^1:22 error The branch pattern lacks \{name\}/],
    ['worktrees: { branch: "a b/{name}" }\n', /does not make a name that git takes/],
    ['worktrees: { branch: "{name}.lock" }\n', /does not make a name that git takes/],
    ['worktrees: { branch: "{run}/{name}" }\n', /"\{run\}" is not known/],
    ['worktrees: { copy: [../secret] }\n', /leaves the repository/],
    ['gates: &a {b: *a}\n', /error/],
  ];
  for (const [text, expected] of TABLE) {
    it(text.trim(), () => {
      assert.equal(read(text).config, undefined);
      assert.equal(
        told(text).some((one) => expected.test(one)),
        true,
        told(text).join('\n'),
      );
    });
  }

  it('an unknown key counts for nothing and is a warning with the nearest', () => {
    const text = 'limit: { agents: 3 }\ngates:\n  a: { run: x, timout: 3s }\n';
    assert.deepEqual(told(text), [
      '1:1 warning "limit" is not known here and counts for nothing. Did you mean "limits"?',
      '3:16 warning "timout" is not known here and counts for nothing. Did you mean "timeout"?',
    ]);
    assert.deepEqual(read(text).config?.limits, DEFAULT_CONFIG.limits);
  });
});

describe('A gate', () => {
  it('says what follows where a task is given up because of it, but for one that is a person', () => {
    const text = 'gates:\n  test: { run: x, on_failure: rollback }\n  sign: { ask: "Sure?", on_failure: stop }\n';
    assert.deepEqual(
      read(text).config?.gates.map(({ onFailure }) => onFailure),
      ['rollback', 'stop'],
    );
    assert.deepEqual(told(text), [
      '3:37 warning "on_failure" counts for nothing here: it is for a gate with a command.',
    ]);
    assert.deepEqual(told('gates: { test: { run: x, on_failure: no } }'), [
      '1:38 error gates.test.on_failure must be continue, pause, stop or rollback.',
    ]);
  });

  it('is warned of keys that are for gates of another kind', () => {
    const text = `gates:
  sign: { ask: "Sure?", on: task, report: { format: tap }, timeout: 3s }
  look: { agent: claude, problems: $tsc }
  test: { run: x, depth: full }
  words: { agent: claude, prompt: Is each text plain? }
`;
    assert.deepEqual(told(text), [
      '2:43 warning "report" counts for nothing here: it is for a gate with a command.',
      '2:69 warning "timeout" counts for nothing here: it is for a gate with a command.',
      '3:36 warning "problems" counts for nothing here: it is for a gate with a command.',
      '4:26 warning "depth" counts for nothing here: it is for a gate with an agent.',
    ]);
    assert.deepEqual(read(text).config?.gates.find(({ name }) => name === 'words')?.command, {
      agent: 'claude',
      depth: 'standard',
      prompt: 'Is each text plain?',
    });
    assert.deepEqual(
      read(text).config?.gates.find(({ name }) => name === 'sign'),
      {
        name: 'sign',
        command: { ask: 'Sure?' },
        on: ['task'],
        problems: [],
        report: { format: 'tap' },
        timeout: 3000,
      },
    );
  });
});

describe('The reader of configurations', () => {
  it('never throws, and gives a configuration exactly when there is no error', () => {
    fc.assert(
      fc.property(fc.oneof(yamlLines, fc.string()), (body) => {
        for (const text of [body, `gates:\n${body}`, `agents: ${body}`]) {
          const { config, problems } = read(text);
          assert.equal(
            config === undefined,
            problems.some(({ severity }) => severity === 'error'),
            text,
          );
        }
      }),
      { numRuns: 500 },
    );
  }).timeout(20_000);
});

describe('Durations', () => {
  const TABLE: readonly [string, number | undefined][] = [
    ['30', 30_000],
    ['30s', 30_000],
    ['10m', 600_000],
    ['2h', 7_200_000],
    ['1h30m', 5_400_000],
    ['1.5s', 1_500],
    ['250ms', 250],
    ['', undefined],
    ['m', undefined],
    ['-1s', undefined],
    ['10 minutes', undefined],
  ];
  for (const [word, expected] of TABLE)
    it(`"${word}" is ${expected ?? 'none'}`, () => assert.equal(duration(word), expected));
});

describe('Branch names', () => {
  for (const name of ['a', 'a/b', 'x-1/y_2', 'ä']) it(`"${name}" is one`, () => assert.equal(isRefName(name), true));
  for (const name of [
    '',
    '@',
    '-a',
    'HEAD',
    'a..b',
    'a b',
    'a~',
    'a^',
    'a:',
    'a?',
    'a*',
    'a[',
    'a\\b',
    '/a',
    'a/',
    'a//b',
    '.a',
    'a/.b',
    'a.',
    'a.lock',
    'a.lock/b',
    'a@{b',
    'a\u007f',
  ]) {
    it(`"${name}" is none`, () => assert.equal(isRefName(name), false));
  }
});
