import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { parseDocument } from 'yaml';
import { readPlainYaml } from '../../../../src/model/text/plain-yaml.ts';
import { yamlLines } from '../texts.ts';

const byLibrary = (text: string): unknown => {
  const document = parseDocument(text, { schema: 'failsafe', logLevel: 'silent' });
  assert.deepEqual(document.errors, [], text);
  return document.toJS();
};

describe('The fast way through a YAML text', () => {
  it('reads what programs write', () => {
    const text =
      'plan_id: p\ntasks:\n  - id: a\n    text: |\n      one\n\n        two\n    list: [a, b]\n\n  # next\n  - id: b\n    none:\n    words:\n    - "x"\n    - it\'s\n';
    assert.notEqual(readPlainYaml(text), undefined);
    assert.deepEqual(readPlainYaml(text)?.value, byLibrary(text));
  });

  it('reads as the library does or gives up', () => {
    let read = 0;
    fc.assert(
      fc.property(yamlLines, (text) => {
        const found = readPlainYaml(text);
        if (!found) return;
        read += 1;
        assert.deepEqual(found.value, byLibrary(text), text);
      }),
      { numRuns: 20_000 },
    );
    assert.equal(read > 100, true, String(read));
  }).timeout(30_000);

  for (const space of ['\u00a0', '\u0085', '\u2028', '\u3000', '\v'])
    it(`leaves a text with ${JSON.stringify(space)} in it to the library`, () => {
      assert.equal(readPlainYaml(`a: ${space}x\nb: y${space}\n`), undefined);
      assert.equal(readPlainYaml(`a: x${space}\n`), undefined);
    });

  it('tells where each value stands', () => {
    const text = 'tasks:\n  - id: a\n    status:   done\n';
    const seen: string[] = [];
    readPlainYaml(text, (path, { key, start, end }) =>
      seen.push(`${path.join('.')}=${text.slice(key, key + 2)}|${text.slice(start, end)}`),
    );
    assert.deepEqual(seen, ['tasks=ta|tasks', 'tasks.0=id|id: a', 'tasks.0.id=id|a', 'tasks.0.status=st|done']);
  });
});
