import { strict as assert } from 'node:assert';
import { type Access, accessTo } from '../../../src/forge/access.ts';
import { readChecks } from '../../../src/forge/checks.ts';
import { makePullRequest } from '../../../src/forge/pull-requests.ts';
import { describe as words } from '../../../src/model/failure.ts';
import { ScriptedForge, TOKEN } from '../../rig/forge.ts';
import { TemporaryRepository } from '../../rig/repository.ts';
import { value } from '../../rig/run.ts';

const ASKED = { head: 'work', base: 'main', title: 'T', body: 'B' };

class Rig implements AsyncDisposable {
  readonly repository = TemporaryRepository.with({ 'a.txt': 'a\n' });
  forge!: ScriptedForge;
  access!: Access;

  static async ready(): Promise<Rig> {
    const rig = new Rig();
    rig.forge = await ScriptedForge.in(rig.repository.folder('forge'));
    rig.push('HEAD:main', 'HEAD:work');
    const on = { host: new URL(rig.forge.url).host, owner: 'o', name: 'r', api: `${rig.forge.url}/api/v3` };
    rig.access = value(accessTo(on, TOKEN));
    return rig;
  }

  push(...refs: string[]): void {
    this.repository.git('push', '--quiet', this.forge.folder, ...refs);
  }

  async checks(logs = false) {
    const pushed = { on: this.access.on, remote: 'origin', head: 'work', commit: this.forge.at('main') };
    return readChecks(this.access, pushed, { logs });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.forge[Symbol.asyncDispose]();
    await this.repository[Symbol.asyncDispose]();
  }
}

describe('The checks of a forge', () => {
  it('are those of the pull request’s branch as it is by now, and of what was pushed once that is closed', async () => {
    await using rig = await Rig.ready();
    value(await makePullRequest(rig.access, ASKED));
    const newer = rig.repository.commit({ 'b.txt': 'b\n' });
    rig.push('HEAD:work');
    const open = value(await rig.checks());
    assert.deepEqual([open.commit, open.pullRequest?.commit], [newer, newer]);
    rig.forge.pulls[0]!.state = 'closed';
    const closed = value(await rig.checks());
    assert.deepEqual([closed.commit, closed.pullRequest?.state], [rig.forge.at('main'), 'closed']);
    const next = value(await makePullRequest(rig.access, ASKED));
    assert.deepEqual([next.number, next.made], [13, true]);
  });

  it('are read page by page, and what has not changed is not sent again', async () => {
    await using rig = await Rig.ready();
    rig.forge.pageSize = 2;
    rig.forge.checks.push(...['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, conclusion: 'success' })));
    assert.equal(value(await rig.checks()).all.length, 5);
    const first = rig.forge.requests.splice(0);
    assert.equal(value(await rig.checks()).all.length, 5);
    assert.deepEqual(
      rig.forge.requests.map(({ status }) => status),
      first.map(() => 304),
    );
    rig.forge.checks[4]!.conclusion = 'failure';
    assert.equal(value(await rig.checks()).all[0]?.name, 'e');
  });

  it('that fail bring what their jobs printed, where that is wanted and there', async () => {
    await using rig = await Rig.ready();
    rig.forge.checks.push(
      { name: 'printed', conclusion: 'failure', log: 'line\n' },
      { name: 'silent', conclusion: 'failure' },
      { name: 'green', log: 'much\n' },
    );
    const logs = async (wanted: boolean) => value(await rig.checks(wanted)).all.map(({ log }) => log);
    assert.deepEqual(await logs(false), [undefined, undefined, undefined]);
    assert.deepEqual(await logs(true), ['line\n', undefined, undefined]);
  });

  it('in another form than the API documents are no checks', async () => {
    await using rig = await Rig.ready();
    rig.forge.statuses.push({ context: 1 });
    const read = await rig.checks();
    assert.match(read.ok ? '' : words(read.failure), /none that its API documents \(statuses\.0\.context: /);
  });
});
