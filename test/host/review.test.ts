import { strict as assert } from 'node:assert';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestApi } from '../../src/host/test-api.ts';
import { ScriptedPlanner } from '../rig/planner.ts';
import {
  commit,
  ended,
  eventually,
  flat,
  on,
  outline,
  planFiles,
  root,
  run,
  start,
  withRepository,
} from './orchestrate.ts';

const says = (verdict: string, findings: readonly object[]) => ({
  says: JSON.stringify({ verdict, summary: 'I looked.', findings, criteria: [] }),
});
const FINDING = { severity: 'high', file: 'sum.txt', line: 2, message: 'it is wrong', suggestion: 'Count again.' };

describe('a gate that is an agent', function () {
  this.timeout(90_000);
  let api: TestApi;
  const folder = join(root, '..', 'critic');
  const tree = (): string => outline(api.rows());
  before(async () => {
    api = await withRepository();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('fills the Problems panel with what it found, and shows its verdict in the tree', async () => {
    const turns = [
      says('needs_revision', [FINDING]),
      { ...says('approved', [{ ...FINDING, severity: 'low' }]), asks: 'look' },
    ];
    const critic = new ScriptedPlanner(folder, turns, { name: 'critic' });
    const files = planFiles('reviewed', [
      {
        id: 'sum',
        title: 'Adds it up',
        agent: 'shell',
        run: 'printf "1\\n2\\n$ORCHESTRATE_FEEDBACK_FILE" > sum.txt',
        scope: ['sum.txt'],
      },
    ]);
    const gates = 'gates: { review: { agent: critic, on: [task], depth: full } }\n';
    commit({ ...files, 'orchestrate.yaml': `agents:\n  ${critic.entry}\n${gates}` });
    const session = await start(api, 'reviewed');
    await run('orchestrate.approve', on(session));
    const problem = await eventually(
      'a problem of the review',
      () => api.problems().find((line) => line.includes('it is wrong')),
      () => [tree(), api.problems()],
    );
    assert.match(problem, /sum\.txt:2 it is wrong Count again\.$/);
    await eventually('its verdict', () => /review.*needs revision, 1 finding/.test(tree()), tree);

    const asked = await eventually(
      'the reviewer asks leave',
      () => flat(api.rows()).find(({ description }) => description?.startsWith('review of Adds it up asks leave')),
      tree,
    );
    assert.ok(asked);
    const [question = ''] = [...session.state.questions.keys()];
    assert.ok((await session.order({ type: 'answer', question, choice: 'allow' })).ok);
    await eventually('it is merged', () => ended(session), tree);
    assert.equal(session.state.ended?.outcome, 'merged', tree());
    assert.match(tree(), /review.*approved, 1 comment/);
    await eventually('the problems are gone', () => api.problems().length === 0, api.problems);
  });
});
