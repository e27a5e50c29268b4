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
  const plain = PLAIN.exec(relative);
  if (plain) return above(folder, (plain[1]?.length ?? 0) / 3, plain[2] ?? '');
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of relative.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

/** Most are: `./a`, or `../` a few times and then names. */
const PLAIN = /^(?:\.\/|((?:\.\.\/)+))((?:[^./][^/]*)(?:\/[^./][^/]*)*)$/;

function above(folder: string, times: number, name: string): string | undefined {
  let at = folder;
  for (let left = times; left > 0; left -= 1) {
    if (at === '') return undefined;
    at = folderOf(at);
  }
  return inFolder(at, name);
}

/** A folder and all above it, nearest first; '' comes last. */
export function* upwards(folder: string): Generator<string> {
  for (let at = folder; at !== ''; at = folderOf(at)) yield at;
  yield '';
}
