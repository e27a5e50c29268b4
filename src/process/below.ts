import { isAbsolute, relative, sep } from 'node:path';

/** The way from a folder to what lies below it, with `/`; undefined for the folder itself and all else. Both absolute. */
export function wayBelow(folder: string, path: string): string | undefined {
  const way = relative(folder, path);
  const isOutside = way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
  return way === '' || isOutside ? undefined : way.split(sep).join('/');
}
