/** What an agent asks leave for. `id` is unique in its job. */
export interface Permission {
  id: string;
  /** The kind of tool, as the Agent Client Protocol names it: read, edit, execute, fetch, … */
  tool: string;
  title: string;
  /** What exactly it will do: a command, a change; may have many lines. */
  detail: string;
  paths: readonly string[];
  options: readonly PermissionOption[];
}

export interface PermissionOption {
  id: string;
  kind: 'allow_once' | 'allow_always' | 'reject_once' | 'reject_always';
  name: string;
}

/** What needs no asking: nothing at all, what stays in the worktree, or everything. */
export type Leave = 'ask' | 'allow-in-worktree' | 'allow';

/** Which leave each kind of tool has; `other` for what is none of the others. */
export type PermissionPolicy = Readonly<Record<'read' | 'edit' | 'execute' | 'fetch' | 'other', Leave>>;

export const DEFAULT_POLICY: PermissionPolicy = {
  read: 'allow-in-worktree',
  edit: 'allow-in-worktree',
  execute: 'ask',
  fetch: 'ask',
  other: 'ask',
};

/**
 * The option that the policy takes without asking anybody: never more than this once. Undefined where a person decides:
 * also where a tool does not say what it touches, and where there is no leave for just once.
 */
export function leaveFor(
  policy: PermissionPolicy,
  { tool, paths, options }: Permission,
  isInside: (path: string) => boolean,
): string | undefined {
  const leave = policy[KINDS[tool] ?? 'other'];
  const inside = paths.length > 0 && paths.every(isInside);
  if (leave !== 'allow' && !(leave === 'allow-in-worktree' && inside)) return undefined;
  return options.find(({ kind }) => kind === 'allow_once')?.id;
}

const KINDS: Readonly<Record<string, keyof PermissionPolicy>> = {
  read: 'read',
  search: 'read',
  edit: 'edit',
  delete: 'edit',
  move: 'edit',
  execute: 'execute',
  fetch: 'fetch',
};

/** A permission's options as a person's choices: few words that are the same for all agents, in a steady order. */
export function choicesOf({ options }: Permission): { id: string; label: string; option: string }[] {
  const taken = new Map<string, number>();
  return ORDER.flatMap((kind) => options.filter((option) => option.kind === kind)).map(({ id, kind, name }) => {
    const count = (taken.get(kind) ?? 0) + 1;
    taken.set(kind, count);
    const word = WORDS[kind];
    return count === 1
      ? { id: word.id, label: kind === 'allow_always' && name !== '' ? name : word.label, option: id }
      : { id: `${word.id}-${count}`, label: name || `${word.label} (${count})`, option: id };
  });
}

/** `touch a.md`, `cd src (and 2 more lines)`: nobody allows in a line what goes on below it. */
export function permissionText({ title, detail }: Permission): string {
  const more = detail.split('\n').length - 1;
  return more > 0 ? `${title} (and ${more} more ${more === 1 ? 'line' : 'lines'})` : title;
}

const ORDER = ['allow_once', 'allow_always', 'reject_once', 'reject_always'] as const;

const WORDS: Readonly<Record<PermissionOption['kind'], { id: string; label: string }>> = {
  allow_once: { id: 'allow', label: 'Allow once' },
  allow_always: { id: 'always', label: 'Allow always' },
  reject_once: { id: 'reject', label: 'Reject' },
  reject_always: { id: 'never', label: 'Reject always' },
};
