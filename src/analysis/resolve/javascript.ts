import { folderOf, joined } from '../paths.ts';
import type { FileIndex } from '../repository-files.ts';
import { apart, type Reference } from '../scan/reference.ts';
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
  const find = (folder: string, reference: Reference): string | undefined => {
    const { specifier } = reference;
    if (specifier.startsWith('.')) {
      const path = joined(folder, specifier);
      return path === undefined ? undefined : nodeFile(index, path);
    }
    const conditions = CONDITIONS[kindOf(reference)];
    if (specifier.startsWith('#')) {
      const found = packages.findInternal(specifier, folder, conditions);
      if (found !== undefined) return found;
    }
    return named(specifier, folder) ?? packages.find(specifier, conditions);
  };
  return remembering((folder, reference) => {
    const found = find(folder, reference);
    return found === undefined ? [] : [found];
  });
}

/** Files of one folder ask the same things, and come together. */
function remembering(find: (folder: string, reference: Reference) => readonly string[]): Resolve {
  const folders = new Map<string, Answers>();
  let last: { path: string; folder: string; known: Answers } | undefined;
  const at = (path: string): NonNullable<typeof last> => {
    const folder = folderOf(path);
    let known = folders.get(folder);
    if (known === undefined) folders.set(folder, (known = { import: new Map(), require: new Map() }));
    return { path, folder, known };
  };
  return (path, reference) => {
    if (last?.path !== path) last = at(path);
    const answers = last.known[kindOf(reference)];
    let found = answers.get(reference.specifier);
    if (found === undefined) answers.set(apart(reference.specifier), (found = find(last.folder, reference)));
    return found;
  };
}

type Answers = Record<'import' | 'require', Map<string, readonly string[]>>;

const kindOf = ({ kind }: Reference): 'import' | 'require' => (kind === 'require' ? 'require' : 'import');
