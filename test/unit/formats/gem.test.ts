import { strict as assert } from 'node:assert';
import { newPlanId } from '../../../src/formats/gem/plan-id.ts';
import { readGemPlan, writeGemStatuses } from '../../../src/formats/gem/plan.ts';
import { failureLogFile } from '../../../src/formats/gem/documents.ts';
import { createPrd, updatePrd } from '../../../src/formats/prd-writer.ts';
import { readPlan } from '../../../src/model/plan/reader.ts';
import { changedLines, errorsOf, fixture, imported, repairsOf } from './fixtures.ts';

const plan = (name: string) => imported(fixture(`gem/${name}.yaml`));
const tasks = (name: string) => {
  const read = plan(name);
  assert.ok(read.plan, JSON.stringify(read.problems));
  return read.plan.tasks;
};

describe('a plan of gem-team', () => {
  it('that is sound is the text it is, its numbers counted anew and its other keys named', () => {
    const read = plan('sound');
    assert.equal(read.native, fixture('gem/sound.yaml').text);
    assert.deepEqual(read.repairs, []);
    assert.deepEqual(
      read.recomputed.map(({ what, stated, actual, place }) => [what, stated, actual, place.line]),
      [
        ['plan_metrics.wave_1_task_count', '1', '2', 8],
        ['plan_metrics.total_dependencies', '5', '2', 9],
        ['plan_metrics.risk_score', 'low', 'medium', 10],
      ],
    );
    assert.deepEqual(
      read.kept.map(({ key }) => key),
      [
        'created_at',
        'created_by',
        'research_confidence',
        'tldr',
        'pre_mortem',
        'tasks[].flags',
        'tasks[].requires_review',
      ],
    );
    assert.deepEqual(read.origin(['tasks', 0, 'title']), { file: 'gem/sound.yaml', line: 28, column: 12 });
    assert.equal(read.plan?.contracts[0]?.format, 'TypeScript');
  });

  it('is the plan that its own form says', () => {
    for (const name of ['sound', 'tabs', 'risky', 'waves', 'phases', 'head', 'files-as-dependencies']) {
      const read = plan(name);
      assert.deepEqual(readPlan(read.native ?? '', `gem/${name}.yaml`).plan, read.plan, name);
    }
  });

  it('has tasks under waves: ids, titles, agents and targets by their other names', () => {
    const [a, b] = tasks('waves');
    assert.deepEqual(
      [a?.id, a?.title, a?.agent, a?.wave, a?.scope],
      ['A', 'First', 'gem-implementer', 1, ['src/a.ts', 'src/b/']],
    );
    assert.deepEqual([b?.id, b?.wave, b?.dependencies], ['B', 2, ['A']]);
    assert.deepEqual(plan('waves').origin(['tasks', 1, 'title']), { file: 'gem/waves.yaml', line: 17, column: 15 });
    assert.match(plan('waves').native ?? '', /prototype: true[\s\S]*goal: first things/);
  });

  it('has tasks in a mapping: its keys are their ids, and are kept where a task has another of its own', () => {
    const text =
      'plan_id: p\ntasks:\n  T1:\n    title: a\n  T2:\n    id:\n    title: b\n  third:\n    id: T3\n    title: c\n';
    const { plan: read, native } = imported({ path: 'docs/plan/p/plan.yaml', text });
    assert.deepEqual(
      read?.tasks.map(({ id }) => id),
      ['T1', 'T2', 'T3'],
    );
    assert.match(native ?? '', /id: T3\n {4}title: c\n {4}key: third\n$/);
  });

  it('has tasks in a mapping that name each other by its keys, whatever id they have', () => {
    const text =
      'plan_id: p\ntasks:\n  first:\n    id: T1\n  second:\n    dependencies: [first]\n  third:\n    dependencies: [T1, second]\n    conflicts_with: [first]\n';
    const { plan: read, problems } = imported({ path: 'docs/plan/p/plan.yaml', text });
    assert.deepEqual(
      problems.filter(({ severity }) => severity === 'error'),
      [],
    );
    assert.deepEqual(
      read?.tasks.map(({ id, dependencies, conflictsWith }) => [id, dependencies, conflictsWith]),
      [
        ['T1', [], []],
        ['second', ['T1'], []],
        ['third', ['T1', 'second'], ['T1']],
      ],
    );
  });

  it('has tasks under phases, each phase a wave', () => {
    assert.deepEqual(
      tasks('phases').map(({ id, wave, status }) => [id, wave, status]),
      [
        ['A', 1, 'todo'],
        ['B', 2, 'pending'],
      ],
    );
  });

  it('of the newest form has waves only, and words for states that can only mean one of ours', () => {
    assert.deepEqual(
      tasks('head').map(({ id, status, dependencies }) => [id, status, dependencies]),
      [
        ['T1', 'needs_revision', []],
        ['T2', 'pending', []],
      ],
    );
    assert.deepEqual(repairsOf(plan('head')), ['15:13 The status "needs_replan" is read as needs_revision.']);
  });

  it('has files where dependencies belong: they are context', () => {
    const [task] = tasks('files-as-dependencies');
    assert.deepEqual(task?.dependencies, []);
    assert.deepEqual(
      task?.contextFiles.map(({ path }) => path),
      ['src/a.test.ts', 'vitest.config.ts'],
    );
  });

  it('that lost a key is refused with the place and what to do', () => {
    assert.deepEqual(errorsOf(plan('lost-key')), [
      '5:13 Not valid YAML: the lines below "status" belong to no key. Is one missing above them, or do they stand too far in? Here: status: complete',
    ]);
  });

  it('gets states written on their lines and nowhere else, tabs, quotes and mistakes left as they are', () => {
    const cases = [
      ['sound', 'T3', [55]],
      ['tabs', 'T1', [12]],
      ['tabs', 'T2', [20]],
      ['risky', 'T1b', [30]],
      ['waves', 'B', [20]],
      ['phases', 'A', [8]],
    ] as const;
    for (const [name, id, lines] of cases) {
      const { text } = fixture(`gem/${name}.yaml`);
      const written = writeGemStatuses(text, new Map([[id, 'failed']]));
      assert.deepEqual(changedLines(text, written), lines, name);
      assert.equal(
        readGemPlan({ path: 'x', text: written }).plan?.tasks.find((task) => task.id === id)?.status,
        'failed',
        name,
      );
    }
  });

  it('gets a state where it had none, with the tabs of its neighbour', () => {
    const text = 'plan_id: p\nobjective: o\ntasks:\n\t- id: T1\n\t\ttitle: `x`\n';
    assert.equal(
      writeGemStatuses(text, new Map([['T1', 'completed']])),
      text.replace('id: T1\n', 'id: T1\n\t  status: completed\n'),
    );
  });
});

