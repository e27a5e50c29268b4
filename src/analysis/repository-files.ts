/** The files of a repository as the core sees them: whoever calls has read the list, texts are read on demand. */
export interface RepositoryFiles {
  /** Relative to the root, `/` separated. */
  paths: readonly string[];
  /** The text of a file; undefined where it cannot be read as one. */
  text: (path: string) => string | undefined;
  /** Git's name for the content, where it is known: what is learnt of a text is remembered under it. */
  blob?: (path: string) => string | undefined;
}

/** Looked up often, built once. */
export interface FileIndex {
  files: RepositoryFiles;
  has: (path: string) => boolean;
  /** The files that lie directly in a folder. */
  inside: (folder: string) => readonly string[];
  /** By the last part of their path. */
  named: (name: string) => readonly string[];
}

export function indexFiles(files: RepositoryFiles): FileIndex {
  const known = new Set(files.paths);
  const folders = lazily(() => grouped(files.paths, (path) => path.slice(0, Math.max(path.lastIndexOf('/'), 0))));
  const names = lazily(() => grouped(files.paths, (path) => path.slice(path.lastIndexOf('/') + 1)));
  return {
    files,
    has: (path) => known.has(path),
    inside: (folder) => folders().get(folder) ?? [],
    named: (name) => names().get(name) ?? [],
  };
}

/** All files of one name. For a few names: without the table that `named` makes of all of them. */
export const everyFile = ({ files }: FileIndex, name: string): string[] =>
  files.paths.filter(
    (path) => path.endsWith(name) && (path.length === name.length || path.at(-name.length - 1) === '/'),
  );

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

export function grouped<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return groups;
}
