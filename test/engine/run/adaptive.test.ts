import { strict as assert } from 'node:assert';
import { listRuns, readRun } from '../../../src/engine/runs.ts';
import type { RunRef } from '../../../src/engine/session.ts';
import { openRepository } from '../../../src/git/repository.ts';
import { RunRig, taskOf, value } from '../../rig/run.ts';
import { orchestrate } from '../cli/command-line.ts';

const line = (wave: number, id: string, run: string, more = ''): string =>
  `  - { id: ${id}, title: ${id}, wave: ${wave}, run: ${JSON.stringify(run)}${more} }\n`;
const scoped = (wave: number, id: string, more = ''): string =>
  line(wave, id, `ls *.txt > ${id}.txt`, `, scope: [${id}.txt]${more}`);
async function only({ root }: RunRig): Promise<RunRef> {
  const [ref] = await listRuns(value(await openRepository(root)));
  return ref ?? assert.fail('no run');
}

const config = 'agents: { default: shell }\nmode: adaptive\nlimits: { agents: 3 }\n';

describe('a run whose waves adapt', () => {
  it('takes along what is ready of the next wave, says so, and is the same when it is opened again', async () => {
    const tasks = scoped(1, 'a') + scoped(2, 'b') + scoped(3, 'c') + scoped(3, 'd', ', dependencies: [b]');
    await using rig = new RunRig({ tasks, config });
    const { code, stdout, stderr } = await orchestrate(rig.root, 'run', '--yes');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /wave 2 now has c of the next, because agents would be idle \(3 at once\)/);
    const session = await rig.open(await only(rig), 'follow');
    const [b, c, d] = ['b', 'c', 'd'].map((id) => taskOf(session.state, id));
    assert.deepEqual([b?.wave, c?.wave, d?.wave], [2, 2, 3]);
    // What came of the first wave was there when c began, and nothing of the second.
    assert.equal(rig.merged(session, 'c.txt'), 'a.txt\n');
    const folded = value(await readRun(session.ref));
    assert.deepEqual(folded.adapted, session.state.adapted);
    assert.match((await orchestrate(rig.root, 'log')).stdout, /wave 2 now has c of the next/);
  });

  it('puts tasks that name no scope apart once such met a conflict', async () => {
    const all = 'for f in base.txt; do sed -i.bak "s/^.*$/$(pwd | sed "s,.*/,,")/" $f; rm -f $f.bak; done';
    const tasks = ['a', 'b'].map((id) => line(1, id, all)).join('') + ['c', 'd'].map((id) => line(2, id, all)).join('');
    await using rig = new RunRig({ tasks, config, files: { 'base.txt': 'base\n' } });
    const { code, stdout, stderr } = await orchestrate(rig.root, 'run', '--yes');
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /c, d of wave 2 go one after the other, because .*met conflicts \(.* in base\.txt\)/);
    const session = await rig.open(await only(rig), 'follow');
    const [c, d] = ['c', 'd'].map((id) => taskOf(session.state, id));
    assert.deepEqual([c?.revisions, d?.revisions], [0, 0], 'none of them met one');
  });
});
