import { strict as assert } from 'node:assert';
import { setContextPhase } from '../../../src/formats/orchestra/context.ts';
import { configText } from '../../../src/formats/imported-config.ts';
import { milestoneFiles } from '../../../src/formats/orchestra/blueprint.ts';
import {
  isLocked,
  lockMilestone,
  pipelineOf,
  readMilestone,
  setMilestoneStatus,
  unlockMilestone,
} from '../../../src/formats/orchestra/milestone.ts';
import { readPhase, setPhaseStatus } from '../../../src/formats/orchestra/phase.ts';
import { CURRENT_CONFIG, upgradeConfig } from '../../../src/formats/orchestra/upgrade.ts';
import { importFiles } from '../../../src/formats/registry.ts';
import { readConfig } from '../../../src/model/config/reader.ts';
import { readYaml } from '../../../src/model/text/yaml-text.ts';
import { changedLines, filesIn, fixture, imported } from './fixtures.ts';

const ROOT = 'orchestra/.orchestra';
const files = filesIn('orchestra');
const now = Date.parse('2026-04-01T10:30:00Z');
const read = (change: (path: string, text: string) => string = (_, text) => text) => {
  const changed = files.map(({ path, text }) => ({ path, text: change(path, text) }));
  const found = importFiles(changed, { now }).imported.find(({ format }) => format === 'orchestra-milestone');
  assert.ok(found);
  return found;
};

describe('a milestone of Orchestra', () => {
  it('is a plan: a phase a task, of its complexity, which says the model, one after the other', () => {
    const { plan, config } = read();
    assert.deepEqual([plan?.id, plan?.objective], ['M1-search', 'Search\n\nNotes are lost.']);
    assert.deepEqual(
      plan?.tasks.map(({ id, title, wave, dependencies, grade }) => [id, title, wave, dependencies, grade]),
      [
        ['phase-1', 'Store the words', 1, [], 'quick'],
        ['phase-2', 'Ask for words', 2, ['phase-1'], 'complex'],
        ['phase-3', 'Write it down', 3, ['phase-2', 'phase-1'], 'standard'],
      ],
    );
    assert.ok(plan?.tasks.every(({ model }) => model === undefined));
    assert.match(
      configText(config!),
      /models: \{ trivial: "haiku", quick: "haiku", standard: "sonnet", complex: "opus" \}/,
    );
    assert.match(configText(config!), /^scope: block\nprotected:\n {2}- "\.orchestra\/\{README\.md,config\.yml\}"\n/m);
    assert.deepEqual(readConfig(configText(config!), 'orchestrate.yaml').problems, []);
    assert.deepEqual(plan?.tasks[0]?.scope, ['src/store.ts', 'src/index.ts']);
  });

  it('has phases side by side where the settings say so and the phases say what they need', () => {
    const enabled = (path: string, text: string): string =>
      path.endsWith('config.yml') ? text.replace('parallel: disabled', 'parallel: enabled') : text;
    assert.deepEqual(
      read(enabled).plan?.tasks.map(({ wave }) => wave),
      [1, 1, 2],
    );
    const without = (path: string, text: string): string => enabled(path, text).replace(/^depends_on:.*\n/m, '');
    assert.deepEqual(
      read(without).plan?.tasks.map(({ wave }) => wave),
      [1, 2, 3],
    );
  });

  it('goes on where context.md says it stood, and passes decisions on', () => {
    const { plan, resume, problems } = read();
    assert.deepEqual(
      plan?.tasks.map(({ status }) => status),
      ['completed', 'failed', 'pending'],
    );
    assert.match(plan.tasks[2]?.description ?? '', /Decided so far:\n- phase-1: words in lower case$/);
    assert.deepEqual(resume?.phases[1], {
      id: 'phase-2',
      status: 'failed',
      line: 10,
      error: '{2 tests red, 3}',
      lastError: 'timeout',
    });
    assert.deepEqual(resume.phases[0]?.files, ['src/store.ts', 'src/index.ts']);
    assert.equal(problems.filter(({ file }) => file?.endsWith('context.md')).length, 2);
  });

  it('passes on where a scout found what', () => {
    const map = '- `src/store.ts`: keeps the words\n- `src/index.ts`: entry';
    const mapped = read((path, text) => (path.endsWith('context.md') ? `${text}\n## Codebase Map\n${map}\n` : text));
    const [done, , pending] = mapped.plan?.tasks ?? [];
    assert.ok(pending?.description.endsWith(`- phase-1: words in lower case\n\nWhat is where:\n${map}`));
    assert.doesNotMatch(done?.description ?? '', /What is where/);
  });

  it('keeps keys it does not read', () => {
    assert.match(read().native ?? '', /front_matter:\n {6}reviewer: ann/);
    assert.match(read().native ?? '', /owner: ann/);
  });

  it('is locked for 60 minutes, by a row or a line, and not longer', () => {
    const lock = (text: string) => readMilestone(`# Milestone: M1 — x\n${text}\n`, 'M1');
    const at = (time: string): number => Date.parse(`2026-04-01T${time}Z`);
    for (const text of [
      'Locked-By: 2026-04-01T10:00:00Z',
      '| Locked-By | 2026-04-01T10:00:00Z |',
      '**Locked-By:** lead 2026-04-01 10:00:00Z',
    ]) {
      assert.ok(isLocked(lock(text), at('10:59:59')), text);
      assert.ok(!isLocked(lock(text), at('11:00:00')), text);
    }
    assert.ok(isLocked(lock('Locked-By: somebody'), at('10:00:00')), 'what is no time is respected');
    assert.ok(!isLocked(lock(''), at('10:00:00')));
    assert.match(read().problems[0]?.message ?? '', /is locked since/);
  });

  it('maps two scales of complexity on one of pipelines', () => {
    assert.deepEqual(
      ['trivial', 'quick', 'standard', 'complex', 'full', ''].map((word) => pipelineOf(word, 'standard')),
      ['quick', 'quick', 'standard', 'full', 'full', 'standard'],
    );
  });

  it('is reviewed as a whole at its end, but for a quick one and where the settings do without', () => {
    const asked = (change: (path: string, text: string) => string): string => {
      const text = configText(read(change).config!);
      assert.deepEqual(readConfig(text, 'orchestrate.yaml').problems, []);
      return /"review": \{.*\}/.exec(text)?.[0] ?? 'none';
    };
    const hard = (word: string) => (path: string, text: string) =>
      path.endsWith('milestone.md') ? text.replace(/(\| Complexity \| )\w+/, `$1${word}`) : text;
    const without = (path: string, text: string): string =>
      path.endsWith('context.md') ? text.replace(/^pipeline:.*$/m, '') : text;
    const both = (word: string) => (path: string, text: string) => without(path, hard(word)(path, text));
    assert.equal(asked(both('standard')), '"review": { agent: claude, on: [final] }');
    assert.equal(asked(both('trivial')), 'none');
    const skipped = (path: string, text: string): string =>
      path.endsWith('config.yml') ? text.replace(/review: sometimes/, 'review: skip') : both('complex')(path, text);
    assert.equal(asked(skipped), 'none');
  });
});