describe('a new plan', () => {
  it('has an id of its day and its objective', () => {
    const now = Date.parse('2026-03-19T23:59:00Z');
    assert.equal(newPlanId('Add form actions to every single card', now), '20260319-add-form-actions-to-every');
    assert.equal(newPlanId('Add', now, new Set(['20260319-add', '20260319-add-2'])), '20260319-add-3');
  });
});

describe('variants of a plan', () => {
  const variant = (letter: string, stated: number, deps: string[], risk: string) => ({
    path: `docs/plan/p/plan_${letter}.yaml`,
    text: `plan_id: p\nobjective: o\nplan_metrics: {total_dependencies: ${stated}}\npre_mortem: {overall_risk_level: ${risk}}\ntasks:\n  - {id: a}\n  - {id: b}\n  - {id: c, wave: 2, dependencies: [${deps.join(', ')}]}\n`,
  });

  it('are chosen by what is counted, not by what they say', () => {
    const read = imported([
      variant('a', 0, ['a', 'b'], 'low'),
      variant('b', 9, ['a'], 'high'),
      variant('c', 9, ['b'], 'medium'),
    ]);
    assert.equal(read.problems[0]?.file, 'docs/plan/p/plan_c.yaml');
    assert.deepEqual(
      read.recomputed.map(({ stated, actual }) => [stated, actual]),
      [
        ['0', '2'],
        ['9', '1'],
        ['9', '1'],
      ],
    );
  });

  it('that cannot be read take nothing from the others', () => {
    const read = imported([
      variant('a', 0, ['a'], 'low'),
      { path: 'docs/plan/p/plan-variant-b.yaml', text: 'a: b\n  - c\n' },
    ]);
    assert.equal(read.problems[0]?.file, 'docs/plan/p/plan_a.yaml');
    assert.deepEqual(errorsOf(read), []);
  });

  it('are passed over where one was chosen already', () => {
    const chosen = { ...variant('a', 0, [], 'low'), path: 'docs/plan/p/plan.yaml' };
    assert.match(imported([variant('a', 0, ['a'], 'low'), chosen]).problems[0]?.message ?? '', /not read/);
  });
});

