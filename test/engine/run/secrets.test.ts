import { doesNotMatch, match } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assertEnded, failureOf, RunRig } from '../../rig/run.ts';

describe('A secret of the environment', () => {
  const secret = 'sk-0123456789-abcdef';
  before(() => {
    process.env['EXAMPLE_API_KEY'] = secret;
  });
  after(() => {
    delete process.env['EXAMPLE_API_KEY'];
  });

  it('that an agent and a gate print, also in pieces, stands in no log, journal or reason', async () => {
    const line =
      'printf "my key: %.9s" $EXAMPLE_API_KEY; printf "%s\\n" "${EXAMPLE_API_KEY#?????????}"; echo a > a.txt';
    const config = `agents: { default: shell }
limits: { retries: 0 }
gates:
  shows: { run: 'echo "a.txt:1:1: error: the key is $EXAMPLE_API_KEY"; test ! -e a.txt', on: task }
`;
    const tasks = `  - { id: a, title: A, run: ${JSON.stringify(line)}, scope: [a.txt] }\n`;
    await using rig = new RunRig({ tasks, config });
    const session = await rig.run();
    assertEnded(session, 'failed');
    match(failureOf(session.state, 'a') ?? '', /shows/);
    const kept = textsBelow(join(rig.root, '.git', 'orchestrate'));
    doesNotMatch(kept, /sk-0123456789/);
    match(kept, /my key: \[secret\]/);
    match(kept, /the key is \[secret\]/);
  });
});

const textsBelow = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'))
    .join('\n');
