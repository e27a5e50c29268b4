import { strict as assert } from 'node:assert';
import { attention } from '../../../src/model/run/view.ts';
import { assertEnded, failureOf, order, RunRig, taskOf } from '../../rig/run.ts';
import { type RunSession } from '../../../src/engine/session.ts';

const CONFIG = 'agents: { default: shell }\nlimits: { retries: 0 }\nscope: block\n';

/** One liar beside one honest task; what the liar left must not be in integration, and the reason must be told. */
async function lie(
  run: string,
  reason: RegExp,
  more: { scope?: string; config?: string; files?: Record<string, string> } = {},
): Promise<void> {
  const scope = more.scope ?? 'lie.txt';
  const tasks = `  - { id: liar, title: Liar, agent: shell, scope: [${scope}], run: ${JSON.stringify(run)} }
  - { id: honest, title: Honest, agent: shell, scope: [honest.txt], run: "echo honest > honest.txt" }
`;
  await using rig = new RunRig({
    tasks,
    config: more.config ?? CONFIG,
    files: { 'package.json': '{"scripts":{"test":"node --test"}}\n', ...more.files },
  });
  const session = await rig.run();
  assert.notEqual(taskOf(session.state, 'liar').settled?.kind, 'done');
  assert.match(why(session), reason);
  const merged = session.state.merges.flatMap(({ members }) => members.map(({ task }) => task));
  assert.ok(!merged.includes('liar'));
  assert.equal(
    rig.repository.git('rev-parse', `refs/orchestrate/runs/${session.ref.run}/integration`),
    session.state.integration,
  );
}

/** All that a person sees about the liar. */
const why = ({ state }: RunSession): string =>
  [failureOf(state, 'liar') ?? '', ...attention(state).map(({ text }) => text)].join('\n');

describe('a lying agent is found out:', () => {
  it('conflict markers left behind', () =>
    lie(String.raw`printf '<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n' > lie.txt`, /conflict marker/i));

  it('nothing changed', () => lie('true', /nothing/i));

  it("another task's file written under block", () => lie('echo lie > honest.txt', /outside/i));

  it('a merge of another branch', () =>
    lie(
      'git checkout -q -b other && echo x > o.txt && git add . && git commit -qm other && git checkout -q - && git merge -q --no-ff --no-edit other && echo lie > lie.txt',
      /merge|commit|HEAD|branch/i,
    ));

  it('a pull from somewhere else', () =>
    lie(
      'git init -q ../../up && git -C ../../up -c user.name=u -c user.email=u@u commit -q --allow-empty -m up && git pull -q --no-rebase --no-edit --allow-unrelated-histories ../../up && echo lie > lie.txt',
      /merge|commit/i,
    ));

  it('an amended base', () =>
    lie('echo lie > lie.txt && git add . && git commit -q --amend -m mine', /base|amend|history|HEAD/i));

  it('another branch checked out', () => lie('git checkout -q -b elsewhere && echo lie > lie.txt', /branch|HEAD/i));

  it('a test command that cannot fail', () =>
    lie(`echo '{"scripts":{"test":"true"}}' > package.json && echo lie > lie.txt`, /package\.json/, {
      config: CONFIG.replace('block', 'warn'),
    }));

  it('the integration ref moved', async () => {
    const run =
      'echo lie > lie.txt && git add . && git commit -qm lie && git update-ref refs/orchestrate/runs/$ORCHESTRATE_RUN/integration HEAD';
    await using rig = new RunRig({
      tasks: `  - { id: liar, title: Liar, agent: shell, run: ${JSON.stringify(run)} }\n`,
      config: CONFIG,
    });
    const session = await rig.run();
    assert.equal(session.state.paused?.halt, true);
    assert.match(why(session), /integration/);
    assert.equal(session.state.integration, session.state.base);
    assert.equal(session.state.branch, undefined);
  });

  for (const [when, where] of Object.entries({ 'at work': 'run', 'as it is merged': 'gate' })) {
    it(`the integration ref deleted by one who is ${when}, and it is there again for who goes on`, async () => {
      const once =
        'if [ ! -e ../../../lied ]; then touch ../../../lied; git update-ref -d refs/orchestrate/runs/$ORCHESTRATE_RUN/integration; fi';
      const lines = { run: 'true', gate: 'true', [where]: once };
      const run = JSON.stringify(`${lines.run}; echo lie > lie.txt`);
      const gate = `{ run: ${JSON.stringify(`git merge-base --is-ancestor HEAD main || { ${lines.gate}; }`)}, on: [wave] }`;
      await using rig = new RunRig({
        tasks: `  - { id: liar, title: Liar, run: ${run} }\n`,
        config: `agents: { default: shell }\ngates: { good: ${gate} }\n`,
      });
      const session = await rig.run();
      assert.equal(session.state.paused?.halt, true);
      assert.match(why(session), /integration/);
      for (const { id, task } of attention(session.state))
        if (task) await order(session, { type: 'answer', question: id, choice: 'retry' });
      await order(session, { type: 'resume' });
      await session.atRest();
      assertEnded(session, 'merged');
    });
  }

  it('a nested repository', () =>
    lie(
      'mkdir -p lie && cd lie && git init -q && echo x > x && git add . && git -c user.name=l -c user.email=l@l commit -qm x',
      /nested|repository/i,
      { scope: 'lie/**' },
    ));

  it('a hooks path of its own', () => lie('git config core.hooksPath /tmp && echo lie > lie.txt', /config|hook/i));

  it('a symlink out of the tree', () => lie('ln -s /etc/passwd lie.txt', /symlink|link/i));

  it('an exclude that hides what it did', () =>
    lie(
      'echo lie.txt >> "$(git rev-parse --git-common-dir)/info/exclude" && echo lie > lie.txt',
      /info|exclude|config/i,
    ));

  it('an evicted commit brought back by a later task', async () => {
    const bring =
      'git merge -q --no-edit $(git for-each-ref --format="%(objectname)" refs/orchestrate/runs/$ORCHESTRATE_RUN/results)';
    const tasks = `  - { id: evicted, title: Evicted, agent: shell, scope: [bad.txt], run: "echo bad > bad.txt" }
  - { id: liar, title: Liar, wave: 2, agent: shell, run: ${JSON.stringify(`${bring} && echo mine > mine.txt`)} }
`;
    const config = `${CONFIG}gates:\n  clean: { run: "test ! -e bad.txt", on: [merge] }\n`;
    await using rig = new RunRig({ tasks, config });
    const session = await rig.run();
    assert.match(failureOf(session.state, 'evicted') ?? '', /^gate: /);
    assert.match(why(session), /is on another branch/);
    assert.equal(session.state.merges.flatMap(({ members }) => members).length, 0);
    assert.throws(() => rig.merged(session, 'bad.txt'));
  });
});
