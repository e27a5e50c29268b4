import { randomUUID } from 'node:crypto';
import { ok, type Result } from '../model/failure.ts';
import { cleanName, dateOf, ended, type Author } from './commit.ts';
import type { Delta } from './delta.ts';
import { git, type GitOptions } from './run.ts';

export interface Union {
  onto: string;
  /** Apart from each other and from what `onto` has beyond their bases: the caller made sure. */
  deltas: readonly Delta[];
  message: string;
  author: Author;
  date: number;
}

/**
 * One commit with all changes and all parents, by one fast-import: it reads and writes only the trees on the way
 * to what changed, where an index would hold every file. Gives the commit's oid.
 */
export async function commitUnion(context: GitOptions, union: Union): Promise<Result<string>> {
  const told = await git(['fast-import', '--quiet', '--done', '--date-format=raw'], {
    ...context,
    input: script(union, `refs/unions/${randomUUID()}`),
    bytes: true,
  });
  return told.ok ? ok(told.value.trim()) : told;
}

/** The ref exists only while the commit is made: who asked for it writes one in the real repository. */
function script({ onto, deltas, message, author, date }: Union, ref: string): string {
  const who = bytes(
    `${cleanName(author.name) || 'Orchestrate'} <${cleanName(author.email) || 'orchestrate@localhost'}> ${dateOf(date)}`,
  );
  const text = bytes(ended(message));
  const entries = deltas.flatMap((delta) => delta.entries);
  const none = '0'.repeat(onto.length);
  return [
    `commit ${ref}`,
    'mark :1',
    `author ${who}`,
    `committer ${who}`,
    `data ${text.length}`,
    text.replace(/\n$/, ''),
    `from ${onto}`,
    ...deltas.map(({ commit }) => `merge ${commit}`),
    ...entries.filter(({ mode }) => mode === GONE).map(({ path }) => `D ${quoted(path)}`),
    ...entries.filter(({ mode }) => mode !== GONE).map(({ mode, oid, path }) => `M ${mode} ${oid} ${quoted(path)}`),
    'get-mark :1',
    `reset ${ref}`,
    `from ${none}`,
    '',
    'done',
    '',
  ].join('\n');
}

const GONE = '000000';

const bytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

const quoted = (path: string): string =>
  `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
