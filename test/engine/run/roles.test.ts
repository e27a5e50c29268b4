import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostedWork } from '../../../src/agents/agent.ts';
import { attemptFolder } from '../../../src/engine/places.ts';
import { latest } from '../../../src/model/run/state.ts';
import { approve, eventOf, failureOf, order, RunRig, settled, taskOf } from '../../rig/run.ts';

const CONFIG = `agents:
  default: manual
  roles: { gem-devops: { agent: manual, model: of-the-role } }
  manual: { model: usual, models: { trivial: small, complex: large }, efforts: { complex: high } }
`;

const FILES = {
  '.orchestrate/agents/implementer.md': '---\nskills: [style]\neffort: low\n---\nCommitted words.\n',
  '.orchestrate/agents/gem-reviewer.md': '---\nagent: nobody\n---\nLook twice.\n',
  '.orchestrate/skills/style.md': 'Two spaces.\n',
  '.orchestrate/skills/api.md': '---\nkeywords: [endpoint]\n---\nVersion it.\n',
  '.claude/skills/deep/SKILL.md': '---\nname: deep\n---\nThink.\n',
};

const TASKS = `  - { id: a, title: Add an endpoint, complexity: trivial, skills: [deep, gone] }
  - { id: b, title: B, complexity: complex }
  - { id: c, title: C, agent: gem-reviewer, complexity: complex, model: own }
  - { id: d, title: D, agent: gem-devops, complexity: complex }
`;

describe('Who does a task and what it is told', () => {
  it('is concluded from task, role, grade and settings, and stands in the state', async () => {
    await using rig = new RunRig({ tasks: TASKS, config: CONFIG, files: FILES });
    const { agents, notes } = (await rig.open()).state;
    const brief = Object.values(agents).map(({ role, grade, model, effort }) => [role, grade, model, effort]);
    assert.deepEqual(brief, [
      ['implementer', 'trivial', 'small', 'low'],
      ['implementer', 'complex', 'large', 'low'],
      ['reviewer', 'complex', 'own', 'high'],
      ['devops', 'complex', 'of-the-role', 'high'],
    ]);
    assert.deepEqual(
      agents['a']?.skills?.map(({ name }) => name),
      ['deep', 'api', 'style'],
    );
    assert.deepEqual(
      [agents['c']?.readOnly, agents['a']?.identity, agents['c']?.identity],
      [true, 'backend', undefined],
    );
    assert.deepEqual(notes, [
      'The skill "gone" is not in the commit: add .orchestrate/skills/gone.md and commit it.',
      '.orchestrate/agents/gem-reviewer.md names agent "nobody", which is not known: its default is taken.',
    ]);
  });

  it('comes from the commit, whatever lies in the checkout', async () => {
    await using rig = new RunRig({ tasks: TASKS, config: CONFIG, files: FILES });
    rig.repository.write({
      '.orchestrate/agents/implementer.md': 'Words of somebody at the keyboard.\n',
      '.orchestrate/skills/style.md': 'Tabs.\n',
    });
    const session = await rig.open();
    const handed = eventOf(session, (event) => event.type === 'attempt.handed' && event.task === 'a');
    await approve(session);
    await handed;
    const attempt = latest(taskOf(session.state, 'a'));
    const told = readFileSync(join(attemptFolder(session.ref, attempt?.name ?? ''), 'instructions.md'), 'utf8');
    for (const part of [
      '# Your role: implementer\n\nCommitted words.',
      '# Skill: style\n\nTwo spaces.',
      '# Skill: api\n\nVersion it.',
      '# Skill: deep\n\nThink.',
      'You are a backend engineer',
    ])
      assert.ok(told.includes(part), part);
    assert.doesNotMatch(told, /keyboard|Tabs|keywords/);
  });

  it('a role that only looks has nothing merged, and is told why', async () => {
    const tasks = '  - { id: r, title: R, agent: reviewer }\n';
    await using rig = new RunRig({ tasks, config: 'agents: { default: manual }\nlimits: { retries: 0 }\n' });
    const session = await rig.open();
    const handed = eventOf(session, (event) => event.type === 'attempt.handed');
    await approve(session);
    await handed;
    writeFileSync(join(latest(taskOf(session.state, 'r'))?.path ?? '', 'mended.txt'), 'x\n');
    await order(session, { type: 'done', task: 'r' });
    await session.atRest();
    assert.match(
      failureOf(session.state, 'r') ?? '',
      /^finding: Its role is to look and report, and it changed mended\.txt/,
    );
    assert.equal(session.state.integration, session.state.base);
  });

  it('a browser-tester is told what to try, and what it saw fail has failed whatever it calls it', async () => {
    const tasks = `  - id: t
    title: T
    agent: editor
    role: gem-browser-tester
    validation_matrix: [{ scenario: Sign in, steps: [open /], expected_result: a name }]
`;
    await using rig = new RunRig({ tasks, config: 'limits: { retries: 0 }\n' });
    const failures = [{ scenario: 'Sign in', criteria: 'validation_matrix', details: 'no name' }];
    const prompts: string[] = [];
    const summaries = [
      { status: 'completed', summary: 'Tried.', extra: { failures, evidence_path: 'docs/plan/p/evidence/t' } },
      { status: 'completed', summary: 'Tried again.', extra: { failures: [] } },
    ];
    const says: HostedWork = ({ request }) => {
      prompts.push(request.prompt);
      return Promise.resolve({ kind: 'succeeded' as const, summary: JSON.stringify(summaries[prompts.length - 1]) });
    };
    const session = await rig.open(undefined, 'drive', new Map([['editor', says]]));
    await approve(session);
    await settled(session, ({ questions }) => [...questions.values()].find(({ kind }) => kind === 'escalated'));
    assert.equal(
      failureOf(session.state, 't'),
      'agent: It reports what does not work: Sign in: validation_matrix: no name (evidence in its worktree: docs/plan/p/evidence/t)',
    );
    assert.match(prompts[0] ?? '', /- Sign in; 1\. open \/; expected: a name[^]*docs\/plan\/[^/]+\/evidence\/t\//);
    await order(session, { type: 'retry', task: 't' });
    await session.atRest();
    assert.equal(session.state.ended?.outcome, 'merged');
  });

  for (const [said, kind, type, message] of [
    ['{"status": "completed", "summary": "All is well."}', undefined],
    ['Looks good to me!', 'agent', 'fixable', /not the report it was asked for: it is not one JSON object/],
    ['{"status": "needs_revision", "summary": "a.ts:1 leaks"}', 'agent', 'escalate', /needs_revision: a\.ts:1 leaks/],
    ['{"status": "failed", "summary": "no network", "failure_type": "transient"}', 'agent', 'transient', /no network/],
  ] as const)
    it(`a reviewer that ends with ${said} ${kind ? 'has not done it' : 'has done it'}`, async () => {
      const tasks = '  - { id: r, title: R, agent: editor, role: reviewer, produces: report }\n';
      await using rig = new RunRig({ tasks, config: 'limits: { retries: 0 }\n' });
      const says = () => Promise.resolve({ kind: 'succeeded' as const, summary: said });
      const session = await rig.open(undefined, 'drive', new Map([['editor', says]]));
      await approve(session);
      const stage = await settled(session, (state) => {
        const last = latest(taskOf(state, 'r'))?.stage;
        return last?.at === 'ended' || last?.at === 'merged' ? last : undefined;
      });
      const failure = stage.at === 'ended' ? stage.failure : undefined;
      assert.deepEqual([failure?.kind, failure?.type], [kind, type]);
      assert.match(failure?.message ?? '', message ?? /^$/);
    });
});
