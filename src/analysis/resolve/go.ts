import { folderOf, inFolder } from '../paths.ts';
import { everyFile, type FileIndex } from '../repository-files.ts';
import type { Resolve } from './resolve.ts';

/** An import names a package, a folder: every file of it that is no test. Modules are known by their go.mod. */
export function goResolver(index: FileIndex): Resolve {
  const modules = everyFile(index, 'go.mod').flatMap((path) => {
    const name = /^module\s+"?([^\s"]+)/mu.exec(index.files.text(path) ?? '')?.[1];
    return name === undefined ? [] : [{ name, folder: folderOf(path) }];
  });
  const longestFirst = modules.toSorted((a, b) => b.name.length - a.name.length);
  return (_, { specifier }) => {
    const own = longestFirst.find(({ name }) => specifier === name || specifier.startsWith(`${name}/`));
    if (own === undefined) return [];
    const rest = specifier.slice(own.name.length + 1);
    const folder = rest === '' ? own.folder : inFolder(own.folder, rest);
    return index.inside(folder).filter((path) => path.endsWith('.go') && !path.endsWith('_test.go'));
  };
}
