import { ok, type Result } from '../model/failure.ts';
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
  const env = { ...context.env };
  for (const role of ['AUTHOR', 'COMMITTER']) {
    env[`GIT_${role}_NAME`] = cleanName(author.name) || 'Orchestrate';
    env[`GIT_${role}_EMAIL`] = cleanName(author.email) || 'orchestrate@localhost';
    env[`GIT_${role}_DATE`] = `@${dateOf(date)}`;
  }
  const args = ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent])];
  const made = await git(args, { ...context, env, input: ended(message) });
  return made.ok ? ok(made.value.trim()) : made;
}

/** git's raw date: seconds and zone. */
export const dateOf = (milliseconds: number): string => `${Math.floor(milliseconds / 1000)} +0000`;

/** What would break the line of a commit that names its author. */
export const cleanName = (name: string): string => name.replaceAll(/[<>\n\0]/g, '').trim();

export const ended = (message: string): string => (message.endsWith('\n') ? message : `${message}\n`);
