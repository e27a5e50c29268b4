import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TemporaryRepository } from '../../rig/repository.ts';
import { orchestrate } from './command-line.ts';

const FILE = 'docs/plan/p/plan.yaml';
const PLAN = `plan_id: p
objective: o
tasks:
  - id: a
    wave: 2
    agent: shell
    run: "true"
  - id: b
    wave: 1
    agent: shell
    run: "true"
    dependencies: [a]
`;

describe('orchestrate validate', () => {
  it('names file, line, column and rule, as text and as data, and mends what is certain', async () => {
    await using repository = TemporaryRepository.with({ [FILE]: PLAN });
    const { code, stderr } = await orchestrate(repository.root, 'validate');
    assert.equal(code, 0, stderr);
    assert.match(
      stderr,
      /^docs\/plan\/p\/plan\.yaml:9:11: warning: Task "b" is in wave 1, .*wave 3\. \[wave-order\]$/m,
    );
    const { stdout } = await orchestrate(repository.root, 'validate', 'p', '--json');
    const [problem] = JSON.parse(stdout).problems;
    assert.deepEqual([problem.rule, problem.line, problem.fix.title], ['wave-order', 9, 'Move to wave 3']);
    assert.equal((await orchestrate(repository.root, 'validate', '--fix')).code, 0);
    const mended = readFileSync(join(repository.root, FILE), 'utf8');
    assert.equal(mended, PLAN.replace('wave: 1', 'wave: 3'));
  });

  it('ends with 2 for what cannot be read, and says what orchestrate.yaml lacks', async () => {
    await using repository = TemporaryRepository.with({
      [FILE]: `${PLAN}    gates: [tests]\n`,
      'bad.yaml': 'plan_id: p\ntasks:\n  - id: a\n   title: x\n',
    });
    const lacking = await orchestrate(repository.root, 'validate');
    assert.equal(lacking.code, 2);
    assert.match(lacking.stderr, /names gate "tests", which orchestrate\.yaml does not have \[configuration\]/);
    const bad = await orchestrate(repository.root, 'validate', 'bad.yaml');
    assert.equal(bad.code, 2);
    assert.match(bad.stderr, /^bad\.yaml:\d+:\d+: Not valid YAML: .*\[yaml\]$/m);
  });

  it('checks the other files that are read', async () => {
    await using repository = TemporaryRepository.with({
      '.orchestra/config.yml': 'pipeline:\n  review: sometimes\n  max_rfc_rounds: 3\n',
    });
    const { code, stderr } = await orchestrate(repository.root, 'validate', '.orchestra/config.yml');
    assert.equal(code, 0, stderr);
    assert.match(stderr, /config\.yml:2:11: warning: .*required or optional or skip, not "sometimes"/);
    assert.match(stderr, /config\.yml:3:3: warning: .*older version/);
  });

  it('says where it stands that an agent of orchestrate.yaml is none', async () => {
    await using repository = TemporaryRepository.with({
      [FILE]: PLAN,
      'orchestrate.yaml': 'agents: { default: nobody }\n',
    });
    const { code, stderr } = await orchestrate(repository.root, 'validate');
    assert.equal(code, 2, stderr);
    assert.match(stderr, /^orchestrate\.yaml:1:1: there is no agent "nobody"; known are auto, /m);
  });
});
