import { strict as assert } from 'node:assert';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WORKTREE_TOOLS } from '../../../src/agents/worktree/tools.ts';

describe('the tools of a worktree', () => {
  let outer: string;
  let root: string;

  beforeEach(() => {
    outer = realpathSync(mkdtempSync(join(tmpdir(), 'wt-')));
    root = join(outer, 'tree');
    mkdirSync(join(root, 'src'), { recursive: true });
    writeFileSync(join(root, '.git'), 'gitdir: elsewhere\n');
    writeFileSync(join(root, 'src/a.ts'), 'one\ntwo\nthree\n');
    writeFileSync(join(outer, 'secret.txt'), 'secret\n');
    mkdirSync(join(outer, 'beside'));
    symlinkSync(join(outer, 'secret.txt'), join(root, 'link.txt'));
    symlinkSync(join(outer, 'not-there.txt'), join(root, 'dangling.txt'));
    symlinkSync(outer, join(root, 'up'));
    symlinkSync(join(root, '.git'), join(root, 'innocent'));
    symlinkSync('src', join(root, 'inner'));
  });
  afterEach(() => rmSync(outer, { recursive: true, force: true }));

  /** What the model hears; a refusal begins with "no: ". */
  const call = async (name: string, input: object): Promise<string> => {
    const tool = WORKTREE_TOOLS.find((one) => one.name === name) ?? assert.fail(name);
    const said = await tool.use(root, input);
    return said.ok ? said.value : `no: ${said.failure}`;
  };

  const OUTSIDE = [
    '../secret.txt',
    '..',
    'src/../../secret.txt',
    'link.txt',
    'dangling.txt',
    'up/secret.txt',
    'up/new.txt',
    'up/beside/deep/new.txt',
    '/etc/passwd',
    '../tree-2/x',
    '.git',
    '.GIT',
    'src/.git/config',
    '.git ./config',
    'git~1',
    '.git::$INDEX_ALLOCATION',
    'innocent',
  ];

  for (const path of OUTSIDE) {
    it(`do not reach ${path}`, async () => {
      for (const [name, more] of [
        ['read', {}],
        ['write', { content: 'x' }],
        ['edit', { old: 'secret', new: 'x' }],
        ['list', {}],
        ['search', { text: 'e' }],
      ] as const)
        assert.match(await call(name, { path, ...more }), /^no: /, name);
      assert.equal(readFileSync(join(outer, 'secret.txt'), 'utf8'), 'secret\n');
      assert.equal(existsSync(join(outer, 'not-there.txt')) || existsSync(join(outer, 'new.txt')), false);
      assert.equal(existsSync(join(outer, 'beside/deep')), false);
      assert.equal(readFileSync(join(root, '.git'), 'utf8'), 'gitdir: elsewhere\n');
    });
  }

  it('do not find what a link leads to', async () => {
    assert.equal(await call('search', { text: 'secret' }), 'it stands nowhere');
  });

  it('delete a link and not what it leads to, and neither git nor the worktree', async () => {
    assert.equal(await call('delete', { path: 'link.txt' }), 'deleted');
    assert.equal(await call('delete', { path: 'up' }), 'deleted');
    assert.equal(readFileSync(join(outer, 'secret.txt'), 'utf8'), 'secret\n');
    for (const path of ['.git', '.', '..', '../secret.txt', 'src/..', '/'])
      assert.match(await call('delete', { path }), /^no: /, path);
    assert.ok(existsSync(join(root, 'src/a.ts')));
  });

  it('list, read, search, write, edit and delete', async () => {
    assert.equal(await call('list', {}), 'dangling.txt\ninner\ninnocent\nlink.txt\nsrc/\nup');
    assert.equal(await call('list', { path: 'src', deep: true }), 'a.ts');
    assert.equal(await call('read', { path: 'src/a.ts' }), 'one\ntwo\nthree\n');
    assert.equal(await call('read', { path: 'inner/a.ts', from: 2, count: 1 }), 'lines 2 to 2 of 4:\ntwo');
    assert.equal(await call('read', { path: join(root, 'src/a.ts'), from: 3, count: 1 }), 'lines 3 to 3 of 4:\nthree');
    assert.equal(await call('search', { text: 'TWO', matchCase: false }), 'src/a.ts:2: two');
    assert.equal(await call('search', { text: 'two', path: 'src/a.ts' }), 'a.ts:2: two');
    assert.equal(await call('write', { path: 'new/deep/b.ts', content: 'b$&\n' }), 'written: 4 bytes');
    assert.equal(await call('edit', { path: 'new/deep/b.ts', old: 'b', new: '$&' }), 'replaced');
    assert.equal(readFileSync(join(root, 'new/deep/b.ts'), 'utf8'), '$&$&\n');
    assert.equal(await call('delete', { path: 'new' }), 'deleted');
    assert.equal(existsSync(join(root, 'new')), false);
  });

  it('say what is wrong in words that help', async () => {
    assert.match(await call('read', { path: 'src/none.ts' }), /ENOENT: no such file/);
    assert.match(await call('read', {}), /path/);
    assert.match(await call('edit', { path: 'src/a.ts', old: 'four', new: '' }), /does not stand/);
    writeFileSync(join(root, 'twice.txt'), 'x x');
    assert.match(await call('edit', { path: 'twice.txt', old: 'x', new: 'y' }), /stands there 2 times/);
    assert.equal(await call('edit', { path: 'twice.txt', old: 'x', new: 'y', all: true }), 'replaced 2 times');
    writeFileSync(join(root, 'bytes'), Buffer.from([1, 0, 2]));
    assert.match(await call('read', { path: 'bytes' }), /no text/);
  });

  it('have schemas that a model can be given', () => {
    for (const { inputSchema } of WORKTREE_TOOLS) assert.equal((inputSchema as { type?: string }).type, 'object');
  });
});
