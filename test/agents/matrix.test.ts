import { ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ACP_EXPECTED, EXPECTED } from './expected.ts';
import { matrix } from './matrix.ts';

describe('The table of agents in docs/agents.md', () => {
  it('says what the agents declare and what their real programs were held to', () => {
    for (const table of [EXPECTED, ACP_EXPECTED]) {
      console.log(matrix(table));
      ok(readFileSync('docs/agents.md', 'utf8').includes(`\n${matrix(table)}\n`));
    }
  });
});
