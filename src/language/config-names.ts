import { keysAt, type TextFile } from './document.ts';

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
  const agent = keysAt(file, ['agents']).find(({ path }) => path[1] === 'default')?.word;
  return {
    gates: keysAt(file, ['gates']).map(({ path }) => String(path[1])),
    roles: Object.fromEntries(keysAt(file, ['agents', 'roles']).map(({ path, word }) => [String(path[2]), word ?? ''])),
    ...(agent ? { agent } : {}),
  };
}
