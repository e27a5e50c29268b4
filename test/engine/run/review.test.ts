import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { styleFor } from '../../../src/cli/shown/style.ts';
import { summary } from '../../../src/cli/shown/summary.ts';
import { createRun, prepareRun } from '../../../src/engine/runs.ts';
import { openRepository } from '../../../src/git/repository.ts';
import { describe as describeFailure } from '../../../src/model/failure.ts';
import { gateWords } from '../../../src/host/words.ts';
import { crewLine, crewOf } from '../../../src/model/crew/crew.ts';
import { attention } from '../../../src/model/run/view.ts';
import { type PlannerTurn, ScriptedPlanner } from '../../rig/planner.ts';
import {
  approve,
  assertEnded,
  CLI,
  eventOf,
  failureOf,
  killRunner,
  order,
  PLAN,
  RunRig,
  settled,
  taskOf,
  value,
  worktrees,
} from '../../rig/run.ts';

const says = (verdict: string, more: object = {}): PlannerTurn => ({
  says: JSON.stringify({ verdict, summary: 'I looked.', findings: [], criteria: [], ...more }),
});
const FINDING = { severity: 'high', file: 'a.txt', line: 1, message: 'it is a bug', suggestion: 'Write fine.' };

/** The shell writes what it is told first, and mends it when its feedback says how. */
const MENDS =
  'if grep -q \\"Write fine\\" \\"${ORCHESTRATE_FEEDBACK_FILE:-/dev/null}\\"; then echo fine > a.txt; else echo bug > a.txt; fi';
const task = (id: string, run: string): string =>
  `  - { id: ${id}, title: Write ${id}, agent: shell, run: "${run}", scope: [${id}.txt], acceptance_criteria: ["${id} is right"] }\n`;

interface Reviewed {
  turns: readonly PlannerTurn[];
  on?: string;
  tasks?: string;
  config?: string;
}

/** A repository whose gate `review` is a scripted reviewer. */
function reviewed({ turns, on = 'task', tasks = task('a', MENDS), config = '' }: Reviewed) {
  const rig = new RunRig({ tasks });
  const critic = new ScriptedPlanner(rig.repository.folder('critic'), turns, { name: 'critic' });
  const gate = `gates:\n  review: { agent: critic, on: [${on}], depth: full, prompt: "Is each text plain?" }\n`;
  rig.repository.commit({ 'orchestrate.yaml': `agents:\n  ${critic.entry}\n${gate}${config}` }, 'reviewed');
  return { rig, critic };
}

