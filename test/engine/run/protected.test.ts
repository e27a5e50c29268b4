import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attemptFolder } from '../../../src/engine/places.ts';
import { approve, assertEnded, eventOf, failureOf, order, RunRig, settled, taskOf } from '../../rig/run.ts';

const CONFIG = `agents: { default: shell, roles: { docs: { may_change: [docs/**] } } }
limits: { retries: 0 }
protected:
  lock.json: nobody
  schema.sql: person
  api.yaml: [architect]
`;
const FILES = { 'lock.json': '{}\n', 'schema.sql': 'x\n', 'api.yaml': 'a: 1\n', 'docs/PRD.yaml': 'prd_id: x\n' };

const tasks = (...lines: string[]): string =>
  lines.map((line, i) => `  - { id: t${i + 1}, title: T${i + 1}, agent: shell, ${line} }\n`).join('');

describe('Protected files', () => {
  it('are kept from whoever they are not for: changed, deleted or by a role beyond its files, nothing of it is merged', async () => {
    await using rig = new RunRig({
      tasks: tasks(
        'run: "echo 1 > lock.json"',
        'run: "rm api.yaml"',
        'run: "echo 2 >> api.yaml", role: architect',
        'run: "echo x > src.ts", role: docs',
        'run: "echo x > docs/a.md", role: docs',
      ),
      config: CONFIG,
      files: FILES,
    });
    const session = await rig.run();
    const { state } = session;
    assert.match(failureOf(state, 't1') ?? '', /^finding: Changes protected files: lock\.json$/);
    assert.match(failureOf(state, 't2') ?? '', /^finding: Changes protected files: api\.yaml$/);
    assert.match(failureOf(state, 't4') ?? '', /^finding: The role "docs" may change only docs\/\*\*: src\.ts$/);
    assert.deepEqual(
      ['t3', 't5'].map((id) => taskOf(state, id).settled?.kind),
      ['done', 'done'],
    );
    assert.equal(rig.merged(session, 'lock.json'), '{}\n');
    assert.equal(rig.merged(session, 'api.yaml'), 'a: 1\n2\n');
  });

  it('are a person’s to give where they say so, and are told of before', async () => {
    await using rig = new RunRig({ tasks: tasks('run: "echo y > schema.sql"'), config: CONFIG, files: FILES });
    const session = await rig.open();
    await approve(session);
    const question = await settled(session, ({ questions }) => questions.get('protectedByPerson:t1:1'));
    assert.match(question.text, /schema\.sql/);
    const { name } = taskOf(session.state, 't1').attempts[0] ?? assert.fail('no attempt');
    const prompt = readFileSync(join(attemptFolder(session.ref, name), 'prompt.md'), 'utf8');
    assert.match(prompt, /Files to leave as they are[^#]*lock\.json[^#]*api\.yaml/s);
    assert.match(prompt, /a person must allow[^#]*schema\.sql/s);
    await order(session, { type: 'answer', question: question.id, choice: 'accept' });
    await session.atRest();
    assertEnded(session, 'merged');
    assert.equal(rig.merged(session, 'schema.sql'), 'y\n');
  });

  it('are also the criteria: what weakens them is refused, and the agent mends its own change', async () => {
    const plan = 'origin: { format: prompts, file: prompts }\n';
    const run =
      'if [ "$ORCHESTRATE_ATTEMPT" = 1 ]; then echo less > prompts/a.md; else git checkout -q HEAD -- prompts; fi; echo x > x.txt';
    await using rig = new RunRig({
      tasks: `${tasks(`run: ${JSON.stringify(run)}`)}${plan}`,
      config: 'limits: { retries: 1 }\n',
      files: { 'prompts/a.md': '# All of it\n' },
    });
    const session = await rig.open();
    const failed = eventOf(session, (event) => event.type === 'attempt.failed');
    await approve(session);
    const event = await failed;
    assert.ok(event.type === 'attempt.failed' && /judged by: prompts\/a\.md/.test(event.failure.message));
    await session.atRest();
    assertEnded(session, 'merged');
    assert.equal(rig.merged(session, 'prompts/a.md'), '# All of it\n');
    assert.equal(rig.merged(session, 'x.txt'), 'x\n');
  });
});
