import { type FileIndex, indexFiles, type RepositoryFiles } from './repository-files.ts';
import { resolverFor } from './resolve/all.ts';
import type { Resolve } from './resolve/resolve.ts';
import type { ScanCache } from './scan-cache.ts';
import { type Language, languageOf, scanImports } from './scan/language.ts';
import type { Reference } from './scan/reference.ts';

/** Which file imports which, both ways, each once; only files of the repository. */
export interface ImportGraph {
  imports: ReadonlyMap<string, readonly string[]>;
  importedBy: ReadonlyMap<string, readonly string[]>;
  /** How many files were read, and how many were known from before. */
  scanned: number;
  remembered: number;
}

/** Reads every file of a language we know. A file longer than this is generated: it is left out. */
const LONGEST = 2_000_000;

export function importGraph(
  files: RepositoryFiles,
  cache?: ScanCache,
  index: FileIndex = indexFiles(files),
): ImportGraph {
  const imports = new Map<string, readonly string[]>();
  const resolver = resolverFor(index);
  const count = { scanned: 0, remembered: 0 };
  for (const path of files.paths) {
    const language = languageOf(path);
    if (language === undefined) continue;
    const found = references({ files, path, language, cache, count });
    imports.set(path, targetsOf(path, found, resolver(language)));
  }
  return { imports, importedBy: turned(imports), ...count };
}

function targetsOf(path: string, found: readonly Reference[], resolve: Resolve): readonly string[] {
  const targets: string[] = [];
  for (const reference of found)
    for (const target of resolve(path, reference)) if (target !== path) targets.push(target);
  return targets.length < 2 ? targets : [...new Set(targets)];
}

interface Asked {
  files: RepositoryFiles;
  path: string;
  language: Language;
  cache: ScanCache | undefined;
  count: { scanned: number; remembered: number };
}

function references({ files, path, language, cache, count }: Asked): readonly Reference[] {
  const blob = cache && files.blob?.(path);
  const known = blob === undefined ? undefined : cache?.get(blob, language);
  if (known) {
    count.remembered += 1;
    return known;
  }
  const text = files.text(path);
  if (text === undefined || text.length > LONGEST) return [];
  count.scanned += 1;
  const found = scanImports(text, language);
  if (blob !== undefined) cache?.set(blob, language, found);
  return found;
}

function turned(imports: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
  const importedBy = new Map<string, string[]>();
  for (const [from, targets] of imports) {
    for (const to of targets) {
      const known = importedBy.get(to);
      if (known) known.push(from);
      else importedBy.set(to, [from]);
    }
  }
  return importedBy;
}
