import { deepEqual, equal } from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../../../src/model/run/job.ts';
import { ordersFolder, reportsFile } from '../../../src/process/job-folder.ts';
import { sendOrder } from '../../../src/process/job.ts';
import { type ReportLine, Reports } from '../../../src/process/reports.ts';
import { JobBench } from './bench.ts';

describe('What a job reports', () => {
  it('comes as it is written, each line once, torn ones when they are whole', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'reports-'));
    writeFileSync(reportsFile(folder), lineOf('a'));
    const heard = new Heard(folder);
    await heard.count(1);
    appendFileSync(reportsFile(folder), lineOf('b').slice(0, 20));
    appendFileSync(reportsFile(folder), lineOf('b').slice(20) + lineOf('c'));
    await heard.count(3);
    await heard.reports.close();
    deepEqual(heard.all, [
      [1, reply('a')],
      [2, reply('b')],
      [3, reply('c')],
    ]);
    rmSync(folder, { recursive: true });
  });

  it('holds the reply to what was said to an agent that cannot be told anything, once however often it is sent', async () => {
    const bench = await JobBench.open();
    const job = bench.job({ command: { line: 'tail -f /dev/null' }, agent: 'shell' });
    const running = await bench.start(job);
    const heard = new Heard(job.folder);
    mkdirSync(ordersFolder(job.folder), { recursive: true });
    const order = { id: 'i7', epoch: 1, kind: 'message' as const, text: 'stop that' };
    await sendOrder(job.folder, order);
    await heard.count(1);
    await sendOrder(job.folder, order);
    await sendOrder(job.folder, { id: 'end', epoch: 1, kind: 'cancel' });
    await running.ended;
    await heard.reports.close();
    const reason = 'this agent cannot be told anything while it works';
    deepEqual(heard.all, [[1, { type: 'ordered', order: 'i7', reply: { kind: 'refused', reason } }]]);
    equal((await bench.leftovers()).length, 0);
    bench.close();
  });
});

const reply = (order: string): Report => ({ type: 'ordered', order, reply: { kind: 'applied' } });
const lineOf = (order: string): string => `${JSON.stringify(reply(order))}\n`;

class Heard {
  readonly all: ReportLine[] = [];
  readonly reports: Reports;
  #onMore: () => void = () => undefined;

  constructor(folder: string) {
    this.reports = new Reports(folder, (lines) => {
      this.all.push(...lines);
      this.#onMore();
    });
  }

  async count(wanted: number): Promise<void> {
    while (this.all.length < wanted) await new Promise<void>((resolve) => (this.#onMore = resolve));
  }
}
