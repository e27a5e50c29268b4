import { strict as assert } from 'node:assert';
import { withFiles } from '../../../src/git/with-files.ts';
import { author, DATE, must, start } from './rig.ts';

describe('withFiles', () => {
  it('makes a commit that holds what is only in the checkout, and moves nothing', async () => {
    await using at = await start({ 'README.md': '# A\n', 'docs/a.md': 'a\n', 'docs/ä/b.md': 'b\n' });
    const { here, repo, base } = at;
    const files = new Map([
      ['docs/plan/x/plan.yaml', 'plan_id: x\n'],
      ['docs/ä/b.md', 'ä\n'],
      ['README.md', '# A\n'],
    ]);
    const order = { onto: base, message: 'As it was', author, date: DATE };
    const commit = must(await withFiles(repo, { ...order, files }));
    assert.equal(
      here.git('diff-tree', '-r', '-z', '--name-status', base, commit),
      'A\0docs/plan/x/plan.yaml\0M\0docs/ä/b.md\0',
    );
    assert.equal(here.show(commit, 'docs/plan/x/plan.yaml'), 'plan_id: x\n');
    assert.equal(here.show(commit, 'docs/a.md'), 'a\n');
    assert.equal(here.git('rev-parse', `${commit}^`), base);
    assert.equal(here.head(), base);
    assert.equal(here.git('fsck', '--strict', '--no-dangling'), '');
    assert.equal(must(await withFiles(repo, { ...order, files: new Map([['README.md', '# A\n']]) })), base);
  });
});
