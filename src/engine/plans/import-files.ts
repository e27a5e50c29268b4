import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { SourceFile } from '../../formats/imported.ts';
import { invocationFiles, isInvocation } from '../../formats/gadugi/invocation.ts';
import { milestoneFolder } from '../../formats/orchestra/plan.ts';
import { fail, ok, type Result } from '../../model/failure.ts';
import { decodeUtf8 } from '../../model/text/utf8.ts';
import { ioFailure, systemError } from '../../process/durable-now.ts';

/** What a call of import names, read. */
export interface ReadFiles {
  files: readonly SourceFile[];
  /** A single file was named. */
  named: boolean;
  /** That file lists prompts to run. */
  invocation?: string;
}

const LONGEST = 10_000_000;
const MOST_FILES = 20_000;
const TEXTS = /\.(?:ya?ml|jsonc?|json5|md)$/i;
const PASSED_OVER = new Set(['.git', 'node_modules', '.worktrees', 'dist', 'out', 'vendor']);

/** Reads a file, or every file of a folder that may be of a format. Links are not followed. */
export async function readFiles(path: string, root: string): Promise<Result<ReadFiles>> {
  try {
    const kind = await stat(path);
    // A pipe or a device may never come to an end.
    if (!kind.isDirectory() && !kind.isFile())
      return fail({ kind: 'refused', reason: `${path} is no file or folder.` });
    if (kind.isFile()) return ok(await readNamed(path, root));
    const files = await walk(path);
    if (files.length > MOST_FILES)
      return fail({
        kind: 'refused',
        reason: `There are more than ${MOST_FILES} files in it. Name a folder further in.`,
      });
    return ok({ files: [...(await readAll(files, root)), ...(await configAbove(path, root))], named: false });
  } catch (error) {
    if (systemError(error).code === 'ENOENT') return fail({ kind: 'notFound', what: 'file or folder', name: path });
    return fail(ioFailure(path, error));
  }
}

async function readNamed(path: string, root: string): Promise<ReadFiles> {
  const file = await readText(path, root);
  const folder = milestoneFolder(path.split(sep).join('/'));
  if (folder !== undefined)
    return {
      files: [...(await readAll(await walk(folder), root)), ...(await configAbove(folder, root))],
      named: false,
    };
  if (!/\.(?:md|txt)$/i.test(path) || !isInvocation(file.text)) return { files: [file], named: true };
  const names = invocationFiles(file.text).map(({ name }) => name);
  const places = [join(root, 'prompts'), dirname(path)].flatMap((place) => names.map((name) => join(place, name)));
  const there = await Promise.all([...new Set(places)].map((place) => readText(place, root).catch(() => undefined)));
  return { files: [file, ...there.filter((one) => one !== undefined)], named: true, invocation: file.path };
}

/** A milestone that is imported alone still has the settings it lies under. */
async function configAbove(folder: string, root: string): Promise<SourceFile[]> {
  const file = await readText(join(folder, '..', '..', 'config.yml'), root).catch(() => undefined);
  return file && /(?:^|[\\/])M\d+[^\\/]*[\\/]?$/.test(folder) ? [file] : [];
}

async function walk(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(async (entry): Promise<string[]> => {
        if (entry.isDirectory()) return PASSED_OVER.has(entry.name) ? [] : walk(join(folder, entry.name));
        return entry.isFile() && TEXTS.test(entry.name) ? [join(folder, entry.name)] : [];
      }),
  );
  return found.flat();
}

async function readAll(paths: readonly string[], root: string): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  for (const path of paths) files.push(await readText(path, root));
  return files;
}

/** A file that is too long is not decoded: the registry refuses it by its length. */
async function readText(path: string, root: string): Promise<SourceFile> {
  const { size } = await stat(path);
  const name = nameIn(root, path);
  if (size > LONGEST) return { path: name, text: ' '.repeat(LONGEST + 1) };
  return { path: name, ...decodeUtf8(await readFile(path)) };
}

/** Relative to the repository where it is inside, `/` as separator. */
function nameIn(root: string, path: string): string {
  const inside = relative(root, path);
  return (inside.startsWith('..') ? path : inside).split(sep).join('/');
}
