import { folderOf, nameOfFile, stemOf } from '../paths.ts';
import { type FileIndex, grouped } from '../repository-files.ts';
import type { Resolve } from './resolve.ts';

/** A class is the file that ends with its name as a path; `a.b.*` is every file of the folder a/b. */
export function javaResolver(index: FileIndex): Resolve {
  const java = index.files.paths.filter((path) => path.endsWith('.java'));
  const byClass = grouped(java, stemOf);
  const byFolder = grouped(java, (path) => nameOfFile(folderOf(path)));
  return (_, { kind, specifier }) => {
    if (kind !== 'import') return [];
    if (specifier.endsWith('.*')) return inPackage(byFolder, specifier.slice(0, -2));
    return classFile(byClass, specifier);
  };
}

function inPackage(byFolder: ReadonlyMap<string, string[]>, name: string): string[] {
  const folder = name.replaceAll('.', '/');
  const candidates = byFolder.get(nameOfFile(folder)) ?? [];
  return candidates.filter((path) => `/${folderOf(path)}`.endsWith(`/${folder}`));
}

/** An inner class lies in the file of the one around it. */
function classFile(byClass: ReadonlyMap<string, string[]>, name: string): string[] {
  for (let parts = name.split('.'); parts.length > 1; parts = parts.slice(0, -1)) {
    const path = `/${parts.join('/')}.java`;
    const found = (byClass.get(parts.at(-1) ?? '') ?? []).filter((file) => `/${file}`.endsWith(path));
    if (found.length > 0) return found;
  }
  return [];
}
