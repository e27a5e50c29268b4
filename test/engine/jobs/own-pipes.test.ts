import { equal } from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { outputOf, OWN_PIPES } from '../../../src/runner/own-pipes.ts';

describe('The pipes of a stub', () => {
  const shells: readonly [what: string, shell: string, env: NodeJS.ProcessEnv][] = [
    ['the shell of the system', '/bin/sh', {}],
    ['a bash', 'bash', {}],
    ['a bash whose here-documents are files, which keeps the sockets', 'bash', { BASH_COMPAT: '5.0' }],
  ];
  for (const [what, shell, env] of shells)
    it(`are read to their end: ${what}`, async () => {
      const script = `${OWN_PIPES}read -r go <&3; echo out; echo err >&2; echo more`;
      equal(await printed(start(shell, script, env)), 'out\nmore\nerr\n');
    });

  it('of one that died are at their end', async () => {
    equal(await printed(start('/bin/sh', 'exit 1')), '');
  });
});

const start = (shell: string, script: string, env: NodeJS.ProcessEnv = {}): ChildProcess =>
  spawn(shell, ['-c', script], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });

async function printed(stub: ChildProcess): Promise<string> {
  const { stdout, stderr, stdio } = stub;
  if (!stdout || !stderr) throw new Error('it has no streams');
  const output = await outputOf(stub, { stdout, stderr });
  const gate = stdio[3]?.on('error', () => undefined);
  if (gate && 'end' in gate) gate.end('go\n');
  return (await text(output.stdout)) + (await text(output.stderr));
}
