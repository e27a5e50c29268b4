import type { CommandId } from '../contributions.ts';
import type { RunSession } from '../../engine/session.ts';
import type { Mark } from '../words.ts';
import type { Target } from '../target.ts';

/** One row of the tree. It keeps no state: it is drawn from the run each time. */
export interface Row {
  /** Stays the same as long as the thing it shows. */
  id: string;
  target: Target;
  draw(): Drawing;
  /** Empty for a leaf. */
  children(): readonly Row[];
}

/** Plain data, so that a row can be compared with what is on the screen, and looked at by a test. */
export interface Drawing {
  label: string;
  description?: string;
  mark: Mark;
  /** What can be done with it; `when` clauses of the manifest look for these words. */
  can: readonly Ability[];
  fold: 'leaf' | 'closed' | 'open';
  /** On a click. */
  command?: CommandId;
}

export type Ability =
  | 'approve'
  | 'question'
  | 'permission'
  | 'permissionAlways'
  | 'tellable'
  | 'steerable'
  | 'taken'
  | 'manual'
  | 'resumable'
  | 'pausable'
  | 'cancellable'
  | 'undoable'
  | 'troubled'
  | 'retriable'
  | 'skippable'
  | 'terminal'
  | 'diff'
  | 'worktree'
  | 'result'
  | 'pushable'
  | 'requestable'
  | 'hosted'
  | 'mendable'
  | 'onForge'
  | 'planned'
  | 'run';

/** The part of a session that rows look at. */
export type Shown = Pick<RunSession, 'state' | 'role' | 'ref'>;

/** Ids of rows are lists, so that no task id can look like another row. */
export const rowId = (...parts: readonly (string | number)[]): string => JSON.stringify(parts);

const MOST_CHILDREN = 200;

/**
 * A row for each; past 200 of them, groups of 200, whose rows are made when one is open: the editor draws long lists slowly
 * and nobody reads them.
 */
export function grouped<T>(id: string, target: Target, all: readonly T[], rowOf: (one: T) => Row): readonly Row[] {
  if (all.length <= MOST_CHILDREN) return all.map(rowOf);
  const groups: Row[] = [];
  for (let from = 0; from < all.length; from += MOST_CHILDREN) {
    const part = all.slice(from, from + MOST_CHILDREN);
    groups.push({
      id: rowId(id, 'group', from),
      target,
      draw: () => ({
        label: `${from + 1} – ${from + part.length}`,
        mark: { icon: 'list-unordered' },
        can: [],
        fold: 'closed',
      }),
      children: () => part.map(rowOf),
    });
  }
  return groups;
}

/** A row without children. */
export const leaf = (id: string, target: Target, draw: () => Omit<Drawing, 'fold'>): Row => ({
  id,
  target,
  draw: () => ({ ...draw(), fold: 'leaf' }),
  children: () => [],
});
