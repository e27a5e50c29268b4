import { emptyTrash, listTrash, restoreFromTrash } from '../../git/bin.ts';
import type { TrashEntry } from '../../git/trash.ts';
import type { Repository } from '../../git/repository.ts';
import { ok, refuse, type Result } from '../../model/failure.ts';
import { meant } from '../../model/text/nearest.ts';
import { type Call, type Command, inRepository } from '../call.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { count, plain } from '../shown/text.ts';

export const trash: Command = {
  summary: 'what was removed and is kept: list, restore <id>, empty',
  more: `list              what is there, newest last (also without a word)
restore <id>      put it back where it was, or beside it
empty             delete what a branch holds as well; with --force the rest too, which then is lost`,
  places: ['[list|restore|empty]', '[id]'],
  options: ['json', 'force'],
  run: (call) => inRepository(call, (repository) => sortOut(call, repository)),
};

async function sortOut(call: Call, repository: Repository): Promise<Result<ExitCode>> {
  const [verb = 'list', id] = call.positionals;
  switch (verb) {
    case 'list':
      return list(call, repository);
    case 'restore':
      return id === undefined ? refuse('restore needs an id: orchestrate trash list') : restore(call, repository, id);
    case 'empty':
      return empty(call, repository);
    default:
      return refuse(`trash knows list, restore and empty, not "${verb}".${meant(verb, ['list', 'restore', 'empty'])}`);
  }
}

async function list({ terminal, options }: Call, repository: Repository): Promise<Result<ExitCode>> {
  const entries = await listTrash(repository);
  if (!entries.ok) return entries;
  if (options.json) terminal.print(JSON.stringify(entries.value, undefined, 2));
  else if (entries.value.length === 0) terminal.print('The trash is empty.');
  else terminal.print(...entries.value.map(entryLine));
  return ok(EXIT.merged);
}

const entryLine = ({ id, when, what, path }: TrashEntry): string =>
  `${plain(id)}  ${new Date(when).toISOString().slice(0, 16).replace('T', ' ')}  ${plain(what)}  (${plain(path)})`;

async function restore({ terminal }: Call, repository: Repository, id: string): Promise<Result<ExitCode>> {
  const restored = await restoreFromTrash(repository, id);
  if (!restored.ok) return restored;
  terminal.print(`restored to ${plain(restored.value)}`);
  return ok(EXIT.merged);
}

async function empty({ terminal, options }: Call, repository: Repository): Promise<Result<ExitCode>> {
  const emptied = await emptyTrash(repository, { force: options.force === true });
  if (!emptied.ok) return emptied;
  const { removed, refused } = emptied.value;
  terminal.print(`deleted ${count(removed.length, 'entry', 'entries')}`);
  if (refused.length === 0) return ok(EXIT.merged);
  const kept = count(refused.length, 'entry is', 'entries are');
  return refuse(`${kept} kept, for no branch holds what is in them. To lose them: orchestrate trash empty --force`);
}
