import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fail, ok, type Result } from '../../model/failure.ts';

/**
 * The real path of a file or folder of the worktree `root`, there or not yet; else why it is none, for the model that
 * named it. Nothing outside is reached, neither by `..` and absolute paths nor through links, and `.git` is not touched.
 */
export async function placeIn(root: string, named: string): Promise<Result<string, string>> {
  const real = await realpath(root);
  const wanted = inside(root, named) ? resolve(real, relative(root, resolve(root, named))) : resolve(real, named);
  if (!inside(real, wanted)) return fail(`${named} lies outside the worktree`);
  const found = await realPlace(wanted);
  if (found === undefined) return fail(`${named} is a link that leads nowhere`);
  if (!inside(real, found)) return fail(`${named} leads out of the worktree`);
  return namesGit(relative(real, wanted)) || namesGit(relative(real, found))
    ? fail(`${named}: git's own files are not for you`)
    : ok(found);
}

/** The same for a name itself: a link is the link and not what it leads to. */
export async function nameIn(root: string, named: string): Promise<Result<string, string>> {
  const whole = resolve(root, named);
  const folder = await placeIn(root, dirname(whole));
  if (!folder.ok) return folder;
  const place = join(folder.value, basename(whole));
  if (place === (await realpath(root))) return fail('the worktree itself stays');
  return namesGit(basename(whole)) ? fail(`${named}: git's own files are not for you`) : ok(place);
}

const inside = (root: string, path: string): boolean => {
  const way = relative(root, resolve(root, path));
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
};

/** The links of what is there are followed, what is not there yet keeps its names; undefined for a dangling link. */
async function realPlace(path: string): Promise<string | undefined> {
  const there = await lstat(path).catch(() => undefined);
  if (there) return realpath(path).catch(() => undefined);
  const folder = dirname(path);
  if (folder === path) return path;
  const above = await realPlace(folder);
  return above === undefined ? undefined : join(above, basename(path));
}

/** In every spelling that some file system takes for it: case, short names, trailing dots, streams. */
const namesGit = (path: string): boolean =>
  path.split(/[\\/]/).some((part) => /^(\.git|git~\d+)$/i.test(part.split(':')[0]?.replace(/[. ]+$/, '') ?? ''));
