import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const FILES = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .map((path) => `/${path}`);

/** A file may be named by the end of its path, as in "model/plan/rules.ts" or "rules.ts". */
const isThere = (name: string): boolean => FILES.some((path) => path.endsWith(`/${name}`));

describe('A file named in the docs is there:', () => {
  for (const page of ['docs/features.md', 'docs/formats.md', 'docs/bench.md', 'docs/decisions.md', 'ARCHITECTURE.md'])
    it(page, () => {
      const named = [
        ...readFileSync(page, 'utf8').matchAll(/(?<![\w/.*-])[\w-]+(?:\/[\w.-]+)*\.(?:tsx?|mjs)(?![\w-])/g),
      ];
      const gone = named.map(([name]) => name).filter((name) => !isThere(name));
      assert.ok(named.length > 0);
      assert.deepEqual(gone, []);
    });
});
