import type { Change } from './changes.ts';

/** `3 tasks (1 added, 2 changed)`. */
export function changesInShort(changes: readonly Change[]): string {
  const parts = (['added', 'changed', 'removed'] as const).flatMap((kind) => {
    const count = changes.filter((change) => change.kind === kind).length;
    return count === 0 ? [] : [`${count} ${kind}`];
  });
  if (parts.length === 0) return 'its tasks are the same';
  return `${changes.length} ${changes.length === 1 ? 'task' : 'tasks'} (${parts.join(', ')})`;
}

/** A change as a diff would show it: a line for the task, and one for each field with what it said and says. */
export function changeLines(change: Change): readonly string[] {
  const { kind, task, title } = change;
  const stays = kind === 'added' ? undefined : change.stays;
  const head = `${SIGN[kind]} ${task}: ${title}${stays === undefined ? '' : ` (${stays === 'merged' ? 'is merged' : 'has begun'}: stays as it was)`}`;
  if (kind !== 'changed') return [head];
  return [head, ...change.fields.map(({ field, from, to }) => `    ${nameOf(field)}: ${short(from)} → ${short(to)}`)];
}

const SIGN = { added: '+', changed: '~', removed: '-' } as const;

/** As the file calls it. */
const nameOf = (field: string): string => field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const LONGEST = 200;

function short(value: unknown): string {
  const text = value === undefined ? 'nothing' : typeof value === 'string' ? value.trim() : JSON.stringify(value);
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line || 'nothing';
}
