import { strict as assert } from 'node:assert';
import type { Imported } from '../../../src/formats/imported.ts';
import { importFiles } from '../../../src/formats/registry.ts';
import { filesIn } from './fixtures.ts';

/** Real files of the four systems, where a folder of them is named; they are no part of the repository. */
const folder = process.env['ORCHESTRATE_SAMPLES'];

describe('Real files', () => {
  if (folder === undefined) return;
  it('are read or refused with a place', () => {
    const { imported, ignored } = importFiles(filesIn('.', folder));
    const rows = new Map<string, Row>();
    for (const one of imported) {
      const wrong = one.problems.filter(({ severity }) => severity === 'error');
      rows.set(one.format, counted(rows.get(one.format) ?? NONE, one, wrong.length > 0));
      for (const { file, range, message } of wrong) {
        assert.ok(file !== undefined && range.line > 0 && range.column > 0);
        console.log(`${file}:${range.line}:${range.column}: ${message}`);
      }
    }
    console.table(Object.fromEntries(rows));
    console.log(`${ignored.length} files passed over: ${ignored.join(', ')}`);
    const plans = rows.get('gem-plan');
    if (plans) assert.ok(plans.read / (plans.read + plans.refused) >= 65 / 75, 'too many plans refused');
    assert.equal(rows.get('prompts')?.refused ?? 0, 0);
  });
});

interface Row {
  read: number;
  refused: number;
  repaired: number;
  recomputed: number;
}

const NONE: Row = { read: 0, refused: 0, repaired: 0, recomputed: 0 };

function counted(row: Row, { files, format, repairs, recomputed }: Imported, isRefused: boolean): Row {
  const number = format === 'prompts' ? files.length : 1;
  return {
    read: row.read + (isRefused ? 0 : number),
    refused: row.refused + (isRefused ? number : 0),
    repaired: row.repaired + Math.min(repairs.length, 1),
    recomputed: row.recomputed + Math.min(recomputed.length, 1),
  };
}
