import { strict as assert } from 'node:assert';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DONE, type PlannerTurn, ScriptedPlanner } from '../../rig/planner.ts';
import { has, read, TemporaryRepository } from '../../rig/repository.ts';
import { orchestrate } from './command-line.ts';

const PLAN = `plan_id: "{id}"
objective: There is a greeting
pre_mortem: { overall_risk_level: low, assumptions: [none] }
tasks:
  - id: hello
    title: Write it
    agent: shell
    run: echo hello > hello.txt
    priority: low
    scope: [hello.txt]
    covers: [AC-1]
    verification: [cat hello.txt]
    acceptance_criteria: [The file is there]
`;
const BROKEN = PLAN.replace('priority: low', 'dependencies: [nobody]');
const PRD = `prd_id: greeting
version: 1.0.0
acceptance_criteria:
  - { criterion: There is a greeting, verification: a reader }
`;
const FILE = 'docs/plan/{id}/plan.yaml';
const GOOD: PlannerTurn = { files: { [FILE]: PLAN, 'docs/PRD.yaml': PRD }, says: DONE };
const OBJECTIVE = 'Greet whoever comes';

function rigged(turns: readonly PlannerTurn[], files: Readonly<Record<string, string>> = {}, how = { resumes: true }) {
  const repository = TemporaryRepository.with({ 'README.md': '# Example\n', ...files });
  const planner = new ScriptedPlanner(repository.folder('planner'), turns, how);
  repository.commit({ 'orchestrate.yaml': planner.config });
  return { repository, planner, [Symbol.asyncDispose]: () => repository[Symbol.asyncDispose]() };
}

/** The id of the only plan. */
const planIn = (root: string): string => readdirSync(join(root, 'docs', 'plan'))[0] ?? '';

