import { ok } from 'node:assert/strict';
import type { Report, Used } from '../../../src/model/run/job.ts';
import { MEGABYTE } from '../../../src/model/text/size.ts';
import { readJsonLinesNow } from '../../../src/process/durable-now.ts';
import { reportsFile } from '../../../src/process/job-folder.ts';
import type { Child } from '../../rig/children.ts';
import { exitOf, jobBench } from './bench.ts';

describe('What a job takes', () => {
  const on = jobBench();
  if (process.platform !== 'linux') return;

  it('is told while it works and at its end: the memory of all its processes at once, and their processor time', async () => {
    const job = on.bench.job({ command: { argv: on.children.argv }, agent: 'shell' });
    const running = await on.bench.start(job);
    const child = await on.children.next();
    await child.fork();
    const other = await on.children.next();
    await child.take(150 * MEGABYTE);
    await other.take(100 * MEGABYTE);
    const seen = await printsUntil(child, () => measured(job.folder).find(({ memory = 0 }) => memory > 250 * MEGABYTE));
    ok((seen.memory ?? 0) < 600 * MEGABYTE, `${seen.memory}`);
    await other.exit(0);
    await child.exit(0);
    const { used } = exitOf(await running.ended);
    ok((used?.memory ?? 0) >= (seen.memory ?? 0), 'the most, not the last');
    ok((used?.cpu ?? 0) >= 20, `it took ${used?.cpu} ms to start two programs`);
  });
});

const measured = (folder: string): Used[] =>
  readJsonLinesNow(reportsFile(folder))
    .filter((line): line is Report => typeof line === 'object' && line !== null && 'type' in line)
    .flatMap((report) => (report.type === 'measured' ? [report.used] : []));

/** A program is looked at when it prints, at most once a second. */
async function printsUntil<T>(child: Child, find: () => T | undefined): Promise<T> {
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    await child.write('.\n');
  }
}
