import type { TextFile } from './document.ts';
import { type Mention, mentionAt, mentionsOf } from './mentions.ts';

/** Ids that mean the same with and without quotes, wherever they stand. */
const PLAIN = /^[\p{L}_][\p{L}\p{N}_.-]*$/u;

/** What keeps a task from having this name; undefined when nothing does. */
export type Refusal = { kind: 'noTask' } | { kind: 'notPlain' } | { kind: 'taken'; name: string };

/**
 * Every place to write the new id at, or why not. All of them are in the plan: a PRD names no task, and what else lies
 * beside a plan and does (logs, evidence, registries) tells of runs that were.
 */
export function renameTask(file: TextFile, offset: number, name: string): readonly Mention[] | Refusal {
  const old = mentionAt(file, offset)?.task;
  if (old === undefined) return { kind: 'noTask' };
  if (!PLAIN.test(name)) return { kind: 'notPlain' };
  const mentions = mentionsOf(file);
  if (name !== old && mentions.some(({ task, defines }) => defines && task === name)) return { kind: 'taken', name };
  return mentions.filter(({ task }) => task === old);
}
