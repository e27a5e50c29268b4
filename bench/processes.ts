import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { quietRunner } from '../src/process/spawn.ts';
import { bundleText } from './bundle.ts';
import { takeTurns, type Variant } from './measure.ts';
import { costs, type Line, type Row } from './row.ts';
import type { Scratch } from './scratch.ts';

const COUNT = 1_000;

/** What starting a process and learning of its end costs beyond what the system takes for it. */
export const processes = (scratch: Scratch): Row => ({
  number: 9,
  title: `${COUNT} × true`,
  run: (rounds) => measure(scratch, rounds),
});

async function measure({ folder }: Scratch, rounds: number): Promise<Line[]> {
  const [layer, own] = [join(folder, 'layer.cjs'), join(folder, 'own.cjs')];
  await bundleText(LAYER, layer);
  await bundleText(OWN, own);
  const ours = loop('process layer', [process.execPath, layer]);
  const bare = loop("Node's own spawn", [process.execPath, own]);
  const floor = (await hasPython()) ? loop("posix_spawn, Python's loop", ['python3', '-c', PYTHON]) : bare;
  const variants = floor === bare ? [ours, bare] : [ours, bare, floor];
  const turns = await takeTurns(variants, { rounds, budget: 20_000, warmUp: true });
  const what = `${COUNT} × true, one after the other`;
  const line = { row: 9, what, against: floor.name, ...costs(turns[0], turns.at(-1)) };
  const target = { atMost: 1.5, unit: 'x' } as const;
  if (floor === bare) return [{ ...line, target }];
  // What is left above the floor for anything that is written in Node.
  const told = { row: 9, what: `the same by ${bare.name}`, against: floor.name, ...costs(turns[1], turns[2]) };
  return [{ ...line, target }, told];
}

/**
 * A program that runs `true` again and again. It starts before the clock does and waits to be told, so that only the
 * loop is timed; it exits with 0 where every `true` did.
 */
const loop = (
  name: string,
  [program = '', ...args]: readonly string[],
): Variant<{ child: ChildProcess; ended: number }> => ({
  name,
  prepare: async () => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    return { child, ended: 0 };
  },
  run: async (given) => {
    given.child.stdin?.end('go\n');
    const [code] = await once(given.child, 'exit');
    given.ended = code === 0 ? COUNT : 0;
  },
  answer: ({ ended }) => String(ended),
});

const PYTHON = `
import os, shutil, sys
program = shutil.which('true')
print('ready', flush=True)
sys.stdin.readline()
ended = 0
for _ in range(${COUNT}):
    pid = os.posix_spawn(program, ['true'], os.environ)
    ended += os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
sys.exit(0 if ended == ${COUNT} else 1)
`;

const WHEN_TOLD = `
console.log('ready');
process.stdin.once('data', async () => {
  let ended = 0;
  for (let at = 0; at < ${COUNT}; at += 1) if ((await run()) === 0) ended += 1;
  process.exit(ended === ${COUNT} ? 0 : 1);
});`;

/** The layer as the engine's own bundle has it. */
const LAYER = `
import { quietRunner } from '../src/process/spawn.ts';
const quiet = quietRunner(process.env);
const run = async () => (await quiet({ argv: ['true'] })).code;
${WHEN_TOLD}`;

const OWN = `
import { spawn } from 'node:child_process';
const run = () => new Promise((resolve) => spawn('true', { stdio: 'ignore' }).once('exit', resolve));
${WHEN_TOLD}`;

async function hasPython(): Promise<boolean> {
  const { code } = await quietRunner(process.env)({
    argv: ['python3', '-c', 'import os; os.posix_spawn, os.waitstatus_to_exitcode'],
  });
  return code === 0;
}
