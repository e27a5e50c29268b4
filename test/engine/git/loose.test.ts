import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeLoose } from '../../../src/git/loose.ts';
import { TemporaryRepository } from '../../rig/repository.ts';

describe('an object that is written without git', () => {
  for (const format of ['sha1', 'sha256'] as const)
    it(`is what git reads under this name, whatever its size (${format})`, async () => {
      await using here = TemporaryRepository.empty({ init: [`--object-format=${format}`] });
      const objects = join(here.root, '.git', 'objects');
      for (const size of [0, 1, 240, 2035, 2036, 2037, 2050, 70_000]) {
        const content = Buffer.alloc(size, 0xff);
        content.write('tree and parents');
        const oid = writeLoose(objects, 'commit', content, format);
        const asGit = ['hash-object', '-t', 'commit', '--literally', '--stdin'];
        assert.equal(execFileSync('git', asGit, { cwd: here.root, input: content }).toString().trim(), oid);
        assert.ok(execFileSync('git', ['cat-file', 'commit', oid], { cwd: here.root }).equals(content));
      }
    });

  // As `git gc` does, which a push, a pull or another agent's commit may start.
  it('does not need its folder to stay where it was made', async () => {
    await using here = TemporaryRepository.empty();
    const objects = join(here.root, '.git', 'objects');
    const tidying = spawn('sh', ['-c', 'echo; while [ -e . ]; do rmdir ?? 2>/dev/null; done'], { cwd: objects });
    await once(tidying.stdout, 'data');
    try {
      for (let each = 0; each < 1500; each += 1) {
        const oid = writeLoose(objects, 'tree', Buffer.from(String(each)), 'sha1');
        rmSync(join(objects, oid.slice(0, 2), oid.slice(2)));
      }
    } finally {
      tidying.kill('SIGKILL');
      await once(tidying, 'close');
    }
  });
});
