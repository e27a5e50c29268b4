import { strict as assert } from 'node:assert';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLI, RunRig } from '../../rig/run.ts';
import { orchestrate } from './command-line.ts';

const TASKS = '  - { id: a, title: a, scope: [a.txt], run: "date +%N > a.txt; echo much > build.log" }\n';
const FILES = { '.gitignore': '*.log\n' };
const config = (disk = '{}'): string => `agents: { default: shell }\ndisk: ${disk}\n`;
const rigOf = (disk?: string): RunRig => new RunRig({ tasks: TASKS, config: config(disk), files: FILES });
const RUN = 'p-f50c43ef-';

const state = (root: string, ...names: string[]): string => join(root, '.git', 'orchestrate', ...names);
const refsOf = ({ repository }: RunRig, below: string): string[] =>
  repository.git('for-each-ref', '--format=%(refname)', `refs/orchestrate/${below}`).split('\n').filter(Boolean);

async function told(root: string, ...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await orchestrate(root, ...words);
  assert.equal(code, 0, `${stdout}${stderr}`);
  return stdout + stderr;
}

interface Shown {
  kept: { kind: string; id: string; bytes: number; spare: boolean; stays?: string }[];
  total: number;
}
const shown = async (root: string): Promise<Shown> => JSON.parse(await told(root, 'disk', '--json')) as Shown;

/** A run to the end, whose result was taken; the states of the plan are put back, so that there can be another. */
async function taken(rig: RunRig): Promise<void> {
  await told(rig.root, 'run', '--yes');
  const branches = rig.repository.git('branch', '--list', '--format=%(refname:short)', 'orchestrate/*').split('\n');
  rig.repository.git('checkout', '-q', '.');
  rig.repository.git('merge', '-q', '-m', 'taken', branches.at(-1) ?? '');
  rig.repository.git('rm', '-q', 'a.txt');
  rig.repository.commit({}, 'anew');
}

