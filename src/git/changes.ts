import { randomUUID } from 'node:crypto';
import { fail, ok, type Result } from '../model/failure.ts';
import { INSPECT } from './objects.ts';
import type { Repository } from './repository.ts';
import { failureOf, git, type GitOptions } from './run.ts';

/** One entry of `git diff-tree --raw`. */
export interface Change {
  path: string;
  oldMode: string;
  newMode: string;
  oldOid: string;
  newOid: string;
  /** A, D, M or T. */
  status: string;
  /** Added and removed; none of what is no text. */
  lines: number;
  /** Its added lines hold the three conflict markers in order. */
  marked: boolean;
}

/**
 * What changed between two trees, and in which files conflict markers were added; one streamed call, of which
 * only the entries and the first bytes of a line are kept. `context` must be the merge context: an attribute of
 * the tree such as `-diff` would hide the content.
 */
export async function readChanges(
  repo: Repository,
  context: GitOptions,
  { from, to }: { from: string; to: string },
): Promise<Result<Change[]>> {
  const reader = new ChangeReader();
  // Answers begin with the two trees, and no line of a patch begins like the end.
  const [head, end] = [from.length + to.length + 2, `~${randomUUID()}\n`];
  let skipped = 0;
  let held: Buffer = Buffer.alloc(0);
  const told = await repo.inspector.ask(context, `${from} ${to}\n${end}`, (chunk) => {
    const all = Buffer.concat([held, chunk]);
    const at = all.indexOf(end);
    const whole = at >= 0 ? at : Math.max(0, all.length - end.length);
    const skip = Math.min(head - skipped, whole);
    skipped += skip;
    reader.take(all.subarray(skip, whole));
    held = all.subarray(whole);
    return at >= 0;
  });
  if (!told.ok) return told;
  return told.value.kind === 'answered' ? ok(reader.changes) : fail(failureOf(INSPECT, told.value, context));
}

/** The text of blobs by oid or `commit:path`; undefined for one that does not exist. */
export async function readBlobs(
  context: GitOptions,
  names: readonly string[],
): Promise<Result<(string | undefined)[]>> {
  if (names.length === 0) return ok([]);
  const input = Buffer.from(names.map((name) => `${name}\n`).join('')).toString('latin1');
  const told = await git(['cat-file', '--batch'], { ...context, input, bytes: true });
  if (!told.ok) return told;
  let rest = told.value;
  return ok(
    names.map(() => {
      const line = rest.slice(0, rest.indexOf('\n'));
      rest = rest.slice(line.length + 1);
      const size = /^[0-9a-f]+ \w+ (\d+)$/.exec(line)?.[1];
      if (size === undefined) return undefined;
      const content = rest.slice(0, Number(size));
      rest = rest.slice(Number(size) + 1);
      return Buffer.from(content, 'latin1').toString('utf8');
    }),
  );
}

const PREFIX = 24;
const NEWLINE = 10;

/** Reads `--raw -p -z`: entries ended by NULs, an empty one, then the patch in lines. */
class ChangeReader {
  readonly changes: Change[] = [];
  #raw: Buffer[] = [];
  #inPatch = false;
  #line = '';
  #files: Change[] = [];
  #file = -1;
  #inHunk = false;
  #markers = 0;

  take(chunk: Buffer): void {
    if (this.#inPatch) this.#takePatch(chunk);
    else this.#takeRaw(chunk);
  }

  /** The patch is parted from the entries by two NULs in a row, and every entry has a part in the patch. */
  #takeRaw(chunk: Buffer): void {
    const end = chunk.indexOf('\0\0');
    const split = end < 0 && chunk[0] === 0 && this.#raw.at(-1)?.at(-1) === 0;
    this.#raw.push(end < 0 ? chunk : chunk.subarray(0, end + 1));
    if (end < 0 && !split) return;
    const entries = Buffer.concat(split ? this.#raw.slice(0, -1) : this.#raw);
    this.#readEntries(entries.toString('utf8').split('\0'));
    this.#raw = [];
    this.#inPatch = true;
    // a changed type is shown as a removal and an addition
    this.#files = this.changes.flatMap((change) => (change.status === 'T' ? [change, change] : [change]));
    this.#takePatch(chunk.subarray(split ? 1 : end + 2));
  }

  #readEntries(parts: string[]): void {
    for (let i = 0; i + 1 < parts.length; i += 2) {
      const [oldMode = '', newMode = '', oldOid = '', newOid = '', status = ''] = (parts[i] ?? '').slice(1).split(' ');
      this.changes.push({
        path: parts[i + 1] ?? '',
        oldMode,
        newMode,
        oldOid,
        newOid,
        status,
        lines: 0,
        marked: false,
      });
    }
  }

  #takePatch(chunk: Buffer): void {
    let from = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, from);
      const piece = chunk.subarray(from, end < 0 ? chunk.length : end);
      if (this.#line.length < PREFIX) this.#line += piece.toString('latin1', 0, PREFIX - this.#line.length);
      if (end < 0) return;
      this.#readLine(this.#line);
      this.#line = '';
      from = end + 1;
    }
  }

  #readLine(line: string): void {
    if (line.startsWith('diff --git ')) {
      this.#file++;
      this.#inHunk = false;
      this.#markers = 0;
    } else if (line.startsWith('@@ ')) {
      this.#inHunk = true;
    } else if (this.#inHunk && /^[+-]/.test(line)) this.#readChanged(line);
  }

  #readChanged(line: string): void {
    const change = this.#files[this.#file];
    if (change === undefined) return;
    change.lines += 1;
    if (line.startsWith('+') && this.#markers < 3 && MARKERS[this.#markers]?.test(line)) this.#markers++;
    if (this.#markers === 3) change.marked = true;
  }
}

const MARKERS = [/^\+<<<<<<<(\s|$)/, /^\+=======(\s|$)/, /^\+>>>>>>>(\s|$)/];
