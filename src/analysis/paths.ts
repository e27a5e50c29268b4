/** Paths of a repository: relative to its root, `/` separated, '' for the root itself. */

export function folderOf(path: string): string {
  const at = path.lastIndexOf('/');
  return at === -1 ? '' : path.slice(0, at);
}

export const nameOfFile = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** `a/b.test.ts` → `b.test`. */
export const stemOf = (path: string): string => nameOfFile(path).replace(/\.[^.]+$/, '');

export const inFolder = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);

/** A relative path seen from a folder; undefined where it leaves the repository. */
export function joined(folder: string, relative: string): string | undefined {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of relative.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

/** A folder and all above it, nearest first; '' comes last. */
export function* upwards(folder: string): Generator<string> {
  for (let at = folder; at !== ''; at = folderOf(at)) yield at;
  yield '';
}