describe('what runs leave on the disk', () => {
  it('is told by run, with why it stays, and is measured as it is', async () => {
    await using rig = rigOf();
    assert.match(await told(rig.root, 'disk'), /all\s+\d+ KB\s+of 5\.0 GB, kept 30 days/);
    await told(rig.root, 'run', '--yes');
    const before = await shown(rig.root);
    const [run, removed] = before.kept;
    assert.deepEqual([run?.kind, run?.spare, removed?.kind, removed?.spare], ['run', false, 'trash', true]);
    assert.match(await told(rig.root, 'disk'), /p-f50c43ef-1\s+\d+ KB\s+run, .*goes when it is old/);
    // What ended runs take is kept, and measured anew where it was not.
    const sizes = JSON.parse(readFileSync(state(rig.root, 'sizes.json'), 'utf8')) as Record<string, number>;
    assert.ok(Object.values(sizes).includes(run?.bytes ?? 0));
    writeFileSync(state(rig.root, 'sizes.json'), '{"half');
    assert.deepEqual((await shown(rig.root)).kept, before.kept);
  });

  it('goes at the end of a run, the oldest first, where it is over the budget and was taken', async () => {
    await using rig = rigOf();
    const { root } = rig;
    for (let n = 0; n < 2; n += 1) await taken(rig);
    assert.deepEqual(readdirSync(state(root, 'runs')), [`${RUN}1`, `${RUN}2`]);
    rig.repository.commit({ 'orchestrate.yaml': config('{ budget: 1KB }') });
    const said = await told(root, 'run', '--yes');
    assert.match(said, /made room: 2 runs and 3 removed worktrees, \d+ KB/);
    assert.deepEqual(readdirSync(state(root, 'runs')), [`${RUN}3`], 'the run itself was in use');
    assert.deepEqual(readdirSync(state(root, 'trash')), []);
    assert.deepEqual(readdirSync(state(root, 'pruned')), []);
    assert.deepEqual([...refsOf(rig, `runs/${RUN}1`), ...refsOf(rig, `runs/${RUN}2`), ...refsOf(rig, 'trash')], []);
    assert.notEqual(refsOf(rig, `runs/${RUN}3`).length, 0);
    assert.notEqual(rig.repository.git('branch', '--list', 'orchestrate/*'), '', 'result branches stay');
  });

  it('stays while its result was not taken, however little room there is', async () => {
    await using rig = rigOf('{ budget: 1KB }');
    await told(rig.root, 'run', '--yes');
    assert.match(await told(rig.root, 'disk', '--prune'), /Nothing had to go\./);
    assert.match(await told(rig.root, 'status'), /merged/);
  });

  it('says what would go, and what a person would have to let go', async () => {
    await using rig = rigOf();
    await taken(rig);
    await told(rig.root, 'run', '--yes');
    // Work in the trash that no commit has.
    const [entry = ''] = readdirSync(state(rig.root, 'trash'));
    const file = state(rig.root, 'trash', entry, 'entry.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"unsaved":false', '"unsaved":true'));
    const dry = await told(rig.root, 'disk', '--dry-run', '--budget', '0MB');
    assert.match(
      dry,
      /would go: 1 run and 1 removed worktree, \d+ KB\n.*\n.*\n1 removed worktree.*kept, for nothing else/,
    );
    assert.equal((await shown(rig.root)).kept.length, 4);
    const unsaid = await orchestrate(rig.root, 'disk', '--prune', '--budget', '0MB', '--force');
    assert.deepEqual([unsaid.code, unsaid.stderr], [3, 'Nothing is deleted. Say yes with --yes.\n']);
    assert.match(await told(rig.root, 'disk', '--prune', '--budget', '0MB'), /made room: 1 run and 1 removed worktree/);
    assert.deepEqual(readdirSync(state(rig.root, 'trash')), [entry]);
    assert.match(
      await told(rig.root, 'disk', '--prune', '--budget', '0MB', '--force', '--yes'),
      /made room: 1 removed/,
    );
    assert.deepEqual(readdirSync(state(rig.root, 'trash')), []);
  });

  it('goes when it is old, and no run gets its name', async () => {
    await using rig = rigOf('{ keep: 1ms }');
    await told(rig.root, 'run', '--yes');
    assert.match(await told(rig.root, 'disk', '--prune'), /made room: 1 run/);
    assert.match((await orchestrate(rig.root, 'status')).stderr, /There is no run/);
    rig.repository.git('checkout', '-q', '.');
    await told(rig.root, 'run', '--yes');
    assert.deepEqual(readdirSync(state(rig.root, 'runs')), [`${RUN}1`, `${RUN}2`]);
    await told(rig.root, 'disk', '--prune');
    assert.deepEqual(readdirSync(state(rig.root, 'runs')), [`${RUN}2`], 'only the last leaves its number');
  });

  it('never goes while somebody drives it, or a worktree of it is there', async () => {
    await using rig = rigOf('{ keep: 1ms }');
    const session = await rig.run();
    assert.equal(session.state.ended?.outcome, 'merged');
    assert.doesNotMatch(await told(rig.root, 'disk', '--prune'), /\d run/);
    assert.match(await told(rig.root, 'disk'), /in use/);
    const path = [...session.state.tasks.values()][0]?.attempts[0]?.path ?? '';
    await session.dispose();
    rig.repository.git('worktree', 'add', '-q', '--detach', path);
    assert.doesNotMatch(await told(rig.root, 'disk', '--prune'), /\d run/);
    assert.match(await told(rig.root, 'disk'), /has a worktree/);
    rig.repository.git('worktree', 'remove', '-f', path);
    assert.match(await told(rig.root, 'disk', '--prune'), /made room: 1 run/);
  });

  it('says what is no size, and deletes nothing where orchestrate.yaml cannot be read', async () => {
    await using rig = rigOf();
    const wrong = await orchestrate(rig.root, 'disk', '--budget', 'much');
    assert.deepEqual(
      [wrong.code, wrong.stderr.trim()],
      [2, 'orchestrate: --budget is a size such as 500MB or 5GB, not "much".'],
    );
    rig.repository.write({ 'orchestrate.yaml': 'disk: { keep: soon }\n' });
    const broken = await orchestrate(rig.root, 'disk', '--prune');
    assert.equal(broken.code, 2);
    assert.match((await orchestrate(rig.root, 'validate', 'p')).stderr, /keep must be a duration such as 30d, or 0/);
  });

  it('drops copies that nobody asked for in a long time', async () => {
    await using rig = rigOf('{ keep: 1d }');
    await told(rig.root, 'disk');
    const old = state(rig.root, 'baselines', 'old.json');
    rig.repository.write({ '.git/orchestrate/baselines/old.json': '{}', '.git/orchestrate/plans/new.json': '{}' });
    utimesSync(old, 0, 0);
    await told(rig.root, 'disk', '--prune');
    assert.deepEqual([existsSync(old), existsSync(state(rig.root, 'plans', 'new.json'))], [false, true]);
  });
});

describe('making room killed', () => {
  const cli = (rig: RunRig, words: readonly string[], fault?: string): SpawnSyncReturns<string> => {
    const env = { ...process.env, ...(fault === undefined ? {} : { ORCHESTRATE_FAULT: `engine/${fault}` }) };
    return spawnSync(process.execPath, [CLI, ...words], { cwd: rig.root, encoding: 'utf8', env });
  };

  for (const fault of ['segment.before', 'segment.after', 'prune.moved', 'prune.freed'])
    it(`at ${fault} leaves a run as it was, or one that is gone`, async () => {
      await using rig = rigOf('{ keep: 1ms }');
      await told(rig.root, 'run', '--yes');
      const killed = cli(rig, ['disk', '--prune'], fault);
      assert.equal(killed.signal, 'SIGKILL', killed.stderr);
      const isWhole = fault.startsWith('segment');
      assert.equal(cli(rig, ['status', `${RUN}1`]).status, isWhole ? 0 : 2);
      if (isWhole) assert.notEqual(refsOf(rig, `runs/${RUN}1`).length, 0);
      rig.repository.git('checkout', '-q', '.');
      assert.equal(cli(rig, ['run', '--yes']).status, 0);
      assert.deepEqual(readdirSync(state(rig.root, 'pruned')), []);
      assert.deepEqual(refsOf(rig, `runs/${RUN}1`), []);
      assert.notEqual(refsOf(rig, `runs/${RUN}2`).length, 0, 'another run has another name');
    });
});
