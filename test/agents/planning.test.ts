import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { plannedFiles, takePlan } from '../../src/engine/plans/planned.ts';
import { startPlanning } from '../../src/engine/plans/planning.ts';
import { createRun, prepareRun } from '../../src/engine/runs.ts';
import { openRepository } from '../../src/git/repository.ts';
import { attention } from '../../src/model/run/view.ts';
import type { Step } from '../rig/model-server/script.ts';
import { ModelServer } from '../rig/model-server/server.ts';
import { DONE } from '../rig/planner.ts';
import { approve, assertEnded, order, RunRig, taskOf, value } from '../rig/run.ts';
import { DRIVEN } from './driven.ts';
import { cleanMachine } from './machine.ts';

const ASKS = JSON.stringify({
  status: 'needs_revision',
  summary: 'The language is open.',
  extra: { questions: [{ id: 'language', question: 'In which language?', options: ['English', 'German'] }] },
});
const planOf = (id: string): string => `plan_id: "${id}"
objective: Whoever comes is greeted
tasks:
  - { id: hello, title: Write the greeting, agent: implementer, scope: [hello.txt], acceptance_criteria: [It is there] }
`;

describe('An objective, with the real Claude Code and a scripted model', function () {
  this.timeout(120_000);
  let program: string[];
  cleanMachine(async () => {
    program = await DRIVEN.claude.install();
  });

  it('is asked about, planned, approved and merged', async () => {
    const server = await ModelServer.open();
    try {
      // What the model says in the turn that is due.
      const steps: Step[] = [{ text: ASKS }];
      const next = (...turn: readonly Step[]): unknown => steps.splice(0, steps.length, ...turn);
      const run = server.run({ steps });
      const claude = { ...DRIVEN.claude.settings(run.url), command: program, maxTurns: 6 };
      await using rig = new RunRig({ tasks: '', config: `agents: ${JSON.stringify({ default: 'claude', claude })}\n` });
      const repository = value(await openRepository(rig.root));
      const planning = await rig.open(value(await startPlanning(repository, 'Greet whoever comes', { by: 'cli' })));
      await planning.atRest();
      deepEqual(
        attention(planning.state).map(({ id, choices }) => [id, choices.map((choice) => choice.id)]),
        [['asks:plan:language', ['english', 'german', 'own']]],
      );
      match(run.bodies[0] ?? '', /> Greet whoever comes/);

      const { id, file } = planning.state.planning ?? { id: '', file: '' };
      next({ actions: [{ do: 'write', path: file, content: planOf(id) }] }, { text: DONE });
      await order(planning, { type: 'answer', question: 'asks:plan:language', choice: 'german' });
      await planning.atRest();
      assertEnded(planning, 'merged');
      equal(taskOf(planning.state, 'plan').attempts.length, 1, 'its session went on');
      const told = run.bodies.at(-1) ?? '';
      match(told, /In which language\? German/);
      match(told, /> Greet whoever comes/);

      const files = value(await plannedFiles(repository, planning.state));
      deepEqual(
        files.map(({ path, standing }) => [path, standing]),
        [[file, 'new']],
      );
      value(await takePlan(repository, files));
      next({ actions: [{ do: 'write', path: 'hello.txt', content: 'Hallo\n' }] }, { text: 'Done.' });
      const prepared = value(await prepareRun(repository, { planFile: id }));
      const session = await rig.open(value(await createRun(repository, prepared, 'cli')));
      await approve(session);
      await session.atRest();
      assertEnded(session, 'merged');
      equal(rig.merged(session, 'hello.txt'), 'Hallo\n');
      ok(session.state.branch);
    } finally {
      await server.close();
    }
  });
});
