import { folderOf, inFolder, nameOfFile, stemOf, upwards } from '../paths.ts';
import { everyFile, type FileIndex } from '../repository-files.ts';
import type { Resolve } from './resolve.ts';

/** `mod a;` is a file beside or below; `crate::`, `self::`, `super::` and names of crates of the repository are followed. */
export function rustResolver(index: FileIndex): Resolve {
  const crates = new Map(everyFile(index, 'Cargo.toml').flatMap((path) => crateOf(index, path)));
  return (path, { kind, specifier }) => {
    const found =
      kind === 'module' ? moduleFile(index, modulesOf(path), specifier) : used(index, { crates, path, specifier });
    return found === undefined || found === path ? [] : [found];
  };
}

/** A crate's name and the folder of its sources. */
function crateOf(index: FileIndex, path: string): [string, string][] {
  const text = index.files.text(path) ?? '';
  const name = /^\[package\][^[]*?^name\s*=\s*"([^"]+)"/mu.exec(text)?.[1];
  return name === undefined ? [] : [[name.replaceAll('-', '_'), inFolder(folderOf(path), 'src')]];
}

/** The folder in which a file's own modules lie. */
const modulesOf = (path: string): string =>
  ROOTS.has(nameOfFile(path)) ? folderOf(path) : inFolder(folderOf(path), stemOf(path));

const ROOTS = new Set(['mod.rs', 'lib.rs', 'main.rs', 'build.rs']);

function moduleFile(index: FileIndex, folder: string, name: string): string | undefined {
  return [`${name}.rs`, `${name}/mod.rs`].map((file) => inFolder(folder, file)).find(index.has);
}

interface Use {
  crates: ReadonlyMap<string, string>;
  path: string;
  specifier: string;
}

function used(index: FileIndex, use: Use): string | undefined {
  const [first = '', ...rest] = use.specifier.split('::');
  const start = startOf(index, use, first);
  if (start === undefined) return undefined;
  let folder = start;
  let names = first === 'self' || CARDINAL.has(first) || use.crates.has(first) ? rest : [first, ...rest];
  for (; names[0] === 'super'; names = names.slice(1)) folder = folderOf(folder);
  return deepest(index, folder, names);
}

const CARDINAL = new Set(['crate', 'super']);

function startOf(index: FileIndex, { crates, path }: Use, first: string): string | undefined {
  if (first === 'crate') return crateFolder(index, path);
  if (first === 'self') return modulesOf(path);
  if (first === 'super') return folderOf(modulesOf(path));
  return crates.get(first) ?? modulesOf(path);
}

function crateFolder(index: FileIndex, path: string): string | undefined {
  for (const folder of upwards(folderOf(path))) {
    if (index.has(inFolder(folder, 'lib.rs')) || index.has(inFolder(folder, 'main.rs'))) return folder;
  }
  return undefined;
}

/** As many names as lead to a file; the rest are things in it. None leads to one: the folder's own file. */
function deepest(index: FileIndex, folder: string, names: readonly string[]): string | undefined {
  let found: string | undefined;
  let at = folder;
  for (const name of names) {
    const next = moduleFile(index, at, name);
    if (next === undefined) break;
    found = next;
    at = inFolder(at, name);
  }
  return found ?? (names.length > 0 && at === folder ? ownFile(index, folder, names) : undefined);
}

const ownFile = (index: FileIndex, folder: string, names: readonly string[]): string | undefined =>
  names.length < 1
    ? undefined
    : (['lib.rs', 'main.rs', 'mod.rs'].map((file) => inFolder(folder, file)).find(index.has) ?? beside(index, folder));

const beside = (index: FileIndex, folder: string): string | undefined =>
  index.has(`${folder}.rs`) ? `${folder}.rs` : undefined;
