import { strict as assert } from 'node:assert';
import { DONE, type PlannerTurn, ScriptedPlanner } from '../../rig/planner.ts';
import { has, read, TemporaryRepository } from '../../rig/repository.ts';
import { orchestrate } from './command-line.ts';

const PLAN = `plan_id: greet
objective: There is a greeting
tasks:
  - { id: hello, title: Write it, agent: shell, run: "echo hello > hello.txt", scope: [hello.txt] }
`;
const SECOND = `${PLAN}  - { id: bye, title: Say goodbye too, agent: shell, run: "echo bye > bye.txt", scope: [bye.txt] }\n`;
const THIRD = PLAN.replace('echo hello >', 'echo HELLO >');
const FILE = 'docs/plan/greet/plan.yaml';
const making = (text: string): PlannerTurn => ({ files: { [FILE]: text }, says: DONE });

/** The plan is in the checkout alone, and its run waits for approval. */
async function rigged(turns: readonly PlannerTurn[], config = '') {
  const repository = TemporaryRepository.with({ 'README.md': '# Example\n' });
  const planner = new ScriptedPlanner(repository.folder('planner'), turns);
  repository.commit({ 'orchestrate.yaml': `${planner.config}${config}` });
  repository.write({ [FILE]: PLAN });
  const waiting = await orchestrate(repository.root, 'run');
  assert.equal(waiting.code, 3, waiting.stdout + waiting.stderr);
  return { repository, planner, [Symbol.asyncDispose]: () => repository[Symbol.asyncDispose]() };
}

