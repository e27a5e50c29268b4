import { execFile, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** What the plain script does: every task of a layer, then the next layer. */
export interface PlainOrder {
  root: string;
  /** Layers of `run:` lines, by task. */
  layers: readonly (readonly { id: string; run: string }[])[];
  /** Tasks at work at once. */
  agents: number;
  /** Where the detached process's program and what it writes lie. */
  state: string;
}

/**
 * What a person would write who wants no more than the result: for each task a worktree with its branch, one detached
 * Node process that runs the command, a commit, a merge, and the worktree and branch removed. Worktrees are made and
 * branches merged one at a time, because git allows no more. Nothing is made durable, checked, or told to anybody.
 */
export async function runPlain({ root, layers, agents, state }: PlainOrder): Promise<void> {
  const git = async (cwd: string, ...args: string[]): Promise<void> =>
    void (await promisify(execFile)('git', args, { cwd }));
  const alone = oneAtATime();
  const runner = join(state, 'runner.cjs');
  mkdirSync(state, { recursive: true });
  writeFileSync(runner, RUNNER);
  writeFileSync(join(root, '.git', 'info', 'exclude'), '/.worktrees/\n');
  const work = async ({ id, run }: { id: string; run: string }): Promise<void> => {
    const path = join(root, '.worktrees', id);
    const branch = `tasks/${id}`;
    await alone(() => git(root, 'worktree', 'add', '--quiet', '--no-track', '-b', branch, path, 'HEAD'));
    await detached([runner, join(state, id), path, run]);
    await git(path, 'add', '--all');
    await git(path, 'commit', '--quiet', '-m', id);
    await alone(() => git(root, 'merge', '--quiet', '--no-ff', '--no-edit', branch));
    await alone(() => git(root, 'worktree', 'remove', '--force', path));
    await alone(() => git(root, 'branch', '--quiet', '-D', branch));
  };
  for (const layer of layers) await inParallel(layer, agents, work);
}

/** Owns one command: keeps what it prints and how it ended, whoever started it. */
const RUNNER = `
const { spawn } = require('node:child_process');
const { createWriteStream, mkdirSync, writeFileSync } = require('node:fs');
const [folder, cwd, line] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const child = spawn('/bin/sh', ['-c', line], { cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
const log = createWriteStream(folder + '/raw.log');
child.stdout.pipe(log, { end: false });
child.stderr.pipe(log, { end: false });
child.on('close', (code) => {
  writeFileSync(folder + '/exit.json', JSON.stringify({ code }));
  process.exit(code);
});
`;

function detached(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: dirname(args[0] ?? ''), detached: true, stdio: 'ignore' });
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a task exited with ${code}`))));
  });
}

function oneAtATime(): (work: () => Promise<void>) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (work) => {
    last = last.then(work);
    return last;
  };
}

async function inParallel<T>(items: readonly T[], slots: number, work: (item: T) => Promise<void>): Promise<void> {
  const left = items[Symbol.iterator]();
  const slot = async (): Promise<void> => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: slots }, slot));
}