describe('a PRD', () => {
  it('is read in every form seen', () => {
    const { prd, kept } = imported(fixture('gem/PRD.yaml'));
    assert.equal(prd?.version, '1.0');
    assert.deepEqual(prd?.userStories[1], { asA: 'writer', iWant: 'tag notes', soThat: 'they are found' });
    assert.deepEqual(prd?.acceptanceCriteria[0], { criterion: 'Finds words in any case', verification: '' });
    assert.deepEqual(
      prd?.features.map(({ status }) => status),
      ['complete', 'planned'],
    );
    assert.deepEqual(prd?.decisions, [{ decision: 'No server', rationale: 'notes are local' }]);
    assert.deepEqual(
      kept.map(({ key }) => key),
      ['status'],
    );
  });

  it('is created in the documented order, and is what was to be written', () => {
    const { prd } = imported(fixture('gem/PRD.yaml'));
    const text = createPrd(prd!);
    assert.deepEqual(
      [...text.matchAll(/^(\w+):/gm)].map(([, key]) => key),
      'prd_id version user_stories scope acceptance_criteria needs_clarification features state_machines errors decisions changes'.split(
        ' ',
      ),
    );
    assert.deepEqual(imported({ path: 'docs/PRD.yaml', text }).prd, prd);
  });

  it('is updated on the lines that are meant', () => {
    const { text } = fixture('gem/PRD.yaml');
    const updated = updatePrd(text, {
      featureStatuses: new Map([['index', 'in_progress']]),
      changes: [{ version: '1.1.0', change: 'index' }],
    });
    assert.equal(
      updated,
      text
        .replace('status: completed', 'status: in_progress')
        .replace('changes: []\n', 'changes:\n  - version: 1.1.0\n    change: index\n'),
    );
  });
});

describe('what else gem-team writes', () => {
  it('a failure log has its documented name and comes back as it was', () => {
    const log = {
      planId: 'p',
      taskId: 'T/1',
      agent: 'gem-implementer',
      timestamp: '2026-04-01T10:15:00.000Z',
      failureType: 'transient',
      summary: 'It: failed',
      more: { retries_attempted: '3' },
    };
    const file = failureLogFile(log);
    assert.equal(file.path, 'docs/plan/p/logs/gem-implementer_T-1_20260401T101500Z.yaml');
    assert.deepEqual(imported(file).log, log);
  });

  it('research findings tell how sure they are and what is open', () => {
    const text =
      'plan_id: p\nfocus_area: auth\nresearch_metadata: {confidence: High}\ntldr: `a` is it\nopen_questions:\n  - question: why?\n    context: x\ngaps: []\nfiles_analyzed: [{path: a.ts}]\n';
    const { findings } = imported({ path: 'docs/plan/p/research_findings_auth.yaml', text });
    assert.deepEqual(findings, {
      planId: 'p',
      focusArea: 'auth',
      tldr: '`a` is it',
      confidence: 'high',
      openQuestions: ['why?'],
      gaps: [],
      filesAnalyzed: ['a.ts'],
    });
  });

  it('.gem-team.yaml says how many agents work at once', () => {
    const { config } = imported({
      path: '.gem-team.yaml',
      text: 'orchestrator:\n  max_concurrent_agents: 3\nquality:\n  a11y_audit_level: basic\n',
    });
    assert.deepEqual([config?.limits?.agents, config?.settings['quality.a11y_audit_level']], [3, 'basic']);
  });
});
