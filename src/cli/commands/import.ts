import { resolve } from 'node:path';
import { type Account, importFrom, isRefused } from '../../engine/plans/import.ts';
import type { Repository } from '../../git/repository.ts';
import { ok, type Result } from '../../model/failure.ts';
import { type Call, type Command, inRepository } from '../call.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { accountData, accountLines, problemLines } from '../shown/import-account.ts';
import { count } from '../shown/text.ts';

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
  const read = await importFrom(resolve(call.cwd, call.positionals[0] ?? '.'), {
    root: repository.root,
    dry: options['dry-run'] === true,
    force: options.force === true,
  });
  if (!read.ok) return read;
  const { accounts, ignored } = read.value;
  if (options.json) terminal.print(JSON.stringify({ imported: accounts.map(accountData), ignored }));
  else tell(call, accounts, ignored);
  const isBad = accounts.some(
    ({ imported, target }) => isRefused(imported) || target?.written === 'differs' || target?.written === 'taken',
  );
  return ok(isBad ? EXIT.invalid : EXIT.merged);
}

function tell({ terminal }: Call, accounts: readonly Account[], ignored: readonly string[]): void {
  for (const account of accounts) {
    terminal.print(...accountLines(account));
    terminal.note(...problemLines(account.imported));
  }
  const isOk = ({ imported }: Account): boolean => !isRefused(imported);
  const refused = accounts.length - accounts.filter(isOk).length;
  const files = accounts.filter(isOk).flatMap(({ imported }) => imported.files).length;
  const passed = ignored.length === 0 ? '' : `, ${count(ignored.length, 'other file')} passed over`;
  terminal.print('', `${count(files, 'file')} read, ${refused} refused${passed}`);
}
