import { folderOf, inFolder, upwards } from '../paths.ts';
import type { FileIndex } from '../repository-files.ts';
import type { Reference } from '../scan/reference.ts';
import type { Resolve } from './resolve.ts';

/**
 * Modules are looked for from the folder above the importing file's package (as Python puts a script's folder or an
 * installed package's parent on its path), then from the folders above, then from `src`, `lib` and `python` in each.
 */
export function pythonResolver(index: FileIndex): Resolve {
  const rootsOf = rootFinder(index);
  return (path, reference) => {
    const bases = reference.specifier.startsWith('.')
      ? relativeBase(path, reference.specifier)
      : rootsOf(folderOf(path)).map((root) => inFolder(root, reference.specifier.replaceAll('.', '/')));
    for (const base of bases) {
      const found = filesAt(index, base, reference);
      if (found.length > 0) return found;
    }
    return [];
  };
}

/** `from a import b` means the module a/b where there is one, else the module a. */
function filesAt(index: FileIndex, base: string, { names }: Reference): string[] {
  const own = moduleFile(index, base);
  const found = new Set<string>();
  for (const name of names ?? []) {
    const file = name === '*' ? undefined : moduleFile(index, inFolder(base, name));
    const target = file ?? own;
    if (target !== undefined) found.add(target);
  }
  if (names === undefined && own !== undefined) found.add(own);
  return [...found];
}

function moduleFile(index: FileIndex, base: string): string | undefined {
  for (const ending of ['/__init__.py', '.py', '.pyi', '/__init__.pyi']) {
    const path = base === '' ? ending.slice(1) : base + ending;
    if (index.has(path)) return path;
  }
  return undefined;
}

/** One dot is the file's own folder, each more the one above. */
function relativeBase(path: string, specifier: string): string[] {
  const name = specifier.replace(/^\.+/, '');
  let folder = folderOf(path);
  for (let up = specifier.length - name.length; up > 1; up -= 1) {
    if (folder === '') return [];
    folder = folderOf(folder);
  }
  return [name === '' ? folder : inFolder(folder, name.replaceAll('.', '/'))];
}

function rootFinder(index: FileIndex): (folder: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (folder) => {
    let roots = known.get(folder);
    if (roots === undefined) known.set(folder, (roots = rootsAbove(index, folder)));
    return roots;
  };
}

function rootsAbove(index: FileIndex, folder: string): string[] {
  const above = [...upwards(folder)];
  const outside = above.filter((at) => !index.has(inFolder(at, '__init__.py')));
  const sources = outside.flatMap((at) => ['src', 'lib', 'python'].map((name) => inFolder(at, name)));
  return [...outside, ...sources];
}
