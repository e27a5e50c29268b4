import { activation, diagnostics } from './editor.ts';
import { forecast } from './forecast.ts';
import { imports } from './row-10.ts';
import { live } from './live.ts';
import { opening } from './row-11.ts';
import { makespan } from './makespan.ts';
import { parseArgs } from 'node:util';
import { integration } from './integrate.ts';
import { overhead } from './overhead.ts';
import { processes } from './processes.ts';
import { type Line, passes, type Row } from './row.ts';
import { scheduler } from './schedule.ts';
import { Scratch } from './scratch.ts';
import { creations, sessions } from './worktrees.ts';
import { jsonOf, tableOf } from './table.ts';

/**
 * `npm run bench`: measures the rows that a run's speed stands on and prints how each does against its target.
 *
 *     --row 1[,6]   these rows only
 *     --rounds 7    at most so many; a slow machine gets through fewer
 *     --json        for machines
 *     --strict      exit 1 where a row is short of its target
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      row: { type: 'string' },
      rounds: { type: 'string' },
      json: { type: 'boolean' },
      strict: { type: 'boolean' },
    },
  });
  // With it Node.js takes several times as long to start, on both sides: the ratios would look better than they are.
  delete process.env['NODE_EXTRA_CA_CERTS'];
  using scratch = new Scratch();
  const wanted = values.row?.split(',').map(Number);
  const rows = rowsIn(scratch).filter((row) => wanted?.includes(row.number) ?? isUsual(row));
  const lines: Line[] = [];
  for (const row of rows) {
    console.error(`row ${row.number}: ${row.title}`);
    lines.push(...(await row.run(Number(values.rounds ?? 7))));
  }
  const place = scratch.inMemory ? 'in memory' : 'in the temporary folder, on a disk';
  console.log(values.json ? jsonOf(lines, scratch.inMemory) : `${tableOf(lines)}\n\nMeasured ${place}.`);
  return values.strict && !lines.every(passes) ? 1 : 0;
}

const rowsIn = (scratch: Scratch): Row[] => [
  overhead(scratch),
  sessions(scratch),
  creations(scratch),
  forecast(scratch),
  integration(scratch),
  makespan,
  scheduler,
  processes(scratch),
  imports(scratch),
  opening(scratch),
  activation(scratch),
  live(scratch),
  diagnostics(scratch),
];

/** Rows 4 and 5 take long, row 10 installs other tools, 12 to 14 open the editor: they run when they are asked for. */
const isUsual = ({ number }: Row): boolean => ![4, 5, 10, 12, 13, 14].includes(number);

process.exitCode = await main();
