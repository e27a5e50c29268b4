import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Imported } from '../../formats/imported.ts';
import { importFiles } from '../../formats/registry.ts';
import { readConfig } from '../../model/config/reader.ts';
import { fail, ok, type Result } from '../../model/failure.ts';
import { slug } from '../../model/text/names.ts';
import { ioFailure, systemError } from '../../process/durable-now.ts';
import { readFiles } from './import-files.ts';
import { CONFIG_FILE } from '../runs.ts';
import { writeInside } from '../text-file.ts';

/** What became of a plan that was read. */
export type Written = 'wrote' | 'would write' | 'same' | 'differs' | 'taken';

/** One import with where its plan went. */
export interface Account {
  imported: Imported;
  target?: { file: string; written: Written };
}

/** Whether there is nothing in it that could be used. */
export const isRefused = ({ problems }: Imported): boolean => problems.some(({ severity }) => severity === 'error');

/** How an import goes about it. */
export interface Importing {
  /** Top of the checkout that plans are written to. */
  root: string;
  /** Nothing is written: the account says what would be. */
  dry: boolean;
  /** Plans that are there and differ are written over. */
  force: boolean;
}

/** Reads a file or folder of other systems and writes its plans, or says what it would write. */
export async function importFrom(
  path: string,
  how: Importing,
): Promise<Result<{ accounts: Account[]; ignored: readonly string[] }>> {
  const files = await readFiles(path, how.root);
  if (!files.ok) return files;
  const gates = await gatesOf(how.root);
  const { imported, ignored } = importFiles(files.value.files, { ...files.value, gates });
  if (imported.length === 0)
    return fail({ kind: 'refused', reason: 'There is nothing in it that Orchestrate can read.' });
  const written = new Set<string>();
  const accounts: Account[] = [];
  for (const one of imported) {
    const account = await writePlan(one, { ...how, written });
    if (!account.ok) return account;
    accounts.push(account.value);
  }
  return ok({ accounts, ignored });
}

/** Names of the gates of orchestrate.yaml. */
export async function gatesOf(root: string): Promise<string[]> {
  const text = await readFile(join(root, CONFIG_FILE), 'utf8').catch(() => null);
  return readConfig(text, CONFIG_FILE).config?.gates.map(({ name }) => name) ?? [];
}

interface Writing extends Importing {
  /** Files that this call wrote. */
  written: Set<string>;
}

/** Writes the plan of an import, if it has one, and never over a file that says something else, unless it is forced. */
export async function writePlan(imported: Imported, { root, dry, force, written }: Writing): Promise<Result<Account>> {
  if (imported.plan === undefined || imported.native === undefined || isRefused(imported)) return ok({ imported });
  const file = targetOf(imported, imported.plan.id);
  const is = (what: Written): Result<Account> => ok({ imported, target: { file, written: what } });
  if (written.has(file)) return is('taken');
  written.add(file);
  const path = join(root, file);
  try {
    const there = await readFile(path, 'utf8').catch((error: unknown) =>
      systemError(error).code === 'ENOENT' ? undefined : Promise.reject(error),
    );
    if (there !== undefined && sameButStates(there, imported.native)) return is('same');
    if (there !== undefined && !force) return is('differs');
    if (dry) return is('would write');
    const done = await writeInside(file, root, imported.native);
    return done.ok ? is('wrote') : done;
  } catch (error) {
    return fail(ioFailure(path, error));
  }
}

/** A plan that lies where plans lie stays there. */
function targetOf({ files: [source = ''], format }: Imported, id: string): string {
  if (format === 'gem-plan' && /^docs\/plan\/[^/]+\/plan\.ya?ml$/.test(source)) return source;
  const folder = /^\w[\w.-]{0,99}$/.test(id) && !id.endsWith('.') ? id : slug(id);
  return `docs/plan/${folder}/plan.yaml`;
}

/** What a run writes back into a plan makes it no other plan. */
function sameButStates(one: string, other: string): boolean {
  const plain = (text: string): string => text.replaceAll(/^[ \t]*status:.*(?:\r?\n|$)/gm, '');
  return one === other || plain(one) === plain(other);
}
