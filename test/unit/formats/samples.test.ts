import { strict as assert } from 'node:assert';
import { importFiles } from '../../../src/formats/registry.ts';
import { filesIn } from './fixtures.ts';

/** Real files of the four systems, where a folder of them is named; they are no part of the repository. */
const folder = process.env['ORCHESTRATE_SAMPLES'];

(folder === undefined ? describe.skip : describe)('Real files', () => {
  it('are read or refused with a place', () => {
    const { imported, ignored } = importFiles(filesIn('.', folder ?? '.'));
    const rows = new Map<string, { read: number; refused: number; repaired: number; recomputed: number }>();
    for (const { format, files, problems, repairs, recomputed } of imported) {
      const row = rows.get(format) ?? { read: 0, refused: 0, repaired: 0, recomputed: 0 };
      const wrong = problems.filter(({ severity }) => severity === 'error');
      row[wrong.length > 0 ? 'refused' : 'read'] += format === 'prompts' ? files.length : 1;
      row.repaired += repairs.length > 0 ? 1 : 0;
      row.recomputed += recomputed.length > 0 ? 1 : 0;
      rows.set(format, row);
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
