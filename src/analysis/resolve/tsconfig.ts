import { asObject, asString, asStrings, type JsonObject, parseLoose } from '../loose-json.ts';
import { folderOf, inFolder, joined, upwards } from '../paths.ts';
import type { FileIndex } from '../repository-files.ts';
import { nodeFile } from './node-file.ts';
import { filled, matchPattern } from './pattern.ts';

/** What one tsconfig.json says of names: `paths` relative to `pathsFrom`, and `baseUrl`. */
interface Names {
  paths: Readonly<Record<string, readonly string[]>>;
  pathsFrom: string;
  baseUrl?: string;
}

/** Where `paths` and `baseUrl` of the nearest tsconfig.json or jsconfig.json lead. */
export function tsconfigNames(index: FileIndex): (specifier: string, folder: string) => string | undefined {
  const namesOf = once((path: string) => namesIn(index, path, new Set()));
  const namesFor = once((folder: string) => {
    const path = nearest(index, folder);
    return path === undefined ? undefined : namesOf(path);
  });
  return (specifier, folder) => {
    const names = namesFor(folder);
    return names && lookUp(index, names, specifier);
  };
}

function once<T>(make: (key: string) => T): (key: string) => T {
  const known = new Map<string, { value: T }>();
  return (key) => {
    let one = known.get(key);
    if (one === undefined) known.set(key, (one = { value: make(key) }));
    return one.value;
  };
}

function lookUp(index: FileIndex, names: Names, specifier: string): string | undefined {
  const match = matchPattern(names.paths, specifier);
  for (const pattern of match?.value ?? []) {
    const path = joined(names.pathsFrom, filled(pattern, match?.star));
    const found = path === undefined ? undefined : nodeFile(index, path);
    if (found !== undefined) return found;
  }
  return names.baseUrl === undefined ? undefined : nodeFile(index, inFolder(names.baseUrl, specifier));
}

/** The configuration that holds for the files of a folder. */
function nearest(index: FileIndex, folder: string): string | undefined {
  for (const at of upwards(folder)) {
    for (const name of ['tsconfig.json', 'jsconfig.json']) {
      const path = inFolder(at, name);
      if (index.has(path)) return path;
    }
  }
  return undefined;
}

/** Own settings, else those of `extends`, else those of a project it only refers to. */
function namesIn(index: FileIndex, path: string, seen: Set<string>): Names | undefined {
  if (seen.has(path) || !index.has(path)) return undefined;
  seen.add(path);
  const config = parseLoose(index.files.text(path));
  const inherited = parents(config, path).map((parent) => namesIn(index, parent, seen));
  return merged(
    ownNames(config, folderOf(path)),
    inherited.findLast((names) => names !== undefined),
  );
}

function ownNames(config: JsonObject, folder: string): Partial<Names> {
  const options = asObject(config['compilerOptions']);
  const base = asString(options['baseUrl']);
  const baseUrl = base === undefined ? undefined : joined(folder, base);
  const names: Partial<Names> = baseUrl === undefined ? {} : { baseUrl };
  if (options['paths'] === undefined) return names;
  const entries = Object.entries(asObject(options['paths'])).map(([key, value]) => [key, asStrings(value)] as const);
  return { ...names, paths: Object.fromEntries(entries), pathsFrom: baseUrl ?? folder };
}

function merged(own: Partial<Names>, inherited: Names | undefined): Names | undefined {
  const { paths, pathsFrom } = own.paths === undefined ? (inherited ?? {}) : own;
  const baseUrl = own.baseUrl ?? inherited?.baseUrl;
  if (paths === undefined && baseUrl === undefined) return undefined;
  return { paths: paths ?? {}, pathsFrom: pathsFrom ?? '', ...(baseUrl === undefined ? {} : { baseUrl }) };
}

function parents(config: JsonObject, path: string): string[] {
  const references = Array.isArray(config['references']) ? config['references'] : [];
  const projects = references.flatMap((one) => asString(asObject(one)['path']) ?? []);
  const named = [...projects, ...asStrings(config['extends'])].filter((one) => one.startsWith('.'));
  return named.flatMap((one) => {
    const there = joined(folderOf(path), one) ?? '';
    return there.endsWith('.json') ? there : [`${there}.json`, inFolder(there, 'tsconfig.json')];
  });
}
