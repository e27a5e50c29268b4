import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { Script } from 'node:vm';
import { temporaryFor } from './durable-now.ts';
import { isOurs } from './ours.ts';

/** Where what V8 made of a bundle is kept, and for which use of it: another use compiles other functions. */
export interface Keeping {
  /** Absolute. */
  folder: string;
  use: string;
}

/** More than every use of two versions; the oldest make room. */
const KEPT = 24;

/**
 * Runs a bundle as `require` would, with what V8 made of it the last time, because compiling it is half of what a short
 * command costs. That is taken only where this very file, this Node.js and this V8 made it, it is whole, and it is a
 * file that nobody but this user can have written. Where anything is otherwise, and where it cannot be kept, the bundle
 * is compiled as ever; what is kept changes how soon it runs and nothing else. `load` is the caller's `require`.
 * The build sees to it that a bundle is plain ASCII, which is read in a third of the time.
 */
export function runCompiled(
  bundle: string,
  keeping: Keeping | undefined,
  load: NodeJS.Require,
): { kept: 'taken' | 'none' } {
  const text = readFileSync(bundle, 'latin1');
  const file = keeping && join(keeping.folder, nameFor(bundle, keeping.use));
  const known = file === undefined ? undefined : readKept(file);
  const script = new Script(`(function (require, __filename, __dirname, module, exports) {${text}\n})`, {
    filename: bundle,
    ...(known ? { cachedData: known } : {}),
  });
  const taken = known !== undefined && script.cachedDataRejected === false;
  // At the end, so that the functions which were needed are in it. What was misused compiled little.
  if (file !== undefined && !taken) process.once('exit', (code) => void (code === 2 || keep(file, script)));
  const module = { exports: {} };
  const run = script.runInThisContext() as (...given: unknown[]) => void;
  run(load, bundle, dirname(bundle), module, module.exports);
  return { kept: taken ? 'taken' : 'none' };
}

/** In the user's own cache folder. Nothing is kept where there is none, and of a build for development, which is another each time. */
export function keepingFor(use: string): Keeping | undefined {
  const folder = process.env['ORCHESTRATE_PRODUCTION'] ? cacheFolder() : undefined;
  return folder === undefined ? undefined : { folder: join(folder, 'compiled'), use };
}

/** For what can be made anew at any time; undefined where the system names none. */
function cacheFolder(): string | undefined {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = process.env;
  const home = process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache');
  const folder = process.platform === 'win32' ? local : xdg && isAbsolute(xdg) ? xdg : home;
  return folder !== undefined && isAbsolute(folder) ? join(folder, 'orchestrate') : undefined;
}

/**
 * V8 looks for its own version and flags; of the text it knows no more than the length. A file that was written anew has
 * another time, which nobody can set, and reading all of it for a digest would cost more than what is left to do.
 */
function nameFor(bundle: string, use: string): string {
  const { dev, ino, size, ctimeNs } = statSync(bundle, { bigint: true });
  return `${[dev, ino, size, ctimeNs].map((part) => part.toString(36)).join('-')}-${process.version}-${process.arch}-${use}`;
}

/** V8 believes what it is given, so it is kept twice: comparing is the quickest way to find that it is whole. */
function readKept(file: string): Buffer | undefined {
  try {
    const handle = openSync(file, 'r');
    try {
      // Of the opened file, so that no other can take its place.
      if (!isOurs(fstatSync(handle))) return undefined;
      const bytes = readFileSync(handle);
      const data = bytes.subarray(0, bytes.length >> 1);
      return data.equals(bytes.subarray(data.length)) ? data : undefined;
    } finally {
      closeSync(handle);
    }
  } catch {
    return undefined; // it was never made, or cannot be read: then it is made
  }
}

function keep(file: string, script: Script): void {
  const temporary = temporaryFor(file);
  try {
    const data = script.createCachedData();
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    makeRoom(dirname(file));
    writeFileSync(temporary, Buffer.concat([data, data]), { mode: 0o600, flag: 'wx' });
    renameSync(temporary, file);
  } catch {
    discard(temporary); // no room or no right to write: the next start compiles again, as this one did
  }
}

function makeRoom(folder: string): void {
  const files = readdirSync(folder).map((name) => join(folder, name));
  const aged = files.map((file) => ({ file, at: statSync(file).mtimeMs })).toSorted((a, b) => b.at - a.at);
  for (const { file } of aged.slice(KEPT - 1)) discard(file);
}

function discard(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // Another start was faster, or it never was.
  }
}
