import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { Step } from '../rig/model-server/script.ts';
import { ModelServer } from '../rig/model-server/server.ts';
import { approve, assertEnded, failureOf, RunRig, taskOf, worktrees } from '../rig/run.ts';
import { DRIVEN } from './driven.ts';
import { cleanMachine } from './machine.ts';

const FINDING = { severity: 'high', file: 'a.txt', line: 1, message: 'it is a bug', suggestion: 'Write fine.' };
const verdict = (said: string, findings: readonly object[] = []): Step => ({
  text: JSON.stringify({ verdict: said, summary: 'I looked.', findings, criteria: [] }),
});
const WRITES =
  'if grep -q \\"Write fine\\" \\"${ORCHESTRATE_FEEDBACK_FILE:-/dev/null}\\"; then echo fine > a.txt; else echo bug > a.txt; fi';

describe('A gate that is the real Claude Code, with a scripted model', function () {
  this.timeout(120_000);
  let program: string[];
  cleanMachine(async () => {
    program = await DRIVEN.claude.install();
  });

  it('sends a task back and lets it pass, is kept from writing, and counts for what it costs', async () => {
    const server = await ModelServer.open();
    try {
      const write = { do: 'write', path: 'a.txt', content: 'mine\n' } as const;
      // Each review is a conversation of its own: this is the first one's.
      const steps: Step[] = [verdict('needs_revision', [FINDING])];
      const run = server.run({ steps });
      const claude = { ...DRIVEN.claude.settings(run.url), command: program, maxTurns: 6 };
      const review = { agent: 'claude', on: ['task'], depth: 'full' };
      const config = JSON.stringify({ agents: { claude }, gates: { review } });
      const tasks = `  - { id: a, title: Write it, agent: shell, run: "${WRITES}", scope: [a.txt], acceptance_criteria: [It is fine] }\n`;
      await using rig = new RunRig({ tasks, config });
      const session = await rig.open();
      session.subscribe(({ events }) => {
        if (events.some(({ type }) => type === 'attempt.failed'))
          steps.splice(0, 1, { actions: [write] }, verdict('approved'));
      });
      await approve(session);
      await session.atRest();
      assertEnded(session, 'merged');
      equal(rig.merged(session, 'a.txt'), 'fine\n');
      match(
        failureOf(session.state, 'a') ?? '',
        /^gate: review: needs revision, 1 finding: a\.txt:1: high: it is a bug/,
      );
      const { attempts } = taskOf(session.state, 'a');
      const reviews = attempts.map(({ gates }) => gates[0]?.review);
      deepEqual(
        reviews.map((one) => [one?.agent, one?.verdict, one?.changed]),
        [
          ['claude', 'needs_revision', []],
          ['claude', 'approved', []],
        ],
      );
      ok((attempts[0]?.reviewed?.inputTokens ?? 0) > 0);
      const [asked = ''] = run.bodies;
      for (const part of ['Your role: reviewer', 'You only look', '# Review: one task', 'It is fine', '+bug'])
        ok(asked.includes(part), part);
      deepEqual(worktrees(rig.root), []);
    } finally {
      await server.close();
    }
  });
});
