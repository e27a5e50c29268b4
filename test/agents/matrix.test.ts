import { ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { matrix } from './matrix.ts';

describe('The table of agents in docs/agents.md', () => {
  it('says what the agents declare and what their real programs were held to', () => {
    console.log(matrix());
    ok(readFileSync('docs/agents.md', 'utf8').includes(`\n${matrix()}\n`));
  });
});