describe('orchestrate plan', () => {
  it('has the objective planned in a worktree, writes what was made, and waits for the approval of the plan', async () => {
    await using rig = rigged([GOOD]);
    const { root } = rig.repository;
    const planned = await orchestrate(root, 'plan', OBJECTIVE, '--write');
    assert.equal(planned.code, 3, planned.stdout + planned.stderr);
    assert.match(planned.stdout, /✔ Done: Plan: Greet whoever comes/);
    assert.match(planned.stdout, /new +docs\/plan\/\d{8}-greet-whoever-comes\/plan\.yaml\n/);
    assert.match(planned.stdout, /Approve the plan "There is a greeting" \(1 task/);
    assert.equal(read(root, 'docs/PRD.yaml'), PRD);
    assert.equal(rig.repository.git('branch', '--list', 'orchestrate/*'), '');
    const [prompt] = rig.planner.prompts();
    assert.match(prompt?.text ?? '', /> Greet whoever comes/);
    assert.match(prompt?.text ?? '', /# Your role: planner/);
    assert.match(prompt?.text ?? '', new RegExp(`plan_id is \`${planIn(root)}\``));

    const merged = await orchestrate(root, 'run', '--yes');
    assert.equal(merged.code, 0, merged.stdout + merged.stderr);
    assert.match(merged.stdout, /AC-1/);
    assert.equal(rig.repository.show(`orchestrate/${planIn(root)}`, 'hello.txt'), 'hello\n');
  });

  it('sends a plan that breaks the rules back with the place of each mistake, and the next is taken', async () => {
    await using rig = rigged([{ files: { [FILE]: BROKEN }, says: DONE }, GOOD]);
    const planned = await orchestrate(rig.repository.root, 'plan', OBJECTIVE, '--write');
    assert.equal(planned.code, 3, planned.stdout + planned.stderr);
    const [, second] = rig.planner.prompts();
    assert.match(second?.text ?? '', /docs\/plan\/\S+\/plan\.yaml:9:\d+: error: .*"nobody", which is no task/);
    assert.match(second?.text ?? '', /Its change is already in the directory/);
    assert.equal(rig.planner.prompts().length, 2);
  });

  it('gives up after two corrections, names each mistake, and leaves the files where they can be opened', async () => {
    await using rig = rigged([{ files: { [FILE]: BROKEN }, says: DONE }]);
    const { root } = rig.repository;
    const planned = await orchestrate(root, 'plan', OBJECTIVE, '--write');
    assert.equal(planned.code, 1, planned.stdout + planned.stderr);
    assert.equal(rig.planner.prompts().length, 3);
    const [, path = ''] = /^(\/.*plan\.yaml):9:\d+: .*"nobody", which is no task/m.exec(planned.stderr) ?? [];
    assert.match(read('/', path), /dependencies: \[nobody\]/);
    assert.ok(!has(root, 'docs'));
  });

  it('writes nothing into the checkout without a word, and does with one later', async () => {
    await using rig = rigged([GOOD]);
    const { root } = rig.repository;
    const planned = await orchestrate(root, 'plan', OBJECTIVE);
    assert.equal(planned.code, 3, planned.stdout + planned.stderr);
    const [, run = ''] = /orchestrate plan --run (\S+) --write/.exec(planned.stderr) ?? [];
    assert.ok(!has(root, 'docs'));
    const written = await orchestrate(root, 'plan', '--run', run, '--write', '--json');
    assert.equal(written.code, 0, written.stdout + written.stderr);
    const last: unknown = JSON.parse(written.stdout.trim().split('\n').at(-1) ?? '');
    const plan = `docs/plan/${planIn(root)}/plan.yaml`;
    assert.deepEqual(last, { type: 'plan.written', run, plan, files: ['docs/PRD.yaml', plan] });
    assert.equal(rig.planner.prompts().length, 1);
  });

  it('never writes over what somebody else wrote meanwhile, but with --force', async () => {
    await using rig = rigged([GOOD], { 'docs/PRD.yaml': 'prd_id: old\n' });
    const { root } = rig.repository;
    rig.repository.write({ 'docs/PRD.yaml': 'prd_id: mine\n' });
    const planned = await orchestrate(root, 'plan', OBJECTIVE, '--write');
    assert.equal(planned.code, 3);
    assert.match(planned.stdout, /CONFLICT +docs\/PRD\.yaml/);
    const [, run = ''] = /orchestrate plan --run (\S+) --write --force/.exec(planned.stderr) ?? [];
    assert.equal(read(root, 'docs/PRD.yaml'), 'prd_id: mine\n');
    assert.ok(!has(root, 'docs/plan'), 'all or nothing');
    assert.equal((await orchestrate(root, 'plan', '--run', run, '--write', '--force')).code, 3);
    assert.equal(read(root, 'docs/PRD.yaml'), PRD);
  });

  it('says what is wrong with the requirements it made, with the place', async () => {
    const prd = 'Greet whoever comes\n';
    await using rig = rigged([{ files: { [FILE]: PLAN, 'docs/PRD.yaml': prd }, says: DONE }]);
    const planned = await orchestrate(rig.repository.root, 'plan', OBJECTIVE);
    assert.equal(planned.code, 3, planned.stdout + planned.stderr);
    assert.match(planned.stderr, /^docs\/PRD\.yaml:\d+:\d+: \S/m);
  });

  it('makes another plan of the same words another day or again, never over the first', async () => {
    await using rig = rigged([GOOD]);
    const { root } = rig.repository;
    await orchestrate(root, 'plan', OBJECTIVE, '--write');
    await orchestrate(root, 'cancel');
    const again = await orchestrate(root, 'plan', OBJECTIVE, '--write');
    assert.match(again.stdout, /new +docs\/plan\/\d{8}-greet-whoever-comes-2\/plan\.yaml/, again.stderr);
  });

  it('takes nothing of a planner that wrote beside its files, and says what', async () => {
    const stray = { files: { [FILE]: PLAN, 'src/begun.ts': 'x\n' }, says: DONE };
    await using rig = rigged([stray, GOOD]);
    const planned = await orchestrate(rig.repository.root, 'plan', OBJECTIVE, '--write');
    assert.equal(planned.code, 1, planned.stdout);
    assert.match(planned.stdout, /src\/begun\.ts/);
    assert.ok(!has(rig.repository.root, 'src'));
  });

  it('has it reviewed by a gate for plans, and made again with what the reviewer says', async () => {
    await using rig = rigged([GOOD]);
    const { root } = rig.repository;
    const no = { verdict: 'needs_revision', summary: 'Who greets is open.' };
    const turns = [no, { verdict: 'approved' }].map((one) => ({ says: JSON.stringify(one) }));
    const critic = new ScriptedPlanner(rig.repository.folder('critic'), turns, { name: 'critic' });
    rig.repository.commit({
      'orchestrate.yaml': `agents:\n  default: planner\n  ${rig.planner.entry}\n  ${critic.entry}\ngates:\n  review: { agent: critic, on: plan }\n`,
    });
    const planned = await orchestrate(root, 'plan', OBJECTIVE, '--write');
    assert.equal(planned.code, 3, planned.stdout + planned.stderr);
    const [asked] = critic.prompts();
    assert.match(
      asked?.text ?? '',
      /# Review: a plan\n[\s\S]*> > Greet whoever comes[\s\S]*\+objective: There is a greeting/,
    );
    assert.match(rig.planner.prompts()[1]?.text ?? '', /The reviewer says:\nWho greets is open\./);
    assert.equal(critic.prompts().length, 2);
    // In the run of the plan itself it has nothing to do.
    assert.equal((await orchestrate(root, 'run', '--yes')).code, 0);
    assert.equal(critic.prompts().length, 2);
  });

  it('ends with 2 where there is nothing to plan', async () => {
    await using rig = rigged([GOOD]);
    const { root } = rig.repository;
    for (const [words, says] of [
      [['plan'], /What is to be planned\?/],
      [['plan', ' '], /There is nothing to plan/],
      [['plan', '--run', 'x'], /There is no run in this repository yet/],
    ] as const) {
      const { code, stderr } = await orchestrate(root, ...words);
      assert.equal(code, 2, stderr);
      assert.match(stderr, says);
    }
  });
});

const ASKS = JSON.stringify({
  status: 'needs_revision',
  summary: 'Two things are open.',
  extra: {
    questions: [
      { id: 'language', question: 'In which language?', options: ['English', 'German'] },
      { id: 'loud', question: 'How loud?', options: ['Softly', 'Loudly'] },
    ],
  },
});

describe('orchestrate plan with questions', () => {
  it('ends with 3 and says what is asked and how it is answered; the same session goes on with the answers', async () => {
    await using rig = rigged([{ says: ASKS }, GOOD]);
    const { root } = rig.repository;
    const asked = await orchestrate(root, 'plan', OBJECTIVE, '--write');
    assert.equal(asked.code, 3, asked.stdout + asked.stderr);
    assert.match(asked.stdout, /In which language\?\n +orchestrate answer asks:plan:language english\n/);
    const mute = await orchestrate(root, 'answer', 'asks:plan:loud', 'own');
    assert.equal(mute.code, 2);
    assert.match(mute.stderr, /--comment/);
    assert.equal((await orchestrate(root, 'answer', 'asks:plan:loud', 'own', '--comment', 'As you like')).code, 0);
    assert.equal((await orchestrate(root, 'answer', 'asks:plan:language', 'german')).code, 0);
    const planned = await orchestrate(root, 'resume');
    assert.equal(planned.code, 3, planned.stdout + planned.stderr);
    assert.match(planned.stderr, /orchestrate plan --run \S+ --write/);
    const [, second] = rig.planner.prompts();
    assert.ok(second?.resumed);
    const said = 'the answers to your questions:\n- How loud? As you like\n- In which language? German';
    assert.equal(second?.text, `A person says: ${said}`);
  });

  for (const resumes of [true, false])
    it(`takes the answers of a file${resumes ? '' : ', also for a planner that forgets its session'}`, async () => {
      await using rig = rigged([{ says: ASKS }, { files: { [FILE]: BROKEN }, says: DONE }, GOOD], {}, { resumes });
      const { root } = rig.repository;
      rig.repository.write({ 'answers.yaml': 'language: 2\nloud: As you like\n' });
      const planned = await orchestrate(root, 'plan', OBJECTIVE, '--write', '--answers', 'answers.yaml');
      assert.equal(planned.code, 3, planned.stdout + planned.stderr);
      assert.ok(has(root, `docs/plan/${planIn(root)}/plan.yaml`));
      const third = rig.planner.prompts()[2]?.text ?? '';
      assert.match(third, /# What a person answered\n\n- In which language\? German\n- How loud\? As you like\n/);
      assert.match(third, /"nobody", which is no task/);
    });

  it('keeps an answer that holds for later work for those to come, shown beforehand and never twice', async () => {
    const asks = ASKS.replace('"question":"How loud?"', '"lasting":true,"question":"How loud?"');
    await using rig = rigged([{ says: asks }, GOOD], { 'AGENTS.md': '# Rules\n' });
    const { root } = rig.repository;
    rig.repository.write({ 'answers.yaml': 'language: 2\nloud: As you like\n' });
    const planned = await orchestrate(root, 'plan', OBJECTIVE, '--answers', 'answers.yaml');
    assert.equal(planned.code, 3, planned.stdout + planned.stderr);
    assert.match(planned.stdout, /changed +AGENTS\.md\n +\+ - How loud\? As you like\n/);
    assert.equal(read(root, 'AGENTS.md'), '# Rules\n', 'only with a word');
    const [, run = ''] = /plan --run (\S+) --write/.exec(planned.stderr) ?? [];
    await orchestrate(root, 'plan', '--run', run, '--write');
    assert.equal(read(root, 'AGENTS.md'), '# Rules\n\n## Decisions\n\n- How loud? As you like\n');
    const again = await orchestrate(root, 'plan', '--run', run, '--write');
    assert.doesNotMatch(again.stdout, /AGENTS\.md/);
  });

  it('prints the questions as data with --json', async () => {
    await using rig = rigged([{ says: ASKS }]);
    const { code, stdout } = await orchestrate(rig.repository.root, 'plan', OBJECTIVE, '--json');
    assert.equal(code, 3);
    const events = stdout
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    const ids = events.flatMap((event) => (isQuestion(event) ? event.question.id : []));
    assert.deepEqual(ids, ['asks:plan:language', 'asks:plan:loud']);
  });

  for (const [what, text, says] of [
    ['is no mapping', '- a\n', /^answers\.yaml:1:1: Answers are a mapping/m],
    ['holds more than texts', 'a: b\nloud: [c]\n', /^answers\.yaml:2:\d+: The answer to "loud" is no text/m],
    ['is not there', null, /ENOENT/],
  ] as const)
    it(`refuses a file of answers that ${what}, before anything begins`, async () => {
      await using rig = rigged([GOOD]);
      rig.repository.write({ 'answers.yaml': text });
      const { code, stderr } = await orchestrate(rig.repository.root, 'plan', OBJECTIVE, '--answers', 'answers.yaml');
      assert.match(stderr, says);
      assert.notEqual(code, 0);
      assert.deepEqual(rig.planner.prompts(), []);
    });
});

const isQuestion = (event: unknown): event is { question: { id: string } } =>
  typeof event === 'object' && event !== null && 'type' in event && event.type === 'question.asked';
