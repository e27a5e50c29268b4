import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import type { Path } from '../../../../src/model/text/problem.ts';
import { compose, lazily } from '../../../../src/model/text/yaml-document.ts';
import { isFatal, nothingRead, readPieces } from '../../../../src/model/text/yaml-pieces.ts';
import { readYaml } from '../../../../src/model/text/yaml-text.ts';
import { yamlLines } from '../texts.ts';

const PLAN = `# Ours
---
plan_id: shop # short
objective: >
  Sell two things
tasks:
  # wave 1
  - id: prices
    title: "Prices: in \\"euros\\""
    context_files: [{ path: a.ts, description: b }]
    description: |
      - id: not a task
  - id: basket
    notes: 'it''s'

  - id: shop
    dependencies: [prices,
      basket]
contracts:
- {from_task: prices, to_task: basket}
`;

const headed = fc
  .tuple(fc.constantFrom('', 'tasks:\n', 'plan_id: p\ntasks:\n', '---\ntasks:\n'), yamlLines)
  .map(([head, lines]) => head + lines);

function pathsOf(value: unknown, path: Path = []): Path[] {
  const inside = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return inside.flatMap(([key, one]) => {
    const way = [...path, Array.isArray(value) ? Number(key) : key];
    return [way, ...pathsOf(one, way)];
  });
}

describe('a text read piece by piece', () => {
  it('is what the library reads, with its places', () => {
    const pieced = readPieces(PLAN);
    const whole = compose(PLAN);
    assert.ok(pieced);
    assert.deepEqual(pieced.yaml.value, whole.document.toJS());
    const library = lazily(undefined, () => whole);
    for (const path of [[], ...pathsOf(pieced.yaml.value), ['tasks', 9, 'id'], ['none']])
      assert.deepEqual(pieced.yaml.rangeAt(path), library.rangeAt(path), path.join('.'));
  });

  it('is read by the library where it is more than its pieces', () => {
    for (const text of [
      '{"tasks": []}\n',
      'a: &x 1\nb: *x\n',
      'a: 1\na: 2\n',
      '? a\n: b\n',
      'a: 1\n---\nb: 2\n',
      '- a\n',
    ])
      assert.equal(readPieces(text), undefined, text);
  });

  it('is sound where the library finds it sound, and the same then', () => {
    const seen = { sound: 0, broken: 0 };
    fc.assert(
      fc.property(headed, (text) => {
        const pieced = readPieces(text);
        if (!pieced) return;
        const whole = compose(text);
        const isBroken = pieced.faults.some(({ errors }) => errors.some(isFatal));
        assert.equal(isBroken, whole.document.errors.some(isFatal), text);
        seen[isBroken ? 'broken' : 'sound'] += 1;
        if (isBroken) return;
        assert.deepEqual(pieced.yaml.value, whole.document.toJS(), text);
        const library = lazily(undefined, () => whole);
        for (const path of whole.document.errors.length > 0 ? [] : pathsOf(pieced.yaml.value)) {
          const { line, column } = pieced.yaml.rangeAt(path);
          const there = library.rangeAt(path);
          assert.deepEqual([line, column], [there.line, there.column], `${path.join('.')} of\n${text}`);
        }
      }),
      { numRuns: 3_000 },
    );
    assert.ok(seen.sound > 50 && seen.broken > 50, JSON.stringify(seen));
  }).timeout(60_000);

  it('is the same whatever was read before', () => {
    fc.assert(
      fc.property(fc.array(headed, { minLength: 2, maxLength: 4 }), (texts) => {
        const memory = nothingRead();
        for (const text of [...texts, ...texts.map((one, i) => one + (texts[i - 1] ?? ''))]) {
          const remembered = readYaml(text, 'plan.yaml', 'warning', memory);
          const fresh = readYaml(text, 'plan.yaml', 'warning', nothingRead());
          assert.deepEqual(remembered.problems, fresh.problems, text);
          assert.deepEqual(remembered.yaml?.value, fresh.yaml?.value, text);
        }
      }),
      { numRuns: 200 },
    );
  }).timeout(60_000);

  it('keeps what an edit left alone', () => {
    const memory = nothingRead();
    const tasksIn = (text: string): unknown[] => {
      const value = readPieces(text, memory)?.yaml.value;
      assert.ok(typeof value === 'object' && value !== null && 'tasks' in value && Array.isArray(value.tasks));
      return value.tasks;
    };
    const before = tasksIn(PLAN);
    const after = tasksIn(PLAN.replace("it''s", "it''s more").replace('# Ours', '# Ours\n\n'));
    assert.deepEqual(
      after.map((task, i) => task === before[i]),
      [true, false, true],
    );
  });
});
