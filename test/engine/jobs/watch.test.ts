import { deepEqual, equal, match } from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { JobSpec, WatchLimits } from '../../../src/model/run/job.ts';
import { exitOf, type JobBench, jobBench } from './bench.ts';

describe('A job that is watched', () => {
  const on = jobBench();

  const jobOf = (command: JobSpec['command'], watch: WatchLimits, agent = 'shell'): ReturnType<JobBench['job']> =>
    on.bench.job({ command, watch, agent, cwd: mkdtempSync(join(on.bench.root, 'tree-')) });

  const node = (script: string): JobSpec['command'] => ({ argv: [process.execPath, '-e', script] });

  it('is ended when it shows no sign of life', async () => {
    const job = await on.bench.start(jobOf(node('setInterval(() => {}, 1e6)'), { idle: 400 }));
    const exit = exitOf(await job.ended);
    equal(exit.stopped, 'idle');
    match(exit.because ?? '', /^For 0.4 seconds it printed nothing new/);
    deepEqual([exit.agent?.kind, exit.agent?.kind === 'failed' && exit.agent.type], ['failed', 'fixable']);
  });

  it('is ended when all it does is turn a spinner', async () => {
    const spinner = node("let n = 0; setInterval(() => console.log('Working', (n += 1), 's'), 100)");
    equal(exitOf(await (await on.bench.start(jobOf(spinner, { idle: 600 }))).ended).stopped, 'idle');
  });

  it('goes on while it computes without a word, as a long test run does', async () => {
    const busy = node('const end = Date.now() + 2500; while (Date.now() < end);');
    const exit = exitOf(await (await on.bench.start(jobOf(busy, { idle: 800 }))).ended);
    deepEqual([exit.stopped, exit.code], [undefined, 0]);
  });

  it('goes on while it writes files without a word', async () => {
    const writing = node(
      "let n = 0; setInterval(() => { require('node:fs').writeFileSync('file', String(n += 1)); if (n === 25) process.exit(0); }, 100)",
    );
    const exit = exitOf(await (await on.bench.start(jobOf(writing, { idle: 800 }))).ended);
    deepEqual([exit.stopped, exit.code], [undefined, 0]);
  });

  it('is ended when it floods', async () => {
    const job = await on.bench.start(jobOf({ argv: on.children.argv }, { flood: 500_000 }));
    const child = await on.children.next();
    await child.flood(1_000_000).catch(() => undefined);
    equal(exitOf(await job.ended).stopped, 'flood');
  });

  it('is ended when its tools give the same again and again and no file changes', async () => {
    const job = await on.bench.start(jobOf({ argv: on.children.argv }, { steps: 3 }, 'claude'));
    const child = await on.children.next();
    const result = { type: 'tool_result', tool_use_id: 't', is_error: true, content: 'Permission denied' };
    const line = `${JSON.stringify({ type: 'user', message: { role: 'user', content: [result] } })}\n`;
    // It may be ended before it can say that it has written.
    await Promise.race([child.write(line.repeat(4)), child.gone]);
    const exit = exitOf(await job.ended);
    equal(exit.stopped, 'noEffect');
    match(exit.because ?? '', /last 3 tools gave nothing new/);
  });

  /** Speaks as claude does: a tool's result for each turn, after what the turn does in its folder. */
  const turns = (turn: string): JobSpec['command'] =>
    node(`let n = 0;
      const result = (content, is_error) => console.log(JSON.stringify({ type: 'user', message: { role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 't', is_error, content }] } }));
      const write = (text) => require('node:fs').writeFileSync('same.txt', text);
      setInterval(() => { n += 1; if (n === 25) process.exit(0); ${turn} }, 120);`);

  for (const [what, text] of [
    ['the same', "'same'"],
    ['one text and the other', "n % 2 ? 'one' : 'other'"],
  ])
    it(`is ended when it writes ${what} into a file again and again`, async () => {
      const job = jobOf(turns(`write(${text}); result('File written', false);`), { steps: 4 }, 'claude');
      const exit = exitOf(await (await on.bench.start(job)).ended);
      equal(exit.stopped, 'noEffect');
      match(exit.because ?? '', /files hold what they held before/);
    });

  it('goes on while each of its tools leaves something else behind', async () => {
    const job = jobOf(turns("write('x'.repeat(n)); result('File written', false);"), { steps: 4 }, 'claude');
    equal(exitOf(await (await on.bench.start(job)).ended).stopped, undefined);
  });

  it('is ended when the same error comes again and again, though files change', async () => {
    const turn = "write('x'.repeat(n)); result('String to replace was not found in the file', true);";
    const exit = exitOf(await (await on.bench.start(jobOf(turns(turn), { errors: 5 }, 'claude'))).ended);
    equal(exit.stopped, 'noEffect');
    match(exit.because ?? '', /The same error came 5 times: String to replace/);
  });
});