describe('what is written back into .orchestra', () => {
  const milestone = fixture(`${ROOT}/milestones/M1-search/milestone.md`).text;
  const phase = fixture(`${ROOT}/milestones/M1-search/phases/phase-1.md`).text;
  const context = fixture(`${ROOT}/milestones/M1-search/context.md`).text;

  it('a status of a milestone changes its row alone and keeps the column', () => {
    const written = setMilestoneStatus(milestone, 'done');
    assert.deepEqual(changedLines(milestone, written), [5]);
    assert.equal(written.split('\n')[4], '| Status     | done        |');
    assert.equal(readMilestone(written, 'M1').status, 'done');
    assert.equal(setMilestoneStatus('Status: planning\n', 'done'), 'Status: done\n');
  });

  it('a lock is one line that comes and goes', () => {
    const free = unlockMilestone(milestone);
    assert.equal(free, milestone.replace('| Locked-By | 2026-04-01T10:00:00Z |\n', ''));
    assert.equal(lockMilestone(free, '2026-04-01T10:00:00Z'), milestone);
    assert.equal(lockMilestone(milestone, '2026-04-02T10:00:00Z'), milestone.replace('04-01T10', '04-02T10'));
    assert.equal(lockMilestone('# M\n\ntext\n', 'now'), '# M\nLocked-By: now\n\ntext\n');
    assert.equal(unlockMilestone(lockMilestone('# M\r\n\r\ntext\r\n', 'now')), '# M\r\n\r\ntext\r\n');
  });

  it('a status of a phase changes its word and keeps the comment behind it', () => {
    const written = setPhaseStatus(phase, 'done');
    assert.deepEqual(changedLines(phase, written), [2]);
    assert.equal(written.split('\n')[1], 'status: done        # pending | in-progress | done | failed');
    assert.equal(readPhase({ path: 'phases/phase-1.md', text: written }).status, 'done');
    assert.equal(setPhaseStatus('---\norder: 1\n---\nx\n', 'failed'), '---\norder: 1\nstatus: failed\n---\nx\n');
  });

  it('a line of context.md is replaced, added after the others, or made', () => {
    const written = setContextPhase(context, { id: 'phase-3', status: 'done', commit: 'def5678', files: ['a.ts'] });
    assert.deepEqual(changedLines(context, written), [11]);
    assert.equal(written.split('\n')[10], '- phase-3: done | commit: def5678 | files: a.ts');
    const added = setContextPhase(context, { id: 'phase-4', status: 'failed', error: 'a | b\nc' });
    assert.equal(
      added,
      context.replace('- phase-3: pending\n', '- phase-3: pending\n- phase-4: failed | error: a / b c\n'),
    );
    assert.equal(setContextPhase('', { id: 'phase-1', status: 'pending' }), '## Phases\n- phase-1: pending\n');
  });
});

