import { deepEqual, equal, ok } from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ProcessAgent } from '../../../src/agents/agent.ts';
import { readAll } from './recordings.ts';

const text = readFileSync('docs/agents.md', 'utf8');
const example = text.slice(text.indexOf('## Adding an agent'));

/** The first block in a language, without what it is indented by. */
const block = (language: string): string =>
  (new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(example)?.[1] ?? '').replaceAll(/^ {3}/gm, '');

describe('The worked example of an agent in docs/agents.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'example-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is an agent that reads what the example says its program prints', async () => {
    const agents = pathToFileURL(resolve('src/agents')).href;
    const code = block('ts').replaceAll(/from '\.(\.?\/[^']+)'/g, (_, path: string) => `from '${agents}/.${path}'`);
    writeFileSync(join(folder, 'wren.ts'), code);
    const { wren }: { wren: ProcessAgent } = await import(pathToFileURL(join(folder, 'wren.ts')).href);
    const lines = block('jsonl').trim().split('\n');
    const { outcome, events } = readAll(wren, lines);
    deepEqual(
      events.map(({ type }) => type),
      ['session', 'text', 'ended'],
    );
    ok(outcome.kind === 'succeeded');
    deepEqual([outcome.summary, outcome.session], ['Done.', 'w1']);
    equal(readAll(wren, lines.slice(0, -1)).end, 'transient');
    equal(readAll(wren, lines, { code: 1 }).outcome.kind, 'failed');
  });
});
