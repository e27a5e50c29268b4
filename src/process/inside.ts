import { realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';

/** Whether a path, relative to `root` or absolute, leads to something below it that is not git's, links followed. */
export function isInside(root: string, path: string): boolean {
  const inner = relative(realOf(root), realOf(resolve(root, path)));
  return inner !== '' && !isAbsolute(inner) && !/^(\.\.|\.git)($|[\\/])/i.test(inner);
}

/** The real path of what may not be there yet: that of its nearest folder, and the rest. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = resolve(path, '..');
    return parent === path ? path : resolve(realOf(parent), relative(parent, path));
  }
}