describe('the settings of Orchestra', () => {
  const { text } = fixture(`${ROOT}/config.yml`);

  it('are read in all three generations; old keys and wrong words count for nothing', () => {
    const { config, problems, kept } = imported({ path: '.orchestra/config.yml', text });
    assert.deepEqual(config?.models, { trivial: 'haiku', quick: 'haiku', standard: 'sonnet', complex: 'opus' });
    assert.deepEqual(
      config.gates.map(({ name, command, agent }) => `${name}: ${command ?? agent}`),
      ['typecheck: yarn tsc', 'test: yarn test --run "all # of them"', 'review: claude'],
    );
    assert.deepEqual([config.limits?.retries, config.settings['pipeline.review']], [5, 'required']);
    assert.deepEqual(
      problems.map(({ range, severity }) => `${range.line}:${range.column} ${severity}`),
      ['8:11 warning', '10:3 warning', '13:3 warning', '14:3 warning', '18:3 info'],
    );
    assert.deepEqual(
      kept.map(({ key }) => key),
      ['thresholds.patience'],
    );
  });

  it('are upgraded: order, new keys and comments of the template, values and comments of the user', () => {
    const { text: upgraded, dropped } = upgradeConfig(text, CURRENT_CONFIG);
    assert.deepEqual(dropped, ['pipeline.milestone_isolation', 'thresholds.phase_time_limit', 'thresholds.patience']);
    const before = imported({ path: '.orchestra/config.yml', text }).config?.settings ?? {};
    const after = imported({ path: '.orchestra/config.yml', text: upgraded }).config?.settings;
    const stay = Object.entries(before).filter(([key]) => !dropped.includes(key));
    assert.deepEqual(after, Object.fromEntries(stay));
    assert.match(upgraded, /quick: haiku # cheap\n/);
    assert.match(upgraded, /# asked by the team\n {2}review: sometimes\n/);
    assert.match(upgraded, /test: 'yarn test --run "all # of them"'\n {2}lint: ""\n$/);
    assert.deepEqual(
      [...upgraded.matchAll(/^(\w+):/gm)].map(([, key]) => key),
      ['pipeline', 'thresholds', 'verification'],
    );
    assert.equal(readYaml(upgraded, 'x').problems.length, 0);
  });

  it('are the template where the user has none, and twice is once', () => {
    assert.equal(upgradeConfig('', CURRENT_CONFIG).text, CURRENT_CONFIG);
    const once = upgradeConfig(text, CURRENT_CONFIG).text;
    assert.equal(upgradeConfig(once, CURRENT_CONFIG).text, once);
  });
});

describe('blueprints and knowledge', () => {
  it('a blueprint becomes folders of milestones, which are plans', () => {
    const { blueprint } = imported(fixture(`${ROOT}/blueprints/crud.md`));
    const made = milestoneFiles(blueprint!, { first: 4, created: '2026-04-01', values: { NAME: 'order' } });
    assert.deepEqual(
      made.map(({ path }) => path.replace('.orchestra/milestones/M4-order-resource/', '')),
      ['milestone.md', 'prd.md', 'phases/phase-1.md', 'phases/phase-2.md'],
    );
    assert.match(made[0]!.text, /- \[ \] order is created\n- \[ \] \{OTHER\} stays/);
    const { plan, problems } = imported(made);
    assert.deepEqual(
      problems.filter(({ severity }) => severity === 'error'),
      [],
    );
    assert.deepEqual(
      plan?.tasks.map(({ title, grade }) => [title, grade]),
      [
        ['Shape of order', 'complex'],
        ['Endpoints of order', 'standard'],
      ],
    );
  });

  it('knowledge is a list of entries, archived or not', () => {
    const { knowledge } = imported(fixture(`${ROOT}/knowledge.md`));
    assert.deepEqual(
      knowledge?.entries.map(({ id, isArchived, lessons }) => [id, isArchived, lessons.length]),
      [
        ['M1', true, 0],
        ['M2', false, 1],
      ],
    );
  });
});

describe('the state files of gadugi', () => {
  it('are read, and what is known to be wrong in them is not believed', () => {
    const processes = imported(fixture('gadugi/process_registry.json'));
    assert.deepEqual(
      processes.state?.entries.map(({ id, doubt }) => [id, doubt !== undefined]),
      [
        ['a', true],
        ['b', true],
        ['c', false],
      ],
    );
    const worktrees = imported(fixture('gadugi/worktree_state.json'));
    assert.deepEqual(
      worktrees.state?.entries.map(({ doubt }) => doubt !== undefined),
      [true, false],
    );
    assert.deepEqual(
      worktrees.problems.map(({ range }) => range.line),
      [2],
    );
  });
});
