import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScriptedForge, TOKEN } from '../../rig/forge.ts';
import { DONE, ScriptedPlanner } from '../../rig/planner.ts';
import { RunRig } from '../../rig/run.ts';
import { CommandLine, type Ended } from './command-line.ts';

const TASKS = '  - { id: a, title: "Make @it", agent: shell, run: "echo a > a.txt", covers: [R1] }\n';
const CONFIG =
  'agents: { default: shell }\npush: origin\ngates:\n  there: { run: "test -e README.md", on: [task, final] }\n';

/** A run that has passed and is pushed to a forge, and the command line as a person with a token has it. */
class Forged implements AsyncDisposable {
  readonly rig: RunRig;
  readonly forge: ScriptedForge;
  env: NodeJS.ProcessEnv;

  private constructor(rig: RunRig, forge: ScriptedForge) {
    this.rig = rig;
    this.forge = forge;
    this.env = forge.env;
  }

  static async ready(config = CONFIG, atEnd = () => {}): Promise<Forged> {
    const rig = new RunRig({ tasks: TASKS, config });
    rig.repository.atEnd(atEnd);
    const at = new Forged(rig, await ScriptedForge.in(rig.repository.folder('forge')));
    rig.repository.git('remote', 'add', 'origin', at.forge.remote);
    rig.repository.git('push', '--quiet', at.forge.folder, 'main'); // over HTTP it would wait for this very process
    const ended = await at.orchestrate('run', 'p', '--yes');
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    return at;
  }

  orchestrate(...words: string[]): Promise<Ended> {
    return new CommandLine(this.rig.root, words, this.env).ended;
  }

  get posted() {
    return this.forge.requests.filter(({ method }) => method === 'POST');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.forge[Symbol.asyncDispose]();
    await this.rig[Symbol.asyncDispose]();
  }
}

/** Every file below a folder, and what is in it. */
function textsBelow(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return files
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'latin1'))
    .join('\n');
}

