import { ok, type Result } from '../model/failure.ts';
import { git, type GitOptions } from './run.ts';

/** What one commit changed against its parent. Paths are latin1, one character a byte: they go back to git as they came. */
export interface Delta {
  commit: string;
  /** Several are parted by spaces. */
  parent: string;
  entries: readonly { mode: string; oid: string; path: string }[];
  paths: readonly string[];
}

/** Many in one process. Each of `pairs` is `commit` (against its own parent) or `commit other`. */
export async function readDeltas(context: GitOptions, pairs: readonly string[]): Promise<Result<Delta[]>> {
  if (pairs.length === 0) return ok([]);
  const flags = ['-r', '-z', '-m', '--raw', '--always', '--root', '--no-renames', '--format=%H %P'];
  const input = pairs.map((pair) => `${pair}\n`).join('');
  const told = await git(['diff-tree', '--stdin', ...flags], { ...context, input, bytes: true });
  return told.ok ? ok(parse(told.value)) : told;
}

function parse(text: string): Delta[] {
  const deltas: { commit: string; parent: string; entries: Delta['entries'][number][]; paths: string[] }[] = [];
  const parts = text.split('\0');
  for (let i = 0; i < parts.length; i++) {
    const part = (parts[i] ?? '').replace(/^\n/, '');
    if (part.startsWith(':')) {
      const [, mode = '', , oid = ''] = part.split(' ');
      const path = parts[++i] ?? '';
      deltas.at(-1)?.entries.push({ mode, oid, path });
      deltas.at(-1)?.paths.push(path);
    } else if (part !== '') {
      const space = part.indexOf(' ');
      deltas.push({ commit: part.slice(0, space), parent: part.slice(space + 1), entries: [], paths: [] });
    }
  }
  return deltas;
}
