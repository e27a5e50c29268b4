import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Options } from '../../../src/cli/arguments.ts';
import { importPlans } from '../../../src/cli/commands/import.ts';
import { readFlags, scopeFor } from '../../../src/cli/llm-orchestrate-flags.ts';
import { openRepository } from '../../../src/git/repository.ts';
import { describe as words } from '../../../src/model/failure.ts';
import { styleFor } from '../../../src/cli/shown/style.ts';
import { readConfig } from '../../../src/model/config/reader.ts';
import { readPlan } from '../../../src/model/plan/reader.ts';

const FIXTURES = path.join(import.meta.dirname, '../../fixtures/formats');

describe('orchestrate import', () => {
  let root = '';
  beforeEach(() => {
    root = realpathSync(mkdtempSync(path.join(tmpdir(), 'orchestrate-import-')));
    execFileSync('git', ['init', '-q'], { cwd: root });
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '--allow-empty', '-m', 'first'], {
      cwd: root,
    });
    cpSync(FIXTURES, path.join(root, 'in'), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  async function call(
    place: string,
    options: Options = {},
  ): Promise<{ code: number | string; out: string; err: string }> {
    const said = { out: '', err: '' };
    const done = await importPlans.run({
      terminal: {
        print: (...lines) => void (said.out += `${lines.join('\n')}\n`),
        note: (...lines) => void (said.err += `${lines.join('\n')}\n`),
        write: (text) => void (said.out += text),
        read: () => Promise.resolve(''),
        interactive: false,
        style: styleFor({}, false),
        size: () => ({ columns: 80, rows: 24 }),
        keys: () => ({ [Symbol.dispose]: () => undefined }),
        onResize: () => ({ [Symbol.dispose]: () => undefined }),
      },
      cwd: root,
      repository: openRepository(root),
      positionals: [place],
      options,
      runner: '',
    });
    return { ...said, code: done.ok ? done.value : words(done.failure) };
  }
  const file = (name: string): string => readFileSync(path.join(root, name), 'utf8');

  it('writes a plan in our form, with an account of what was repaired', async () => {
    const { code, out } = await call('in/gem/tabs.yaml');
    assert.equal(code, 0);
    assert.match(
      out,
      /^in\/gem\/tabs\.yaml: gem-team plan, 2 tasks in 2 waves\n {2}repaired {4}in\/gem\/tabs\.yaml:3:1: Tabs/,
    );
    assert.match(out, /wrote docs\/plan\/tabs\/plan\.yaml\n\n1 file read, 0 refused\n$/);
    assert.equal(readPlan(file('docs/plan/tabs/plan.yaml'), 'docs/plan/tabs/plan.yaml').plan?.tasks.length, 2);
  });

  it('shows settings as they can be put into orchestrate.yaml', async () => {
    const { out } = await call('in/orchestra/.orchestra/config.yml');
    const [, shown = ''] = out.split('  orchestrate.yaml could say:\n');
    const text = [...shown.matchAll(/^ {4}(.*)$/gm)].map(([, line]) => `${line}\n`).join('');
    const { config, problems } = readConfig(text, 'orchestrate.yaml');
    assert.deepEqual(problems, []);
    assert.equal(config?.agents.settings['claude']?.models?.complex, 'opus');
  });

  it('writes nothing in a dry run, and says what it would', async () => {
    const { code, out } = await call('in/prompts', { 'dry-run': true });
    assert.equal(code, 0);
    assert.match(out, /would write docs\/plan\/prompts\/plan\.yaml/);
    assert.throws(() => file('docs/plan/prompts/plan.yaml'));
  });

  it('writes over nothing that says something else, unless it is forced', async () => {
    mkdirSync(path.join(root, 'docs/plan/tabs'), { recursive: true });
    writeFileSync(path.join(root, 'docs/plan/tabs/plan.yaml'), 'mine\n');
    const refused = await call('in/gem/tabs.yaml');
    assert.equal(refused.code, 2);
    assert.match(refused.out, /is there and differs/);
    assert.equal(file('docs/plan/tabs/plan.yaml'), 'mine\n');
    assert.equal((await call('in/gem/tabs.yaml', { force: true })).code, 0);
    assert.notEqual(file('docs/plan/tabs/plan.yaml'), 'mine\n');
  });

  it('takes a plan with other states for the same plan', async () => {
    await call('in/gem/sound.yaml');
    const name = 'docs/plan/20260401-search-index/plan.yaml';
    writeFileSync(path.join(root, name), file(name).replace('status: pending', 'status: completed'));
    const { code, out } = await call('in/gem/sound.yaml');
    assert.deepEqual([code, out.includes('says the same already')], [0, true]);
  });

  it('ends with 2 and the place where something cannot be read', async () => {
    const { code, err } = await call('in/gem/lost-key.yaml');
    assert.equal(code, 2);
    assert.match(err, /^in\/gem\/lost-key\.yaml:5:13: Not valid YAML: the lines below "status" belong to no key/);
    assert.equal((await call('in/none')).code, `There is no file or folder "${path.join(root, 'in/none')}".`);
  });

  it('reads everything in a folder and tells it as JSON', async () => {
    const { code, out } = await call('in', { json: true, 'dry-run': true });
    assert.equal(code, 2, 'one is refused');
    const data: { imported: { format: string; ok: boolean }[] } = JSON.parse(out);
    const kinds = new Map(
      data.imported.map(({ format }) => [
        format,
        data.imported.filter((one) => one.format === format && one.ok).length,
      ]),
    );
    assert.deepEqual(Object.fromEntries(kinds), {
      'gadugi-state': 2,
      'gem-plan': 7,
      'gem-prd': 1,
      'llm-plan': 1,
      'orchestra-blueprint': 1,
      'orchestra-config': 1,
      'orchestra-knowledge': 1,
      'orchestra-milestone': 2,
      prompts: 1,
    });
  });

  it('refuses what is longer than 10 MB', async () => {
    writeFileSync(path.join(root, 'plan.yaml'), `plan_id: p\n${'# x\n'.repeat(2_600_000)}`);
    const { code, err } = await call('plan.yaml');
    assert.deepEqual([code, err], [2, 'plan.yaml:1:1: The file is longer than 10 MB. Split it.\n']);
  });

  it('takes the whole milestone for one of its files, and the prompts for an invocation', async () => {
    const milestone = await call('in/orchestra/.orchestra/milestones/M1-search/phases/phase-1.md', { 'dry-run': true });
    assert.match(milestone.out, /Orchestra milestone, 3 tasks in 3 waves/);
    writeFileSync(path.join(root, 'in/prompts/go.md'), 'Execute these prompts:\n- build-index.md\n- old.md\n');
    const prompts = await call('in/prompts/go.md', { 'dry-run': true });
    assert.match(prompts.out, /prompts, 2 tasks in 1 wave/);
  });

  it('refuses what is no text and what it does not know', async () => {
    writeFileSync(path.join(root, 'a.yaml'), Buffer.from([0xff, 0xfe, 0x00]));
    writeFileSync(path.join(root, 'b.yaml'), 'x: 1\n');
    for (const [name, why] of [
      ['a.yaml', 'This is UTF-16'],
      ['b.yaml', 'No format that Orchestrate knows'],
    ] as const) {
      const { code, err } = await call(name);
      assert.equal(code, 2);
      assert.ok(err.startsWith(`${name}:1:1: ${why}`), err);
    }
  });
});

describe('llm-orchestrate', () => {
  it('takes its documented flags', () => {
    const line =
      '--plan p.json --mode adaptive --platform auto --risk-tolerance medium --quality-gates strict --batch-size 5 --correlation-mode enabled';
    assert.deepEqual(readFlags(line.split(' ')), {
      ok: true,
      value: {
        plan: 'p.json',
        mode: 'adaptive',
        platform: 'auto',
        'risk-tolerance': 'medium',
        'quality-gates': 'strict',
        'batch-size': '5',
        'correlation-mode': 'enabled',
      },
    });
  });

  for (const [line, reason] of [
    ['--mod waves', /no flag --mod\. Did you mean "mode"/],
    ['--mode wave', /--mode is waves, continuous, adaptive, not "wave"/],
    ['--plan', /--plan needs a value/],
    ['plan.json', /The plan is --plan plan\.json/],
  ] as const) {
    it(`refuses "${line}"`, () => {
      const read = readFlags(line.split(' '));
      assert.ok(!read.ok);
      assert.match(words(read.failure), reason);
    });
  }

  it('takes the tolerated risk as what happens to changes outside a scope', () => {
    assert.deepEqual(
      ['low', 'medium', 'high'].map((risk) => scopeFor({ 'risk-tolerance': risk })),
      ['block', 'ask', 'warn'],
    );
    assert.equal(scopeFor({}), undefined);
  });
});
