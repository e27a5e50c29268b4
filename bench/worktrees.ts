import { execFile } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { letGo, openRepository, type Repository } from '../src/git/repository.ts';
import { createWorktree } from '../src/git/worktree.ts';
import { gitIn, TemporaryRepository } from '../test/rig/repository.ts';
import { value } from '../test/rig/run.ts';
import { spreadOf, takeTurns } from './measure.ts';
import { FILES, midRepository } from './mid.ts';
import { gains, type Row } from './row.ts';
import type { Scratch } from './scratch.ts';

const SESSIONS = 8;

/** Worktrees that agents can be let into, all asked for at once, against one after the other. */
export const sessions = (scratch: Scratch): Row => ({
  number: 2,
  title: `${SESSIONS} sessions ready, ${FILES} files`,
  run: async (rounds) => {
    await using made = midRepository(scratch.folder);
    const names = namesOf(SESSIONS);
    const variant = (name: string, run: (place: Place) => Promise<unknown>) => ({
      name,
      prepare: () => openPlace(made),
      run,
      answer: (place: Place) => String(names.filter((one) => isReady(place, one)).length),
      release: clear,
    });
    const [ours, theirs] = await takeTurns(
      [
        variant('createWorktree', (place) => Promise.all(names.map((name) => create(place, name)))),
        variant('claude-squad', (place) => oneAfterTheOther(place, names)),
      ],
      { rounds, budget: 9_000, warmUp: true },
    );
    const line = { row: 2, what: `${SESSIONS} sessions ready, none prepared`, against: 'claude-squad’s gits' };
    return [{ ...line, ...gains(ours, theirs), target: { atLeast: 2, unit: 'x' } }];
  },
});

const CREATIONS = 1_000;
/** So many lie beside each other, since git reads all of them for each new one. */
const TOGETHER = 100;
const AT_ONCE = 16;

/** Whether all of many worktrees from a remote's branch are made, several at once, and nothing is left of one that is not. */
export const creations = (scratch: Scratch): Row => ({
  number: 4,
  title: `${CREATIONS} worktrees from origin/main, ${AT_ONCE} at once`,
  run: async () => {
    await using made = TemporaryRepository.with(smallFiles(), { within: scratch.folder });
    made.git('remote', 'add', 'origin', made.root);
    made.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    let [ours, theirs] = [0, 0];
    for (let at = 0; at < CREATIONS; at += TOGETHER) {
      ours += await lostOf(made, create);
      theirs += await lostOf(made, addPlainly);
    }
    return [
      {
        row: 4,
        what: `${CREATIONS} worktrees from origin/main, failed or orphaned`,
        against: `git worktree add: ${theirs}`,
        value: spreadOf([ours]),
        target: { atMost: 0, unit: 'lost' },
      },
    ];
  },
});

const smallFiles = () =>
  Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`src/${at % 4}/${at}.txt`, `file ${at}\n`]));

type Creation = (place: Place, name: string) => Promise<unknown>;

/** How many of a hundred worktrees failed or are not what was asked for, and of how many such something is left. */
async function lostOf(made: TemporaryRepository, creation: Creation): Promise<number> {
  const place = await openPlace(made);
  const names = namesOf(TOGETHER);
  const left = names.values();
  const failed = new Set<string>();
  const slot = async (): Promise<void> => {
    for (const name of left) await creation(place, name).catch(() => failed.add(name));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, slot));
  const ready = new Set(names.filter((name) => !failed.has(name) && isReady(place, name)));
  const orphans = leftovers(place).filter((name) => !ready.has(name));
  await clear(place);
  return names.length - ready.size + orphans.length;
}

/** Names of which there is a branch, a record or a folder; and locks that nobody holds any more. */
function leftovers({ made }: Place): string[] {
  const branches = made.git('for-each-ref', '--format=%(refname:lstrip=3)', 'refs/heads/tasks').split('\n');
  const folders = ['.git/worktrees', '.worktrees'].flatMap((folder) => readdirSync(join(made.root, folder)));
  const locks = readdirSync(join(made.root, '.git')).filter((name) => name.endsWith('.lock'));
  return [...new Set([...branches, ...folders, ...locks])];
}

interface Place {
  made: TemporaryRepository;
  repository: Repository;
  base: string;
}

/** Opened anew, so that nothing is remembered of the turn before. */
async function openPlace(made: TemporaryRepository): Promise<Place> {
  return { made, repository: value(await openRepository(made.root)), base: made.head() };
}

async function clear({ made, repository }: Place): Promise<void> {
  await letGo(repository);
  for (const folder of ['.worktrees', '.git/worktrees', '.git/orchestrate', '.git/refs/heads/tasks'])
    rmSync(join(made.root, folder), { recursive: true, force: true });
}

const namesOf = (many: number): string[] => Array.from({ length: many }, (_, at) => `task-${at}`);
const pathOf = ({ made }: Place, name: string): string => join(made.root, '.worktrees', name);
const branchOf = (name: string): string => `tasks/${name}`;

/** As the engine does it for an attempt. */
async function create(place: Place, name: string): Promise<unknown> {
  const { repository, base } = place;
  const keep = join(repository.state, 'attempts', name);
  return value(
    await createWorktree(repository, { name, path: pathOf(place, name), branch: branchOf(name), base, keep, copy: [] }),
  );
}

const git = (cwd: string, ...args: string[]) => promisify(execFile)('git', args, { cwd });

const addPlainly: Creation = (place, name) =>
  git(place.made.root, 'worktree', 'add', '-b', branchOf(name), pathOf(place, name), 'origin/main');

/** The gits that claude-squad starts for a session (session/git/worktree_ops.go, `Setup`). */
async function oneAfterTheOther(place: Place, names: readonly string[]): Promise<void> {
  const { root } = place.made;
  for (const name of names) {
    await git(root, 'worktree', 'remove', '-f', pathOf(place, name)).catch(() => undefined);
    const { stdout } = await git(root, 'rev-parse', 'HEAD');
    await git(root, 'worktree', 'add', '-b', branchOf(name), pathOf(place, name), stdout.trim());
  }
}

/** Whether git finds the worktree on its branch, at the base, and every file as it is there. */
function isReady(place: Place, name: string): boolean {
  const path = pathOf(place, name);
  if (!existsSync(join(path, '.git'))) return false;
  const lines = gitIn(path, ['status', '--porcelain=v2', '--branch']).split('\n');
  const expected = [`# branch.oid ${place.base}`, `# branch.head ${branchOf(name)}`];
  return expected.every((line) => lines.includes(line)) && lines.every((line) => line.startsWith('#'));
}
