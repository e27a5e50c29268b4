import { strict as assert } from 'node:assert';
import { trace } from '../../../src/model/run/trace.ts';
import type { Files } from '../../rig/repository.ts';
import { assertEnded, RunRig } from '../../rig/run.ts';

const tasks = `  - { id: a, run: "echo a > a.txt", covers: [AC-1] }\n  - { id: b, run: "echo b > b.txt" }\n`;
const PRD = `prd_id: p\nacceptance_criteria:\n  - criterion: It says a\n  - criterion: It says c\n`;

/** As `AC-1 met: a`, of a run with this PRD. */
async function traced(prd: Files, plan = tasks): Promise<string[]> {
  await using rig = new RunRig({ tasks: plan, files: prd });
  const session = await rig.run();
  assertEnded(session, 'merged');
  return trace(session.state).map(
    ({ requirement, standing, tasks: by }) =>
      `${requirement.id} ${requirement.text}: ${standing} ${by.map(({ task }) => task.id).join()}`,
  );
}

describe('a run of a plan that says what it covers', () => {
  it('knows what the PRD asks for, from its beginning to its end', async () => {
    assert.deepEqual(await traced({ 'docs/PRD.yaml': PRD }), ['AC-1 It says a: met a', 'AC-2 It says c: uncovered ']);
  });

  it('goes by the ids where the PRD gives some', async () => {
    const requirements = `requirements:\n  - requirement_id: AC-1\n    title: Letters\n`;
    assert.deepEqual(await traced({ 'docs/PRD.yaml': PRD + requirements }), ['AC-1 Letters: met a']);
  });

  it('tells each agent what its task is for', async () => {
    const printing = tasks.replace('echo a > a.txt', 'cat > a.txt < \\"$ORCHESTRATE_PROMPT_FILE\\"');
    await using rig = new RunRig({ tasks: printing, files: { 'docs/PRD.yaml': PRD } });
    const session = await rig.run();
    assertEnded(session, 'merged');
    assert.match(rig.merged(session, 'a.txt'), /^# The requirements it serves\n\n- AC-1: It says a$/m);
  });

  it('has its own words where no PRD can be read', async () => {
    assert.deepEqual(await traced({}), ['AC-1 : met a']);
    assert.deepEqual(await traced({ 'docs/PRD.yaml': '\tx: [\n' }), ['AC-1 : met a']);
  });
});