describe('A gate that is an agent', () => {
  it('sends a task back with what it found, and lets it pass when that is mended', async () => {
    const turns = [says('needs_revision', { findings: [FINDING] }), says('approved')];
    const { rig, critic } = reviewed({ turns });
    await using _ = rig;
    const session = await rig.run();
    assertEnded(session, 'merged');
    equal(rig.merged(session, 'a.txt'), 'fine\n');
    const [first, second] = taskOf(session.state, 'a').attempts;
    deepEqual([first?.gates[0]?.result, second?.gates[0]?.result], ['failed', 'passed']);
    match(failureOf(session.state, 'a') ?? '', /^gate: review: needs revision, 1 finding: a\.txt:1: high: it is a bug/);
    const [asked = { text: '' }, again = { text: '' }] = critic.prompts();
    match(asked.text, /# Review: one task\n[\s\S]*Is each text plain\?[\s\S]*a is right[\s\S]*\+bug/);
    match(again.text, /\+fine/);
    ok(!again.text.includes('+bug'), 'only what would be merged is looked at');
    deepEqual(worktrees(rig.root), [], 'a tree of a review is left');
    const world = { columns: 120, now: 0, folder: '' };
    match(
      summary(session.state, world, styleFor({ LANG: 'C.UTF-8' }, false)).join('\n'),
      /review ✘, then review: approved ✔/,
    );
    deepEqual(
      [first, second].map((attempt) => attempt?.gates.map(gateWords)),
      [['needs revision, 1 finding'], ['approved']],
    );
  });

  it('keeps what it says beside its approval, and counts nothing of what it changes', async () => {
    const comment = { ...FINDING, severity: 'low' };
    const turn = { ...says('approved', { findings: [comment] }), files: { 'a.txt': 'mine\n', 'new.txt': 'x\n' } };
    const { rig } = reviewed({ turns: [turn] });
    await using _ = rig;
    const session = await rig.run();
    assertEnded(session, 'merged');
    equal(rig.merged(session, 'a.txt'), 'bug\n');
    const [attempt] = taskOf(session.state, 'a').attempts;
    deepEqual(attempt?.warnings, [
      'review: a.txt:1: it is a bug Write fine.',
      'review: critic was to look only and changed a.txt, new.txt: thrown away, nothing of it is taken.',
    ]);
    deepEqual(attempt?.gates[0]?.review?.changed, ['a.txt', 'new.txt']);
  });

  it('that gives no verdict three times is no pass: a person is asked, and says how it goes on', async () => {
    const { rig, critic } = reviewed({ turns: [{ says: 'Approved! {"verdict": "sure"}' }] });
    await using _ = rig;
    const session = await rig.run();
    const [item] = attention(session.state);
    equal(item?.kind, 'review');
    match(item?.text ?? '', /review of "Write a": critic gave no verdict: its last message is not the verdict/);
    equal(critic.prompts().length, 3);
    await order(session, { type: 'answer', question: item?.id ?? '', choice: 'accept' });
    await session.atRest();
    assertEnded(session, 'merged');
  });

  it('that is blocked asks a person at once', async () => {
    const breach = { severity: 'critical', category: 'requirement', message: 'AC-1 says the opposite' };
    const { rig } = reviewed({ turns: [says('needs_revision', { findings: [breach] })] });
    await using _ = rig;
    const session = await rig.run();
    equal(taskOf(session.state, 'a').attempts.length, 1);
    match(attention(session.state)[0]?.text ?? '', /review: blocked, 1 finding: critical: AC-1 says the opposite/);
  });

  it('on a wave blames the task whose file it names, and looks at all of them together again', async () => {
    const tasks = task('a', MENDS) + task('b', 'echo b > b.txt');
    const turns = [says('needs_revision', { findings: [FINDING] }), says('approved'), says('approved')];
    const { rig, critic } = reviewed({ turns, tasks, on: 'wave' });
    await using _ = rig;
    const session = await rig.run();
    assertEnded(session, 'merged');
    equal(rig.merged(session, 'a.txt'), 'fine\n');
    equal(taskOf(session.state, 'b').attempts.length, 1);
    match(
      critic.prompts()[0]?.text ?? '',
      /# Review: what several tasks come to together[\s\S]*Task a: [\s\S]*Task b: /,
    );
  });

  it('at the end looks at everything since the base', async () => {
    const tasks =
      task('a', 'echo a > a.txt') + task('b', 'echo b > b.txt').replace('scope', 'dependencies: [a], scope');
    const { rig, critic } = reviewed({ turns: [says('approved')], tasks, on: 'final' });
    await using _ = rig;
    const session = await rig.run();
    assertEnded(session, 'merged');
    const [{ text } = { text: '' }, ...more] = critic.prompts();
    equal(more.length, 0);
    match(text, /# Review: the whole result[\s\S]*\+a[\s\S]*\+b/);
  });

  it('survives the end of the engine and of its runner with one verdict', async () => {
    const { rig, critic } = reviewed({ turns: [{ ...says('approved'), asks: 'npm test' }] });
    await using _ = rig;
    const ref = await rig.create();
    const engine = spawn(process.execPath, [CLI, 'run', 'p', '--yes', '--wait'], { cwd: rig.root, stdio: 'ignore' });
    const watching = await rig.open(ref, 'follow');
    const question = await settled(watching, ({ questions }) => [...questions.keys()][0]);
    engine.kill('SIGKILL');
    await once(engine, 'exit');
    const session = await rig.open(ref);
    equal(session.role, 'drives');
    match(attention(session.state)[0]?.text ?? '', /^"Write a": the reviewer "review" asks leave: npm test/);
    const cut = eventOf(session, (event) => event.type === 'job.ended');
    await killRunner(session, 'taskGate');
    await cut;
    const next = await settled(session, ({ questions }) => [...questions.keys()].find((id) => id !== question));
    await order(session, { type: 'answer', question: next, choice: 'allow' });
    await session.atRest();
    assertEnded(session, 'merged');
    equal(critic.prompts().length, 2);
    const runs = taskOf(session.state, 'a').attempts[0]?.gates ?? [];
    deepEqual(
      runs.map(({ review }) => review?.verdict),
      ['none', 'approved'],
    );
    deepEqual(worktrees(rig.root), []);
  });

  it('is ended with its run', async () => {
    const { rig } = reviewed({ turns: [{ ...says('approved'), asks: 'npm test' }] });
    await using _ = rig;
    const session = await rig.open();
    await approve(session);
    await settled(session, ({ questions }) => [...questions.keys()][0]);
    await order(session, { type: 'cancel' });
    await settled(session, ({ ended }) => ended);
    assertEnded(session, 'cancelled');
    deepEqual(
      worktrees(rig.root).filter((name) => name.includes('review')),
      [],
    );
  });

  it('gives no second opinion on a tree that did not change', async () => {
    const tasks = task('a', 'echo bug > a.txt');
    const turns = [says('needs_revision', { findings: [FINDING] }), says('approved')];
    const { rig, critic } = reviewed({ turns, tasks, config: 'limits: { retries: 1 }\n' });
    await using _ = rig;
    const session = await rig.run();
    assertEnded(session, 'failed');
    equal(critic.prompts().length, 1);
  });

  it('is named where it looks at work of its own, and refused where it cannot review', async () => {
    const own = new RunRig({
      tasks: task('a', 'x').replace('shell', 'codex-acp'),
      config: 'gates: { review: { agent: codex } }\n',
    });
    await using _ = own;
    const { notes, reviewers } = (await own.open()).state;
    deepEqual(notes, ['The gate "review" has codex review work of its own: another agent sees other things.']);
    deepEqual(crewOf({ agents: {}, reviewers, containment: {}, notes }).map(crewLine), [
      'codex: reviews for the gate "review"',
    ]);
    deepEqual([reviewers['review']?.role, reviewers['review']?.readOnly], ['reviewer', true]);
    own.repository.write({ 'orchestrate.yaml': 'gates: { review: { agent: editor } }\n' });
    const repository = value(await openRepository(own.root));
    const prepared = { ...value(await prepareRun(repository, { planFile: PLAN })) };
    const refused = await createRun(repository, { ...prepared, plan: { ...prepared.plan, id: 'other' } }, 'cli');
    match(
      refused.ok ? '' : describeFailure(refused.failure),
      /"review" is to be reviewed by editor, which cannot review/,
    );
  });
});
