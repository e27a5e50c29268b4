import { constants, type Dirent } from 'node:fs';
import { mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fail, ok, type Result } from '../../model/failure.ts';
import { systemError } from '../../process/durable-now.ts';
import { nameIn, placeIn } from './place.ts';

type Answer = Promise<Result<string, string>>;

/** The entries of a folder, folders with a slash at their end; `deep` goes down but not into other people's packages. */
export const listFolder = (root: string, { path, deep }: { path: string; deep: boolean }): Answer =>
  at(root, path, async (place) => {
    const names: string[] = [];
    for await (const entry of entriesBelow(place, deep)) {
      names.push(entry.kind === 'folder' ? `${entry.name}/` : entry.name);
      if (names.length > MOST_ENTRIES) return ok(`${names.join('\n')}\n… and more: list a folder below`);
    }
    return ok(names.join('\n') || 'nothing is in it');
  });

/** Lines of a text file, each with its number where only a part is shown. */
export const readFileText = (root: string, asked: { path: string; from: number; count: number }): Answer =>
  at(root, asked.path, async (place) => {
    const text = await textOf(place);
    if (!text.ok) return text;
    const lines = text.value.split('\n');
    const part = lines.slice(asked.from - 1, asked.from - 1 + asked.count);
    if (part.length === lines.length) return ok(text.value);
    return ok(`lines ${asked.from} to ${asked.from + part.length - 1} of ${lines.length}:\n${part.join('\n')}`);
  });

/** Each line with the text as `path:line: text`. */
export const searchText = (
  root: string,
  { text, path, matchCase }: { text: string; path: string; matchCase: boolean },
): Answer =>
  at(root, path, async (place) => {
    const folded = (line: string): string => (matchCase ? line : line.toLowerCase());
    const found: string[] = [];
    const top = (await stat(place)).isDirectory() ? place : dirname(place);
    for await (const { name, kind } of place === top ? entriesBelow(place, true) : [only(place)]) {
      const content = kind === 'file' ? await textOf(join(top, name)) : undefined;
      if (!content?.ok) continue;
      for (const [index, line] of content.value.split('\n').entries())
        if (folded(line).includes(folded(text))) found.push(`${name}:${index + 1}: ${line.trim().slice(0, 300)}`);
      if (found.length > MOST_FOUND) return ok(`${found.slice(0, MOST_FOUND).join('\n')}\n… and more`);
    }
    return ok(found.join('\n') || 'it stands nowhere');
  });

/** Makes or replaces a file. */
export const writeWhole = (root: string, { path, content }: { path: string; content: string }): Answer =>
  at(root, path, async (place) => {
    await mkdir(dirname(place), { recursive: true });
    await put(place, content);
    return ok(`written: ${Buffer.byteLength(content)} bytes`);
  });

/** Replaces one text by another. That it stands there once is what tells which place is meant. */
export const editFile = (root: string, edit: { path: string; old: string; new: string; all: boolean }): Answer =>
  at(root, edit.path, async (place) => {
    const text = await textOf(place);
    if (!text.ok) return text;
    const times = text.value.split(edit.old).length - 1;
    if (times === 0) return fail('`old` does not stand in the file: read it again');
    if (times > 1 && !edit.all) return fail(`\`old\` stands there ${times} times: give more of what is around it`);
    await put(
      place,
      text.value.replaceAll(edit.old, () => edit.new),
    );
    return ok(times === 1 ? 'replaced' : `replaced ${times} times`);
  });

/** Removes a file, a link (not what it leads to) or a folder. */
export async function deleteFile(root: string, { path }: { path: string }): Answer {
  const place = await nameIn(root, path);
  if (!place.ok) return place;
  return said(async () => {
    await rm(place.value, { recursive: true });
    return ok('deleted');
  });
}

const MOST_ENTRIES = 1000;
const MOST_FOUND = 200;
/** Bytes; more is no text that a model should read at once. */
const LONGEST = 2 * 1024 * 1024;

async function at(root: string, path: string, work: (place: string) => Answer): Answer {
  const place = await placeIn(root, path);
  return place.ok ? said(() => work(place.value)) : place;
}

/** What the system says, without the absolute paths it says it with. */
async function said(work: () => Answer): Answer {
  try {
    return await work();
  } catch (error) {
    const { code, message } = systemError(error);
    return fail(message.split(',')[0] ?? code);
  }
}

async function textOf(place: string): Answer {
  const { size } = await stat(place);
  if (size > LONGEST) return fail(`it has ${size} bytes, which is too long to read`);
  const bytes = await readFile(place);
  return bytes.includes(0) ? fail('it is no text') : ok(bytes.toString('utf8'));
}

/** Not through a link that appeared there meanwhile. */
async function put(place: string, content: string): Promise<void> {
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;
  const file = await open(place, O_WRONLY | O_CREAT | O_TRUNC | (O_NOFOLLOW ?? 0), 0o666);
  try {
    await file.writeFile(content);
  } finally {
    await file.close();
  }
}

interface Entry {
  /** Relative to the folder that was asked for, with / between folders. */
  name: string;
  /** A link is neither, wherever it leads: nothing is read or walked through one. */
  kind: 'file' | 'folder' | 'other';
}

async function* entriesBelow(top: string, deep: boolean, folder = top): AsyncGenerator<Entry> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name === '.git') continue;
    const place = join(folder, entry.name);
    yield { name: relative(top, place).split(sep).join('/'), kind: kindOf(entry) };
    if (deep && isOwn(entry)) yield* entriesBelow(top, deep, place);
  }
}

const only = (place: string): Entry => ({ name: place.slice(dirname(place).length + 1), kind: 'file' });

const kindOf = (entry: Dirent): Entry['kind'] => (entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other');

const isOwn = (entry: Dirent): boolean => entry.isDirectory() && entry.name !== 'node_modules';
