import picomatch from 'picomatch';
import { nameOfFile } from './paths.ts';
import type { PromptText, Section } from './prompt-text.ts';
import type { FileIndex } from './repository-files.ts';

/** The files a text says it will change. Unknown is the usual case, and means: it may touch anything. */
export type Targets =
  | { known: false }
  | {
      known: true;
      /** Files of the repository, in order of mention. */
      files: readonly string[];
      /** Named, but not there: to be made. */
      fresh: readonly string[];
      /** Globs as written. */
      globs: readonly string[];
      /** `section`: a list of files to change says so; `mention`: a path stands somewhere in the text. */
      from: 'section' | 'mention';
    };

const SECTION =
  /^(?:\d+[.)]\s*)?(?:target files?|files? to (?:be )?(?:create|modify|update|change|edit|remove|fix|search and fix|process)\b.*|affected files|expected changes|critical files\b.*|scope)\s*:?$/iu;

/** From the sections that list files, else from the paths in back-ticks anywhere outside of fences. */
export function targetsOf(prompt: PromptText, index: FileIndex): Targets {
  const listed = prompt.sections.filter(({ heading }) => SECTION.test(heading)).flatMap(listedPaths);
  const mentions =
    listed.length > 0 ? listed : prompt.sections.flatMap(({ heading, body }) => ticked(`${heading}\n${body}`));
  const sorted = sort(mentions, index, listed.length > 0);
  if (sorted.files.length + sorted.fresh.length + sorted.globs.length === 0) return { known: false };
  return { known: true, ...sorted, from: listed.length > 0 ? 'section' : 'mention' };
}

/** `- path (19 errors)`, `- Create: \`path\``, `- \`path\` - why`, `1. **\`path\`**:`. */
function listedPaths({ body, code }: Section): string[] {
  const items = `${body}\n${code}`.split('\n').flatMap((line) => {
    const item = /^\s*(?:[-*+]|\d+[.)])\s+(.*)$/u.exec(line)?.[1];
    return item === undefined ? [] : [item];
  });
  return items.flatMap((item) => {
    const quoted = ticked(item);
    if (quoted.length > 0) return quoted;
    const first =
      /^(?:\*\*)?(?:(?:create|modify|update|new|edit)\s*:\s*)?([^\s:,;()*]*[^\s:,;()]+)/iu.exec(item)?.[1] ?? '';
    return looksLikePath(first) ? [first] : [];
  });
}

const ticked = (text: string): string[] =>
  [...text.matchAll(/`([^`\n]{1,200})`/gu)].flatMap(([, inside]) =>
    inside !== undefined && looksLikePath(inside) ? [inside] : [],
  );

/** A path has no spaces and ends with a known kind of ending, a slash, or names a folder that a slash begins. */
const looksLikePath = (text: string): boolean =>
  PATH.test(text) &&
  !/^(?:https?:|[a-z]+:\/\/|-|@[\w-]+\/|\$)/iu.test(text) &&
  !/^\/(?:agent|api|v\d)\b/u.test(text) &&
  !/^[\d.]+$/u.test(text);

const PATH =
  /^(?:[\w.@~+[\]{},*?!-]+\/|\/)*(?:[\w.@~+[\]{},*?!-]*\.[a-z][a-z0-9]{0,9}|[\w.@-]+\/|Dockerfile|Makefile|\*\*?|[\w.-]+(?<=\/[\w.-]{1,80}))(?::\d+(?:[-:]\d+)?)?$/iu;

function sort(
  mentions: readonly string[],
  index: FileIndex,
  isList: boolean,
): { files: string[]; fresh: string[]; globs: string[] } {
  const plain = [...new Set(mentions)].map((mention) =>
    mention.replace(/:\d+(?:[-:]\d+)?$/u, '').replace(/^\.\//u, ''),
  );
  const globs = plain.filter(isGlob).map((glob) => glob.replace(/^\/+/u, ''));
  const paths = plain
    .filter((path) => !isGlob(path))
    .map((path) => ({ path, found: inRepository(path, index, isList) }));
  const fresh = paths.filter(({ path, found }) => found.length === 0 && mayBeMade(path)).map(({ path }) => path);
  return { files: [...new Set(paths.flatMap(({ found }) => found))], fresh, globs };
}

const isGlob = (path: string): boolean => /[*?{[]/u.test(path);

const mayBeMade = (path: string): boolean =>
  !/^[/~]/u.test(path) && path.includes('/') && /\.[a-z]\w{0,9}$/iu.test(path);

/** As it stands; a folder's files, where a list names it; without the leading folders of somebody's machine; by a name only one file has. */
function inRepository(path: string, index: FileIndex, isList: boolean): string[] {
  const plain = path.replace(/\/+$/u, '');
  if (index.has(plain)) return [plain];
  const folder = index.inside(plain);
  if (folder.length > 0) return isList ? [...folder] : [];
  if (path.startsWith('/') || path.startsWith('~')) {
    const parts = plain.split('/').slice(1);
    for (let at = 1; at < parts.length; at += 1) {
      const rest = parts.slice(at).join('/');
      if (index.has(rest)) return [rest];
    }
  }
  const named = index.named(nameOfFile(plain));
  const fitting = named.filter((one) => `/${one}`.endsWith(`/${plain}`));
  return fitting.length === 1 ? fitting : [];
}

/** What a text may change, as the globs of a scope. */
export const scopeOf = (targets: Targets): readonly string[] | undefined =>
  targets.known ? [...targets.files, ...targets.fresh, ...targets.globs] : undefined;

/** The files of the repository that targets stand for now, globs filled in. */
export function filesOf(targets: Targets, index: FileIndex): readonly string[] {
  if (!targets.known) return [];
  const tests = targets.globs.slice(0, 50).map((glob) => picomatch(glob, { dot: true }));
  const matched = tests.length === 0 ? [] : index.files.paths.filter((path) => tests.some((test) => test(path)));
  return [...new Set([...targets.files, ...matched])];
}
