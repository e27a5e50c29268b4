import { folderOf, joined } from '../paths.ts';
import type { FileIndex } from '../repository-files.ts';
import type { Reference } from '../scan/reference.ts';
import { nodeFile } from './node-file.ts';
import { packagesOf } from './packages.ts';
import type { Resolve } from './resolve.ts';
import { tsconfigNames } from './tsconfig.ts';

const SHARED = ['types', 'source', 'development', 'module', 'node', 'default'];
const CONDITIONS = { import: ['import', ...SHARED], require: ['require', ...SHARED] } as const;

/** Relative paths, `#imports`, tsconfig paths, packages of the repository itself; anything else lies outside of it. */
export function javaScriptResolver(index: FileIndex): Resolve {
  const named = tsconfigNames(index);
  const packages = packagesOf(index);
  const find = (folder: string, { specifier, kind }: Reference): string | undefined => {
    if (specifier.startsWith('.')) {
      const path = joined(folder, specifier);
      return path === undefined ? undefined : nodeFile(index, path);
    }
    const conditions = CONDITIONS[kind === 'require' ? 'require' : 'import'];
    if (specifier.startsWith('#')) {
      const found = packages.findInternal(specifier, folder, conditions);
      if (found !== undefined) return found;
    }
    return named(specifier, folder) ?? packages.find(specifier, conditions);
  };
  return remembering((path, reference) => {
    const found = find(folderOf(path), reference);
    return found === undefined ? [] : [found];
  });
}

/** Files of one folder ask the same things. */
function remembering(resolve: Resolve): Resolve {
  const known = new Map<string, readonly string[]>();
  return (path, reference) => {
    const key = `${folderOf(path)} ${reference.kind} ${reference.specifier}`;
    const before = known.get(key);
    if (before) return before;
    const found = resolve(path, reference);
    known.set(key, found);
    return found;
  };
}
