import { entriesOf, type TextFile } from './document.ts';

/** What orchestrate.yaml gives names to, also while it is being written. */
export interface ConfigNames {
  gates: readonly string[];
  /** Role → agent. */
  roles: Readonly<Record<string, string>>;
  /** The agent of tasks that name none. */
  agent?: string;
}

export function configNames(text: string): ConfigNames {
  const file: TextFile = { kind: 'config', path: 'orchestrate.yaml', text };
  const keyed = entriesOf(file).filter(({ key }) => key);
  const below = (...path: string[]) =>
    keyed.filter((entry) => entry.path.length === path.length + 1 && path.every((part, i) => part === entry.path[i]));
  const agent = below('agents').find(({ path }) => path[1] === 'default')?.word;
  return {
    gates: below('gates').map(({ path }) => String(path[1])),
    roles: Object.fromEntries(below('agents', 'roles').map(({ path, word }) => [String(path[2]), word ?? ''])),
    ...(agent ? { agent } : {}),
  };
}
