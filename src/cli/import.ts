import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { CONFIG_FILE } from '../engine/runs.ts';
import type { Repository } from '../git/repository.ts';
import type { Imported } from '../formats/imported.ts';
import { importFiles } from '../formats/registry.ts';
import { readConfig } from '../model/config-reader.ts';
import { fail, ok, type Result } from '../model/failure.ts';
import { slug } from '../model/names.ts';
import { ioFailure, systemError } from '../process/durable-now.ts';
import { writeDurably } from '../process/durable.ts';
import { type Call, type Command, inRepository } from './call.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { type Account, accountData, accountLines, isRefused, problemLines, type Written } from './import-account.ts';
import { readFiles } from './import-files.ts';
import { count } from './text.ts';

export const importPlans: Command = {
  summary: 'read plans of other systems and write them as docs/plan/<id>/plan.yaml',
  more: `Reads plans of gem-team, LLM-native plans, prompt files and .orchestra folders, a file or all in a folder, and says what
was repaired, recomputed and kept. A plan that is there and differs is left alone, unless --force is given.

Ends with 0, or 2 where something cannot be read: standard error has file:line:column.`,
  places: ['<file|folder>'],
  options: ['dry-run', 'json', 'force'],
  run: (call) => inRepository(call, (repository) => importInto(call, repository)),
};

async function importInto(call: Call, repository: Repository): Promise<Result<ExitCode>> {
  const { terminal, options } = call;
  const read = await readAccounts(call, repository.root);
  if (!read.ok) return read;
  const { accounts, ignored } = read.value;
  if (options.json) terminal.print(JSON.stringify({ imported: accounts.map(accountData), ignored }));
  else tell(call, accounts, ignored);
  const isBad = accounts.some(
    ({ imported, target }) => isRefused(imported) || target?.written === 'differs' || target?.written === 'taken',
  );
  return ok(isBad ? EXIT.invalid : EXIT.merged);
}

async function readAccounts(
  call: Call,
  root: string,
): Promise<Result<{ accounts: Account[]; ignored: readonly string[] }>> {
  const files = await readFiles(resolve(call.cwd, call.positionals[0] ?? '.'), root);
  if (!files.ok) return files;
  const gates = await gatesOf(root);
  const { imported, ignored } = importFiles(files.value.files, { ...files.value, gates });
  if (imported.length === 0)
    return fail({ kind: 'refused', reason: 'There is nothing in it that Orchestrate can read.' });
  const written = new Set<string>();
  const accounts: Account[] = [];
  for (const one of imported) {
    const account = await writePlan(one, {
      root,
      dry: call.options['dry-run'] === true,
      force: call.options.force === true,
      written,
    });
    if (!account.ok) return account;
    accounts.push(account.value);
  }
  return ok({ accounts, ignored });
}

function tell({ terminal }: Call, accounts: readonly Account[], ignored: readonly string[]): void {
  for (const account of accounts) {
    terminal.print(...accountLines(account));
    terminal.note(...problemLines(account.imported));
  }
  const refused = accounts.filter(({ imported }) => isRefused(imported)).length;
  const passed = ignored.length === 0 ? '' : `, ${count(ignored.length, 'other file')} passed over`;
  terminal.print('', `${accounts.length - refused} read, ${refused} refused${passed}`);
}

/** Names of the gates of orchestrate.yaml. */
export async function gatesOf(root: string): Promise<string[]> {
  const text = await readFile(join(root, CONFIG_FILE), 'utf8').catch(() => null);
  return readConfig(text, CONFIG_FILE).config?.gates.map(({ name }) => name) ?? [];
}

interface Writing {
  root: string;
  dry: boolean;
  force: boolean;
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
    await mkdir(dirname(path), { recursive: true });
    const done = await writeDurably(path, imported.native);
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
