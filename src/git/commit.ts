import { ok, type Result } from '../model/failure.ts';
import { io } from './files.ts';
import { OID, writeLoose } from './loose.ts';
import { git, type GitOptions } from './run.ts';

export interface Author {
  name: string;
  email: string;
}

export interface CommitOrder {
  tree: string;
  parents: readonly string[];
  message: string;
  author: Author;
  /** Epoch milliseconds; git keeps seconds. */
  date: number;
}

/** Makes a commit that depends on nothing but what is given: the same order, the same oid. */
export async function commitTree(context: GitOptions, order: CommitOrder): Promise<Result<string>> {
  const { tree, parents, message, author, date } = order;
  const name = cleanName(author.name) || 'Orchestrate';
  const email = cleanName(author.email) || 'orchestrate@localhost';
  const objects = context.env?.['GIT_OBJECT_DIRECTORY'];
  if (objects !== undefined && isPlain(order, name, email)) {
    const who = `${name} <${email}> ${dateOf(date)}`;
    const lines = [`tree ${tree}`, ...parents.map((parent) => `parent ${parent}`), `author ${who}`, `committer ${who}`];
    const text = `${lines.join('\n')}\n\n${ended(message)}`;
    const format = tree.length === 64 ? 'sha256' : 'sha1';
    return io(objects, async () => writeLoose(objects, 'commit', Buffer.from(text), format));
  }
  const env = { ...context.env };
  for (const role of ['AUTHOR', 'COMMITTER']) {
    env[`GIT_${role}_NAME`] = name;
    env[`GIT_${role}_EMAIL`] = email;
    env[`GIT_${role}_DATE`] = `@${dateOf(date)}`;
  }
  const args = ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent])];
  const made = await git(args, { ...context, env, input: ended(message) });
  return made.ok ? ok(made.value.trim()) : made;
}

/** Nothing git would look up, refuse or tidy: then its commit is this text and no other. */
function isPlain({ tree, parents, message }: CommitOrder, name: string, email: string): boolean {
  const oids = [tree, ...parents];
  const whole = oids.every((oid) => OID.test(oid)) && new Set(parents).size === parents.length;
  return whole && !message.includes('\0') && [name, email].every((text) => !CRUD.test(text));
}

/** What git cuts off the ends of a name (ident.c, `crud`), or would not have in it. */
const CRUD = /^[\0-\x20.,:;<>"\\']|[\0-\x20.,:;<>"\\']$/;

/** git's raw date: seconds and zone. */
const dateOf = (milliseconds: number): string => `${Math.floor(milliseconds / 1000)} +0000`;

/** What would break the line of a commit that names its author. */
const cleanName = (name: string): string => name.replaceAll(/[<>\n\0]/g, '').trim();

const ended = (message: string): string => (message.endsWith('\n') ? message : `${message}\n`);
