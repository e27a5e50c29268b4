import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Imported } from '../../../src/formats/imported.ts';
import { importFiles } from '../../../src/formats/registry.ts';
import { writeGemStatuses } from '../../../src/formats/gem/plan.ts';
import { isLocked, pipelineOf, readMilestone } from '../../../src/formats/orchestra/milestone.ts';
import { effectiveWaves } from '../../../src/model/schedule/graph.ts';
import { changedLines, errorsOf, filesIn, repairsOf } from './fixtures.ts';

// Each trap of the formats has a file of its own here; docs/formats.md says which is held by what.
const ROOT = path.join(import.meta.dirname, '../../fixtures/traps');
const files = filesIn('.', ROOT);
const { imported, ignored } = importFiles(files, { now: Date.parse('2026-04-01T10:30:00Z') });

function read(name: string): Imported {
  const found = imported.find((one) => one.files.some((file) => file.endsWith(name)));
  assert.ok(found, name);
  return found;
}
const text = (name: string): string => files.find(({ path: file }) => file.endsWith(name))?.text ?? '';
const tasksOf = (name: string) => {
  const { plan, problems } = read(name);
  assert.ok(plan, JSON.stringify(problems));
  return plan.tasks;
};
const codesOf = (name: string): (string | undefined)[] => read(name).problems.map(({ code }) => code);

