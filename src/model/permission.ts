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

const ORDER = ['allow_once', 'allow_always', 'reject_once', 'reject_always'] as const;

const WORDS: Readonly<Record<PermissionOption['kind'], { id: string; label: string }>> = {
  allow_once: { id: 'allow', label: 'Allow once' },
  allow_always: { id: 'always', label: 'Allow always' },
  reject_once: { id: 'reject', label: 'Reject' },
  reject_always: { id: 'never', label: 'Reject always' },
};
