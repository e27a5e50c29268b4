import picomatch from 'picomatch';

/**
 * A scope is a list of globs relative to the repository, `/` separated. A glob without wildcards is a file or a folder
 * with everything in it; one that starts with `!` takes away.
 */
export type Scope = readonly string[];

/** What is wrong with a glob as a scope, in words; undefined when nothing is. */
export function scopeFault(glob: string): string | undefined {
  if (glob.trim() === '') return 'is empty: name a file, a folder or a glob';
  if (glob.includes('\\')) return 'has a backslash: separate folders with "/"';
  const path = glob.replace(/^!/, '');
  if (path.startsWith('/') || path.startsWith('~')) return 'is not relative: start at the root of the repository';
  if (/^[a-z]:/i.test(path)) return 'has a drive letter: start at the root of the repository';
  if (hasParent(path)) return 'leaves the repository with "..": start at its root';
  return undefined;
}

/** Whether a path may be changed under a scope. Letters of another case are other letters, as in git. */
export function coverage(scope: Scope): (path: string) => boolean {
  const given = scope.filter((glob) => !glob.startsWith('!')).map(pathTest);
  const taken = scope.filter((glob) => glob.startsWith('!')).map((glob) => pathTest(glob.slice(1)));
  const everything = given.length === 0 && taken.length > 0;
  return (path) => {
    const plain = path.normalize('NFC');
    return (everything || given.some((test) => test(plain))) && !taken.some((test) => test(plain));
  };
}

/**
 * Whether some path may lie in both. Conservative: it may say yes where there is none, never no where there is one,
 * also on file systems that fold case. What `!` takes away is not counted.
 */
export function overlaps(a: Scope, b: Scope): boolean {
  const others = shapesOf(b);
  return shapesOf(a).some((one) => others.some((other) => shapesOverlap(one, other)));
}

/** A glob made ready to be compared: its folders one by one; `**` stands for any number of them. */
export interface Shape {
  segments: readonly string[];
  /** How many segments at the start have no wildcard. */
  literal: number;
  /** What every path ends with: `.test.ts` of a glob that ends `/*.test.ts`. */
  ending: string;
}

export function shapesOf(scope: Scope): Shape[] {
  const given = scope.filter((glob) => !glob.startsWith('!'));
  return given.length === 0 && scope.length > 0 ? [{ segments: ['**'], literal: 0, ending: '' }] : given.map(shapeOf);
}

/** Segment by segment: two globs overlap when some path can satisfy both, as far as wildcards can be compared. */
export function shapesOverlap(a: Shape, b: Shape): boolean {
  const shared = Math.min(a.literal, b.literal);
  for (let i = 0; i < shared; i += 1) if (a.segments[i] !== b.segments[i]) return false;
  if (!a.ending.endsWith(b.ending) && !b.ending.endsWith(a.ending)) return false;
  return segmentsOverlap(a.segments, b.segments);
}

const hasParent = (path: string): boolean => path.split(/[/{},()|]/).includes('..');

const isLiteral = (text: string): boolean => !/[*?[\]{}()"|]/.test(text);

/** `app/[id]/(group)` is a glob and a common folder too: it is read both ways. */
const mayBeFolder = (text: string): boolean => !/[*?{}"|]/.test(text);

/** `./src//a/` → `src/a`. */
const plainPath = (glob: string): string =>
  glob
    .normalize('NFC')
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');

function pathTest(glob: string): (path: string) => boolean {
  const plain = plainPath(glob);
  if (plain === '') return () => true;
  const inside = (path: string): boolean => path === plain || path.startsWith(`${plain}/`);
  if (isLiteral(plain)) return inside;
  const matches = picomatch(glob.endsWith('/') ? `${plain}/**` : plain, { dot: true });
  return mayBeFolder(plain) ? (path) => inside(path) || matches(path) : (path) => matches(path);
}

function shapeOf(glob: string): Shape {
  const plain = plainPath(glob).toLowerCase();
  if (isLiteral(plain)) {
    const parts = plain === '' ? [] : plain.split('/');
    return { segments: [...parts, '**'], literal: parts.length, ending: '' };
  }
  const parts = wholeSegments(glob.endsWith('/') || mayBeFolder(plain) ? `${plain}/**` : plain);
  const wild = parts.findIndex((part) => !isLiteral(part));
  return { segments: parts, literal: wild === -1 ? parts.length : wild, ending: tailOf(parts.at(-1) ?? '') };
}

/**
 * Where a group holds a `/` (`{a,b/c}`), or a negated one may stand for several segments or none (`!(a)/**`), the
 * segments cannot be told apart: from there on anything may follow.
 */
function wholeSegments(glob: string): string[] {
  const parts = glob.split('/').map((part) => (part.includes('**') ? '**' : part));
  const torn = parts.findIndex((part) => !isBalanced(part) || part.includes('!('));
  return torn === -1 ? parts : [...parts.slice(0, torn), '**'];
}

const isBalanced = (part: string): boolean =>
  [/\{/g, /\(/g, /\[/g].every((open, i) => {
    const close = [/\}/g, /\)/g, /\]/g][i] ?? open;
    return (part.match(open)?.length ?? 0) === (part.match(close)?.length ?? 0);
  });

/** reachable[j]: the segments of `a` so far can stand for the first j of `b`. */
function segmentsOverlap(a: readonly string[], b: readonly string[]): boolean {
  let reachable = firstRow(b);
  for (const part of a) {
    const next = Array.from<boolean>({ length: b.length + 1 });
    next[0] = part === '**' && reachable[0] === true;
    for (let j = 1; j <= b.length; j += 1)
      next[j] = canStand(part, b[j - 1] ?? '', [reachable[j - 1], reachable[j], next[j - 1]]);
    if (!next.includes(true)) return false;
    reachable = next;
  }
  return reachable[b.length] === true;
}

function firstRow(b: readonly string[]): boolean[] {
  const row = [true];
  for (const [i, part] of b.entries()) row.push(part === '**' && row[i] === true);
  return row;
}

/** From the three neighbours: both move on, `b` waits while `a` moves, `a` waits while `b` moves. */
function canStand(one: string, other: string, [both, up, left]: readonly (boolean | undefined)[]): boolean {
  if (one === '**' && (left === true || up === true || both === true)) return true;
  if (other === '**' && (up === true || left === true || both === true)) return true;
  return both === true && namesOverlap(one, other);
}

function namesOverlap(one: string, other: string): boolean {
  if (one === other) return true;
  if (isLiteral(one) && isLiteral(other)) return false;
  if (isLiteral(one)) return matchesName(other, one);
  if (isLiteral(other)) return matchesName(one, other);
  return edgesAgree(one, other);
}

const matchesName = (glob: string, name: string): boolean => picomatch.isMatch(name, glob, { dot: true, nocase: true });

/** `*.ts` and `*.md` end differently, `a*` and `b*` start differently; anything else may agree. */
function edgesAgree(one: string, other: string): boolean {
  const [head, otherHead] = [headOf(one), headOf(other)];
  if (!head.startsWith(otherHead) && !otherHead.startsWith(head)) return false;
  const [tail, otherTail] = [tailOf(one), tailOf(other)];
  return tail.endsWith(otherTail) || otherTail.endsWith(tail);
}

const headOf = (glob: string): string => /^[^*?[\]{}()!+@"|]*/.exec(glob)?.[0] ?? '';
const tailOf = (glob: string): string => /[^*?[\]{}()!+@"|]*$/.exec(glob)?.[0] ?? '';