describe('The traps of the formats:', () => {
  it('every file of them is read as something', () => assert.deepEqual(ignored, []));

  it('every file of them stands in docs/formats.md, or its folder', () => {
    const page = readFileSync('docs/formats.md', 'utf8');
    const isTold = (file: string): boolean => {
      const parts = file.split('/');
      return parts.some((part, i) => page.includes(i === parts.length - 1 ? part : `\`${part}/\``));
    };
    const missing = files.filter(({ path: file }) => !isTold(file));
    assert.deepEqual(
      missing.map(({ path: file }) => file),
      [],
    );
  });

  it('a plan says task_id, name, assigned_agent, depends_on for id, title, agent, dependencies', () => {
    const [first, second, third] = tasksOf('words.yaml');
    assert.deepEqual([second?.id, second?.title, second?.agent], ['T2', 'The second', 'gem-documentation-writer']);
    assert.deepEqual([second?.dependencies, first?.agent, third?.agent], [['T1'], 'gem-code-simplifier', undefined]);
  });

  it('context_files is a mapping, a list of texts, one text', () =>
    assert.deepEqual(
      tasksOf('words.yaml').map(({ contextFiles }) => contextFiles.map((one) => one.path)),
      [['src/a.ts', 'src/b.ts'], ['docs/a.md', 'docs/b.md'], ['src/c.ts']],
    ));

  it('a status that nobody documents is pending, is said, and stays in the file', () => {
    assert.equal(tasksOf('words.yaml')[0]?.status, 'deferred');
    assert.ok(codesOf('words.yaml').includes('status-unknown'));
    const written = writeGemStatuses(text('words.yaml'), new Map([['T2', 'completed']]), 'in_progress');
    assert.deepEqual(changedLines(text('words.yaml'), written), [5, 37]);
  });

  it('dates, numbers as risk, lists where mappings belong and objects as questions are kept as they are', () => {
    const { native, kept } = read('words.yaml');
    assert.equal(native, text('words.yaml'));
    for (const key of ['created_at', 'open_questions', 'implementation_specification', 'tasks[].flags'])
      assert.ok(
        kept.some((one) => one.key === key),
        key,
      );
  });

  it('metrics are counted, a number as risk too', () =>
    assert.deepEqual(
      read('words.yaml').recomputed.map(({ what, stated, actual, place }) => [what, stated, actual, place.line]),
      [
        ['plan_metrics.wave_1_task_count', '1', '2', 7],
        ['plan_metrics.risk_score', '6', 'medium', 9],
      ],
    ));

  it('conflicts_with that only one of two says counts for both', () => {
    assert.ok(codesOf('words.yaml').includes('conflict-one-way'));
  });

  it('a dependency in the same or a later wave counts, and a wave is max + 1', () => {
    const { plan } = read('later-1.105.yaml');
    assert.ok(plan);
    assert.deepEqual(
      [...effectiveWaves(plan)],
      [
        ['A', 1],
        ['B', 3],
        ['C', 4],
      ],
    );
    assert.ok(codesOf('words.yaml').includes('wave-order'));
  });

  it('fields of four later versions stay', () => {
    const keys = (name: string) => read(name).kept.map(({ key }) => key);
    assert.ok(keys('later-1.33.yaml').includes('tasks[].implementation_handoff'));
    assert.ok(keys('later-1.60.yaml').includes('quality_score'));
    assert.ok(keys('later-1.105.yaml').includes('plan_lineage'));
    assert.deepEqual(repairsOf(read('later-1.33.yaml')), ['12:13 The status "needs_retry" is read as needs_revision.']);
  });

  it('variants are named in three ways and chosen by what is counted: b and c, not a, and c has less risk', () => {
    const one = read('plan_a.yaml');
    assert.equal(one.problems[0]?.file, 'gem/triple/plan-variant-c.yaml');
    assert.equal(one.files.length, 3);
  });

  it('two plans in one file are refused where the second begins', () =>
    assert.deepEqual(errorsOf(read('two-plans.yaml')), [
      '4:1 Not valid YAML: multiple documents in one file. Keep one document: remove the "---" lines. Here: ---',
    ]));

  it('a PRD has decisions with ids, stories as sentences, completed for complete, a float as version, requirements', () => {
    const { prd, kept } = read('PRD-variants.yaml');
    assert.deepEqual(
      prd?.features.map(({ status, overview }) => [status, overview]),
      [
        ['complete', 'finds'],
        ['planned', 'has no status'],
      ],
    );
    assert.deepEqual([prd?.version, prd?.userStories[0]?.iWant], ['1.0', 'find notes']);
    assert.deepEqual(
      prd?.decisions.map(({ decision }) => decision),
      ['Local', 'One file'],
    );
    assert.deepEqual(
      kept.map(({ key }) => key),
      ['title', 'created_at', 'owner', 'requirements', 'task_clarifications'],
    );
  });

  it('a PRD that is no YAML is refused with its place', () =>
    assert.match(errorsOf(read('PRD-broken.yaml'))[0] ?? '', /^4:1 Not valid YAML: .*Here: status: planned$/));

  it('a failure log is found by its documented name and by the one that lost its underscores', () => {
    const logs = imported.filter(({ format }) => format === 'gem-failure-log');
    assert.deepEqual(
      logs.map(({ log }) => [log?.agent, log?.taskId, log?.summary]),
      [
        ['', 'T1', '`npm test` fails: 2 tests'],
        ['gem-implementer', 'T1', '`npm test` fails: 2 tests'],
      ],
    );
    assert.deepEqual(logs[0]?.log?.more, { critical_issues: [{ location: 'src/a.ts:3', issue: 'a race' }] });
  });

  it('findings without a focus bear a time in their name', () => {
    const { findings } = read('research_findings_20260401T100000.yaml');
    assert.deepEqual([findings?.confidence, findings?.gaps], ['medium', ['callers']]);
  });

  it('.gem-team.yaml: every setting is kept, one is understood', () => {
    const { config } = read('.gem-team.yaml');
    assert.deepEqual([config?.limits?.agents, config?.settings['devops.approval_required_for']], [3, 'production']);
  });

  it('a prompt has no heading, a byte order mark, the paths of another machine, or another prompt three fences deep', () => {
    assert.deepEqual(
      tasksOf('no-heading.md').map(({ id, title, status }) => [id, title, status]),
      [
        ['absolute-paths', 'Move the store', 'pending'],
        ['byte-order-mark', 'With a mark and', 'pending'],
        ['done', 'IMPLEMENTED: Drop the cache', 'completed'],
        ['nested', 'Speed it up', 'pending'],
        ['no-heading', 'Make the start page load in less than a second, wh', 'pending'],
      ],
    );
    const scopes = tasksOf('no-heading.md').map(({ scope }) => scope);
    assert.deepEqual(scopes, [
      ['src/store.ts', 'src/store/*.ts', 'src/index.ts'],
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    assert.deepEqual(
      tasksOf('no-heading.md').flatMap(({ dependencies }) => dependencies),
      [],
      'words are no tasks',
    );
  });

  it('an older milestone: two scales of complexity, a table of phases, roles, spaces and comments behind values', () => {
    const { plan } = read('M7-old/milestone.md');
    assert.deepEqual(
      plan?.tasks.map(({ id, wave, status, role }) => [id, wave, status, role]),
      [
        ['phase-1', 1, 'pending', 'backend-engineer'],
        ['phase-2', 2, 'in_progress', 'adaptive'],
      ],
    );
    assert.equal(pipelineOf('full', 'quick'), 'full');
  });

  it('parallel phases start together; one that waits for both is behind them; a lock as a line holds', () => {
    assert.deepEqual(
      tasksOf('M8-lock/milestone.md').map(({ wave }) => wave),
      [1, 1, 2],
    );
    const milestone = readMilestone(text('M8-lock/milestone.md'), 'M8-lock');
    assert.ok(isLocked(milestone, Date.parse('2026-04-01T10:59:00Z')));
    assert.ok(!isLocked(milestone, Date.parse('2026-04-01T11:01:00Z')));
  });

  it('settings of the second generation lack a model; an empty command is left out and said', () => {
    const { config, problems } = read('orchestra/.orchestra/config.yml');
    assert.equal(config?.models?.['trivial'], 'haiku');
    assert.deepEqual(
      config?.gates.map(({ name }) => name),
      ['test', 'lint'],
    );
    assert.match(problems[0]?.message ?? '', /is empty: this check is left out/);
  });

  it("the document's own example has all choices as values, commas at the end, and wave1 for wave-1", () => {
    const { plan, config, repairs, problems } = read('example.json');
    assert.deepEqual(
      plan?.tasks.map(({ id, wave }) => [id, wave]),
      [
        ['AUTH_IMPL', 1],
        ['PAYMENT', 2],
      ],
    );
    assert.deepEqual([config?.gates[0]?.wave, config?.gates[0]?.onFailure], [1, 'pause-wave']);
    assert.deepEqual(
      repairs.map(({ range }) => range.line),
      [16, 17],
      'each is told once',
    );
    assert.equal(problems.filter(({ message }) => message.includes('list of all choices')).length, 2);
  });
});