describe('orchestrate reject --revise', () => {
  it('has the plan made anew for what is said; what changed is shown, and approved or sent back again', async () => {
    await using rig = await rigged([making(SECOND), making(THIRD)]);
    const { root } = rig.repository;
    const anew = await orchestrate(root, 'reject', '--revise', '--write', '-m', 'Say goodbye as well');
    assert.equal(anew.code, 3, anew.stdout + anew.stderr);
    assert.match(anew.stdout, /changed +docs\/plan\/greet\/plan\.yaml\n +\+ bye: Say goodbye too\n/);
    assert.match(anew.stdout, /Approve the plan "There is a greeting" \(2 tasks\)/);
    assert.match(anew.stdout, /With its last edit it changed: 1 task \(1 added\)/);
    assert.equal(read(root, FILE), SECOND);
    const [first] = rig.planner.prompts();
    assert.match(first?.text ?? '', /> Say goodbye as well/);

    const again = await orchestrate(root, 'reject', 'plan', '--revise', '--write', '-m', 'Louder, and no goodbye');
    assert.equal(again.code, 3, again.stdout + again.stderr);
    assert.match(again.stdout, /~ hello: Write it\n +run: echo hello > hello\.txt → echo HELLO > hello\.txt/);
    const second = rig.planner.prompts()[1]?.text ?? '';
    assert.match(second, /> Louder, and no goodbye[\s\S]*# What they said before\n\n- Say goodbye as well/);

    const merged = await orchestrate(root, 'run', '--yes');
    assert.equal(merged.code, 0, merged.stdout + merged.stderr);
    assert.equal(rig.repository.show('orchestrate/greet', 'hello.txt'), 'HELLO\n');
    assert.match(merged.stdout, /orchestrate\/greet/);
  });

  it('sends what is no plan back once with the place of each mistake, and the former plan stands', async () => {
    await using rig = await rigged([making(PLAN.replace('scope: [hello.txt]', 'dependencies: [nobody]'))]);
    const { root } = rig.repository;
    const anew = await orchestrate(root, 'reject', '--revise', '--write', '-m', 'Otherwise');
    assert.equal(anew.code, 1, anew.stdout + anew.stderr);
    assert.match(anew.stderr, /plan\.yaml:4:\d+: .*"nobody", which is no task/);
    assert.match(anew.stderr, /docs\/plan\/greet\/plan\.yaml stays as it was\./);
    assert.equal(rig.planner.prompts().length, 2);
    assert.match(rig.planner.prompts()[1]?.text ?? '', /plan\.yaml:4:\d+: error: .*"nobody", which is no task/);
    assert.equal(read(root, FILE), PLAN);
    assert.equal((await orchestrate(root, 'run', '--yes')).code, 0);
  });

  it('asks a person once it was made anew as often as planning.rounds allows', async () => {
    await using rig = await rigged([making(SECOND), making(THIRD)], 'planning: { rounds: 1 }\n');
    const { root } = rig.repository;
    assert.equal((await orchestrate(root, 'reject', '--revise', '--write', '-m', 'One')).code, 3);
    const { code, stderr } = await orchestrate(root, 'reject', '--revise', '--write', '-m', 'Two');
    assert.equal(code, 2, stderr);
    assert.match(stderr, /--revise --force[\s\S]*made anew once \(planning\.rounds\)/);
    assert.equal(read(root, FILE), SECOND);
    assert.equal((await orchestrate(root, 'reject', '--revise', '--write', '--force', '-m', 'Two')).code, 3);
    assert.equal(read(root, FILE), THIRD);
  });

  it('proposes what it makes as an edit of a run that is under way', async () => {
    const FAILS = PLAN.replace('echo hello > hello.txt', 'exit 1');
    await using rig = await rigged([making(PLAN)], 'limits: { retries: 0 }\non_failure: pause\n');
    const { root } = rig.repository;
    rig.repository.write({ [FILE]: FAILS });
    assert.equal((await orchestrate(root, 'run', '--yes')).code, 3);
    const anew = await orchestrate(root, 'reject', '--revise', '--write', '-m', 'It cannot work so');
    assert.equal(anew.code, 3, anew.stdout + anew.stderr);
    assert.match(rig.planner.prompts()[0]?.text ?? '', /# What was found\n\n- task hello failed: /);
    assert.match(anew.stdout, /docs\/plan\/greet\/plan\.yaml was edited: 1 task \(1 changed\)/);
    assert.equal((await orchestrate(root, 'approve', 'plan')).code, 0);
    const merged = await orchestrate(root, 'resume');
    assert.equal(merged.code, 0, merged.stdout + merged.stderr);
  });

  it('writes nothing without a word, says so, and does later; the question stays a plan of its own', async () => {
    await using rig = await rigged([making(SECOND)]);
    const { root } = rig.repository;
    const anew = await orchestrate(root, 'reject', '--revise', '-m', 'More');
    assert.equal(anew.code, 3);
    assert.equal(read(root, FILE), PLAN);
    assert.match(anew.stderr, /orchestrate plan --run planning-greet\S* --write/);
    const [, run = ''] = /plan --run (\S+) --write/.exec(anew.stderr) ?? [];
    assert.equal((await orchestrate(root, 'plan', '--run', run, '--write')).code, 3);
    assert.equal(read(root, FILE), SECOND);
    assert.ok(!has(root, 'docs/PRD.yaml'));
  });

  it('may ask first, and goes on with the answer whoever drives it then', async () => {
    const question = { id: 'who', question: 'To whom?', options: ['All', 'Some'] };
    const asks = {
      says: JSON.stringify({ status: 'needs_revision', summary: 'Open.', extra: { questions: [question] } }),
    };
    await using rig = await rigged([asks, making(SECOND)]);
    const { root } = rig.repository;
    assert.equal((await orchestrate(root, 'reject', '--revise', '-m', 'More')).code, 3);
    const busy = await orchestrate(root, 'reject', 'greet', '--revise', '-m', 'And more');
    assert.match(busy.stderr, /is being made already, by run planning-greet/);
    assert.equal((await orchestrate(root, 'answer', 'asks:plan:who', 'all', '--run', 'planning-greet')).code, 0);
    assert.match((await orchestrate(root, 'resume', 'planning-greet')).stdout, /\+ bye: Say goodbye too/);
    assert.equal((await orchestrate(root, 'plan', '--run', 'planning-greet', '--write')).code, 3);
    assert.equal(read(root, FILE), SECOND);
  });

  it('says what is missing', async () => {
    await using rig = await rigged([making(SECOND)]);
    const { code, stderr } = await orchestrate(rig.repository.root, 'reject', '--revise');
    assert.equal(code, 2);
    assert.match(stderr, /Nothing is said of the plan: what should be different\?/);
    assert.deepEqual(rig.planner.prompts(), []);
  });
});

describe('orchestrate plan with what is no objective', () => {
  it('goes on with a plan that is named, has it made anew for what is said of it, and asks when all of it is over', async () => {
    await using rig = await rigged([making(SECOND)]);
    const { root } = rig.repository;
    const named = await orchestrate(root, 'plan', 'run greet');
    assert.equal(named.code, 3, named.stdout + named.stderr);
    assert.match(named.stdout, /Approve the plan "There is a greeting" \(1 tasks\)/);
    assert.deepEqual(rig.planner.prompts(), []);

    const said = await orchestrate(root, 'plan', 'greet: say goodbye as well', '--write');
    assert.equal(said.code, 3, said.stdout + said.stderr);
    assert.match(said.stderr, /Taken as a word on docs\/plan\/greet\/plan\.yaml/);
    assert.match(rig.planner.prompts()[0]?.text ?? '', /> say goodbye as well/);
    assert.equal(read(root, FILE), SECOND);

    assert.equal((await orchestrate(root, 'run', '--yes')).code, 0);
    const over = await orchestrate(root, 'plan', 'greet');
    assert.equal(over.code, 2, over.stdout);
    assert.match(over.stderr, /Every task of docs\/plan\/greet\/plan\.yaml is over\. .*orchestrate run greet/);
  });
});