describe('orchestrate pr', () => {
  it('makes a pull request with what came of each task, once, and only when a person says so', async () => {
    await using at = await Forged.ready();
    const dry = await at.orchestrate('pr', 'p', '--dry-run');
    assert.equal(dry.code, 0, dry.stderr);
    assert.match(
      dry.stdout,
      /would make a pull request of orchestrate\/p into main on 127\.0\.0\.1:\d+, o\/r\n\nAn example/,
    );
    const unsaid = await at.orchestrate('pr', 'p');
    assert.equal(unsaid.code, 3, unsaid.stdout);
    assert.match(unsaid.stdout, /Say yes with --yes/);
    assert.deepEqual(at.forge.requests, [], 'nothing is sent before somebody says so');

    const made = await at.orchestrate('pr', 'p', '--yes');
    assert.equal(made.code, 0, made.stderr);
    assert.equal(made.stdout, `pull request #12 is made: ${at.forge.url}/o/r/pull/12\n`);
    const [pull] = at.forge.pulls;
    const commit = at.forge.at('orchestrate/p').slice(0, 7);
    assert.equal(pull?.title, 'An example');
    assert.match(pull.body, new RegExp(`## Requirements\n\n[^]*\\| R1 \\| met \\| a \`${commit}\` there ✓ \\|`));
    assert.match(pull.body, new RegExp(`- Make @&#8203;it: a \`${commit}\` there ✓\n`), 'nobody is called by a title');

    const again = await at.orchestrate('pr', '--yes', '--json');
    assert.deepEqual(JSON.parse(again.stdout), {
      type: 'pullRequest',
      number: 12,
      url: `${at.forge.url}/o/r/pull/12`,
      made: false,
    });
    assert.equal(at.posted.length, 1);
    assert.ok(!textsBelow(join(at.rig.root, '.git')).includes(TOKEN), 'the token is in no file');
  });

  it('says in the words of the forge why it made none, and never the token', async () => {
    await using at = await Forged.ready();
    execFileSync('git', ['branch', '-m', 'main', 'trunk'], { cwd: at.forge.folder });
    const refused = await at.orchestrate('pr', '--yes');
    assert.equal(refused.code, 1, refused.stdout);
    assert.match(refused.stderr, /did not do it \(422\): Validation Failed; base is invalid/);
    at.env = { ...at.env, GITHUB_TOKEN: 'another-token-0123456789' };
    const unknown = await at.orchestrate('pr', '--yes');
    assert.equal(unknown.code, 1, unknown.stdout);
    assert.match(unknown.stderr, /does not know the token \(401\): Bad credentials/);
    assert.ok(!unknown.stderr.includes('another-token'));
    await at.forge[Symbol.asyncDispose]();
    const gone = await at.orchestrate('pr', '--yes');
    assert.match(gone.stderr, /127\.0\.0\.1:\d+ could not be reached: ECONNREFUSED/);
    assert.deepEqual(at.forge.pulls, []);
  });

  it('reads the checks of it: what fails with the lines it names, and ends as they stand', async () => {
    await using at = await Forged.ready();
    const nothing = await at.orchestrate('pr', '--checks');
    assert.equal(nothing.code, 3, nothing.stderr);
    const commit = at.forge.at('orchestrate/p');
    assert.equal(nothing.stdout, `no checks yet on ${commit.slice(0, 10)}\n`);
    await at.orchestrate('pr', '--yes');
    const where = { start_line: 3, end_line: 3, start_column: 5, end_column: 7, annotation_level: 'failure' };
    at.forge.checks.push(
      { name: 'lint', output: { title: 'fine' } },
      {
        name: 'build \u001b[31m',
        conclusion: 'failure',
        output: { summary: 'It does not compile\nat all' },
        annotations: [
          { ...where, path: 'a.txt', title: 'TS1', message: 'no \u202ename' },
          { ...where, path: '../../etc/passwd', message: 'out' },
        ],
      },
    );
    at.forge.statuses.push({ context: 'ci/x', state: 'pending', description: 'Waits', target_url: 'javascript:1' });
    const failing = await at.orchestrate('pr', '--checks');
    assert.equal(failing.code, 1, failing.stderr);
    assert.deepEqual(failing.stdout.split('\n'), [
      `pull request #12, open: ${at.forge.url}/o/r/pull/12`,
      ` failing  build: failure: It does not compile: ${at.forge.url}/o/r/runs/2`,
      '   a.txt:3:5: TS1: no name',
      '   out',
      ' pending  ci/x: pending: Waits',
      ' passing  lint: success: fine',
      `1 failing, 1 pending, 1 passing on ${commit.slice(0, 10)}`,
      '',
    ]);
    at.forge.checks[1]!.conclusion = 'neutral';
    assert.equal((await at.orchestrate('pr', '--checks')).code, 3);
    at.forge.statuses.length = 0;
    const passing = await at.orchestrate('pr', '--checks', '--json');
    assert.equal(passing.code, 0, passing.stderr);
    const told = JSON.parse(passing.stdout);
    assert.deepEqual([told.standing, told.commit, told.pullRequest.number], ['passing', commit, 12]);
    assert.deepEqual(at.posted.length, 1, 'nothing is made by reading');
  });

  it('has an agent mend what fails: told of it as data, on that commit, for the same branch, once approved', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'orchestrate-coder-'));
    const coder = new ScriptedPlanner(folder, [{ files: { 'a.txt': 'mended\n' }, says: DONE }], { name: 'coder' });
    await using at = await Forged.ready(`${coder.config}push: origin\n`, () => rmSync(folder, { recursive: true }));
    await at.orchestrate('pr', '--yes');
    at.forge.checks.push({ name: 'build', conclusion: 'cancelled' });
    const nothing = await at.orchestrate('pr', '--mend', '--yes');
    assert.equal(nothing.code, 2, nothing.stdout);
    assert.match(nothing.stderr, /Nothing fails that an agent could mend: 1 failing/);
    const log = '2026-01-01T00:00:00.1Z a.txt says a ```\n2026-01-01T00:00:00.2Z ##[error]exit code 1\nputs away\n';
    at.forge.checks.push({ name: 'test', conclusion: 'failure', log });

    const dry = await at.orchestrate('pr', '--mend', '--dry-run');
    assert.equal(dry.code, 0, dry.stderr);
    assert.match(
      dry.stdout,
      /^would have an agent told:\n\nChecks of pull request #12 fail\n[^]*##\[error\]exit code 1/,
    );
    assert.deepEqual(readdirSync(join(at.rig.root, 'docs/plan')), ['p']);

    const before = at.forge.at('orchestrate/p');
    const waits = await at.orchestrate('pr', '--mend');
    assert.equal(waits.code, 3, waits.stdout + waits.stderr);
    assert.match(waits.stderr, /when all of it has passed it is pushed to origin as orchestrate\/p\n/);
    const [, file = ''] = /wrote (\S+)/.exec(waits.stderr) ?? [];
    assert.match(file, /^docs\/plan\/\d{8}-hotfix-checks-of-pull-request\S*\/plan\.yaml$/);
    assert.deepEqual([coder.prompts(), at.forge.at('orchestrate/p')], [[], before]);

    const twice = await at.orchestrate('pr', 'p', '--mend', '--yes');
    assert.equal(twice.code, 2, twice.stdout);
    assert.match(twice.stderr, /Run \S+ is there to mend it already/);

    const mended = await at.orchestrate('run', file, '--yes');
    assert.equal(mended.code, 0, mended.stdout + mended.stderr);
    assert.match(
      coder.prompts()[0]?.text ?? '',
      /````text\ntest: failure\n[^]*a\.txt says a ```\n##\[error\]exit code 1\n````/,
    );
    const after = at.forge.at('orchestrate/p');
    assert.equal(at.rig.repository.git('merge-base', after, before), before, 'nothing is taken back');
    assert.equal(at.rig.repository.show(after, 'a.txt'), 'mended\n');
    assert.equal(at.posted.length, 1, 'it is the same pull request');
    const told = JSON.parse((await at.orchestrate('pr', 'p', '--checks', '--json')).stdout);
    assert.equal(told.commit, after);
  });

  it('mends no commit that is not here', async () => {
    await using at = await Forged.ready();
    await at.orchestrate('pr', '--yes');
    at.forge.checks.push({ name: 'test', conclusion: 'failure' });
    const clone = at.rig.repository.folder('clone');
    execFileSync('git', ['clone', '--quiet', '-b', 'orchestrate/p', at.forge.folder, clone]);
    const theirs = [
      '-c',
      'user.name=B',
      '-c',
      'user.email=b@example.org',
      'commit',
      '--quiet',
      '--allow-empty',
      '-m',
      'x',
    ];
    execFileSync('git', theirs, { cwd: clone });
    execFileSync('git', ['push', '--quiet'], { cwd: clone });
    const told = await at.orchestrate('pr', '--mend', '--yes');
    assert.equal(told.code, 2, told.stdout);
    assert.match(told.stderr, /which is not here: git fetch origin orchestrate\/p/);
    assert.deepEqual(readdirSync(join(at.rig.root, 'docs/plan')), ['p']);
  });

  it('of what is not pushed says how it is', async () => {
    await using rig = new RunRig({ tasks: '  - { id: a, title: A, run: "echo a > a.txt" }\n' });
    await new CommandLine(rig.root, ['run', 'p', '--yes']).ended;
    const told = await new CommandLine(rig.root, ['pr']).ended;
    assert.equal(told.code, 2, told.stdout);
    assert.match(told.stderr, /The result of (p-\S+) is not pushed: orchestrate push --run \1\n/);
  });
});
