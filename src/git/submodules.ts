import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, type Result } from '../model/failure.ts';
import { absent, exists, io } from './files.ts';
import { git, type GitOptions } from './run.ts';

/**
 * Submodules of a worktree that hold work. Git takes none of it with the worktree: it passes over what lies in a folder
 * that no submodule was brought into, and of one that was it takes the commit. `options` name the index to go by.
 */
export async function workInSubmodules(path: string, options: GitOptions): Promise<Result<string[]>> {
  const any = await io(path, () => exists(join(path, '.gitmodules')));
  if (!any.ok || !any.value) return any.ok ? ok([]) : any;
  const listed = await git(['ls-files', '--stage', '-z'], options);
  if (!listed.ok) return listed;
  const folders = listed.value.split('\0').flatMap((entry) => (entry.startsWith(GITLINK) ? [pathOf(entry)] : []));
  const held = await io(path, () => Promise.all(folders.map((folder) => namesIn(join(path, folder)))));
  if (!held.ok) return held;
  const isFilled = (at: number): boolean => held.value[at]?.includes('.git') === true;
  const besides = folders.filter((_, at) => !isFilled(at) && held.value[at]?.length !== 0);
  const filled = folders.filter((_, at) => isFilled(at));
  const changed = await changedInside(filled, options);
  return changed.ok ? ok([...besides, ...changed.value]) : changed;
}

const GITLINK = '160000 ';
const pathOf = (entry: string): string => entry.slice(entry.indexOf('\t') + 1);

const namesIn = async (folder: string): Promise<string[]> => (await readdir(folder).catch(absent)) ?? [];

async function changedInside(folders: readonly string[], options: GitOptions): Promise<Result<string[]>> {
  if (folders.length === 0) return ok([]);
  const told = await git([...STATUS, '--', ...folders.map((folder) => `:(top,literal)${folder}`)], options);
  if (!told.ok) return told;
  // The first letter is index against HEAD; the second submodule against index.
  return ok(told.value.split('\0').flatMap((entry) => (/^.[^ ] /.test(entry) ? [entry.slice(3)] : [])));
}

const STATUS = ['status', '--porcelain=v1', '-z', '--no-renames', '--ignore-submodules=none'];
