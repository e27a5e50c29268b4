import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A place that a line of output names. */
export interface Place {
  file: string;
  line: number;
  column: number;
}

/**
 * A path from a gate's output, which ran at the root of its tree, as a path from there with `/`; undefined when it lies outside. Decided by
 * the words alone: nothing is looked up on the disk.
 */
export function inTree(path: string, root: string, base?: string): string | undefined {
  const top = slashed(root);
  const plain = slashed(fromUrl(path.trim()));
  if (plain === '' || plain.includes('\0')) return undefined;
  const from = base === undefined ? top : folderOf(base, top);
  const whole = posix.normalize(isAbsolute(plain) ? plain : posix.join(from, plain));
  const start = top.endsWith('/') ? top : `${top}/`;
  const inside = isDrive(whole) ? whole.toLowerCase().startsWith(start.toLowerCase()) : whole.startsWith(start);
  const relative = inside ? whole.slice(start.length) : '';
  return relative === '' ? undefined : relative;
}

/** The innermost frame of a Node stack that lies in the tree and is no library's. */
export function firstFrame(text: string, root: string): Place | undefined {
  return frames(text, root)[0];
}

/** All frames of the tree, in the order of the text: Node's, Python's, and plain `file.ext:12:3`. */
export function frames(text: string, root: string): Place[] {
  const found: Place[] = [];
  for (const line of text.split('\n').slice(0, 400)) {
    if (line.length > 2_000) continue;
    const place = frameOf(line, root);
    if (place) found.push(place);
  }
  return found;
}

const FRAME =
  /(?:^|[\s("'@])((?:file:\/\/)?(?:[A-Za-z]:)?[^\s:()"'<>|]*\.[A-Za-z]\w{0,5}):(\d{1,7})(?::(\d{1,5}))?(?=$|[\s):,'"])/;
const PYTHON_FRAME = /^\s*File "([^"]+)", line (\d+)/;

function frameOf(line: string, root: string): Place | undefined {
  const [, path, row, column] = PYTHON_FRAME.exec(line) ?? FRAME.exec(line) ?? [];
  if (path === undefined) return undefined;
  const file = inTree(path, root);
  if (file === undefined || /(?:^|\/)(?:node_modules|site-packages)\//.test(file)) return undefined;
  return { file, line: Math.max(Number(row), 1), column: Math.max(Number(column ?? 1), 1) };
}

const slashed = (path: string): string => path.replaceAll('\\', '/');

function fromUrl(path: string): string {
  if (!path.startsWith('file:')) return path;
  try {
    return fileURLToPath(path);
  } catch {
    return ''; // A URL of another host names no file here.
  }
}

const isDrive = (path: string): boolean => /^[A-Za-z]:/.test(path);
const isAbsolute = (path: string): boolean => path.startsWith('/') || isDrive(path);

function folderOf(base: string, root: string): string {
  const filled = slashed(base).replaceAll(/\$\{(?:workspaceFolder|workspaceRoot|cwd)\}/g, () => root);
  return isAbsolute(filled) ? filled : posix.join(root, filled);
}
