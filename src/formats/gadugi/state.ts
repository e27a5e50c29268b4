import type { Path, Problem } from '../../model/text/problem.ts';
import { problem } from '../../model/text/yaml-text.ts';
import { placeIn } from '../draft.ts';
import type { StateFile } from '../documents.ts';
import { type Imported, nothingSaid, type SourceFile } from '../imported.ts';
import { readTolerantJson } from '../text/tolerant-json.ts';
import { isMapping, mappingAt, textOf } from '../../model/text/values.ts';

/** Reads worktree_state.json or process_registry.json; what is known to be wrong in them is said and not believed. */
export function readGadugiState({ path: file, text }: SourceFile): Imported {
  const base = { format: 'gadugi-state' as const, files: [file], ...nothingSaid };
  const { json, repairs, problems } = readTolerantJson(text, file);
  if (!json) return { ...base, repairs, problems };
  const kind = KINDS.find((one) => isMapping(mappingOf(json.value)[one]));
  if (!kind) {
    const message = 'This has no mapping "worktrees" and none "processes": it is no state of gadugi.';
    return { ...base, repairs, problems: [problem(file, json.rangeAt([]), message)] };
  }
  const raw = Object.entries(mappingAt(json.value, kind));
  const said: Problem[] = raw
    .filter(([, value]) => !isMapping(value))
    .map(([key]) => problem(file, json.rangeAt([kind, key]), `"${key}" is no mapping: it says nothing.`, 'warning'));
  const entries = raw.map(([key, value]) => {
    const entry = entryOf(key, value, kind);
    if (entry.doubt !== undefined)
      said.push(problem(file, json.keyRangeAt([kind, key]), `"${key}": ${entry.doubt}`, 'warning'));
    return entry;
  });
  return {
    ...base,
    state: { kind, entries },
    repairs,
    problems: said,
    origin: (path: Path) => placeIn(file, json.rangeAt(path)),
  };
}

const KINDS = ['worktrees', 'processes'] as const;

const mappingOf = (value: unknown): Record<string, unknown> => (isMapping(value) ? value : {});

function entryOf(key: string, value: unknown, kind: StateFile['kind']): StateFile['entries'][number] {
  const word = (name: string): string | undefined => (isMapping(value) ? textOf(value[name]) : undefined);
  const status = word('status') ?? '';
  const doubt =
    kind === 'worktrees'
      ? worktreeDoubt(status, word('pid'))
      : processDoubt(status, word('error_message'), word('pid'));
  const more = {
    branch: word('branch_name'),
    path: word('worktree_path') ?? word('working_directory'),
    promptFile: word('prompt_file'),
    doubt,
  };
  return {
    id: word('task_id') ?? key,
    name: word('task_name') ?? '',
    status,
    ...Object.fromEntries(Object.entries(more).filter(([, part]) => part !== undefined)),
  };
}

/** Nothing ever takes "active" back: git knows which worktrees there are. */
function worktreeDoubt(status: string, pid: string | undefined): string | undefined {
  if (status !== 'active' && status !== 'cleaning') return undefined;
  return `the status "${status}" is not believed${pid === undefined ? ', no process was noted for it' : ''}; ask git which worktrees there are.`;
}

/** Without a process id a heartbeat cannot be seen, and the error of a missing one stays after success. */
function processDoubt(status: string, error: string | undefined, pid: string | undefined): string | undefined {
  if (error !== undefined && status === 'completed')
    return `"${error}" is not believed: the task is completed, and the message of an earlier check was never cleared.`;
  if ((status === 'failed' || status === 'timeout') && pid === undefined && /heartbeat|unresponsive/i.test(error ?? ''))
    return `"${status}" is not believed: no process was noted, so none could answer.`;
  if (status === 'running' && pid === undefined) return '"running" is not believed: no process was noted for it.';
  return undefined;
}
