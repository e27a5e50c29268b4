import { asString, parseLoose } from '../loose-json.ts';
import { inFolder, joined } from '../paths.ts';
import type { FileIndex } from '../repository-files.ts';

/** Written `.js`, meant `.ts`: TypeScript names the file that will be there. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  js: ['.ts', '.tsx', '.d.ts', '.jsx'],
  jsx: ['.tsx', '.ts', '.d.ts'],
  mjs: ['.mts', '.d.mts'],
  cjs: ['.cts', '.d.cts'],
};
const ENDINGS = ['.ts', '.tsx', '.d.ts', '.js', '.jsx', '.mjs', '.cjs', '.mts', '.cts', '.json'];
const INDEXES = ENDINGS.map((ending) => `/index${ending}`);

/** The file a path without `.` and `..` means: itself, its source, with an ending, or the folder's index. */
export function nodeFile(index: FileIndex, path: string): string | undefined {
  if (index.has(path)) return path;
  return sourceOf(index, path) ?? withEnding(index, path, ENDINGS) ?? folderFile(index, path);
}

function sourceOf(index: FileIndex, path: string): string | undefined {
  const dot = path.lastIndexOf('.');
  const endings = SOURCES[path.slice(dot + 1)];
  return endings === undefined ? undefined : withEnding(index, path.slice(0, dot), endings);
}

function withEnding(index: FileIndex, path: string, endings: readonly string[]): string | undefined {
  for (const ending of endings) if (index.has(path + ending)) return path + ending;
  return undefined;
}

function folderFile(index: FileIndex, folder: string): string | undefined {
  const manifest = inFolder(folder, 'package.json');
  if (index.has(manifest)) {
    const { main, types, module } = parseLoose(index.files.text(manifest));
    for (const entry of [types, main, module]) {
      const path = joined(folder, asString(entry) ?? '');
      const found = path === undefined || path === folder ? undefined : entryFile(index, path);
      if (found !== undefined) return found;
    }
  }
  return folder === '' ? withEnding(index, 'index', ENDINGS) : withEnding(index, folder, INDEXES);
}

const entryFile = (index: FileIndex, path: string): string | undefined =>
  index.has(path) ? path : (sourceOf(index, path) ?? withEnding(index, path, [...ENDINGS, ...INDEXES]));

const BUILT = /(^|\/)(?:dist|lib|build|out|esm|cjs|es)(?=\/)/;

/** The file a manifest names; where that is built and not in git, the source it is most likely built from. */
export function entryOrSource(index: FileIndex, path: string): string | undefined {
  const there = entryFile(index, path);
  if (there !== undefined || !BUILT.test(path)) return there;
  const plain = path.replace(BUILT, '$1src').replace(/(?:\.d)?\.[cm]?[jt]sx?$/, '');
  return withEnding(index, plain, [...ENDINGS, ...INDEXES]);
}
