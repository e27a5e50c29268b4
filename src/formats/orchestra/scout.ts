import { at, type Problem } from '../../model/text/problem.ts';
import { problem } from '../../model/text/yaml-text.ts';
import type { SourceFile } from '../imported.ts';
import type { Milestone } from './milestone.ts';
import { type Begun, mayOpen, opener } from './opener.ts';
import type { Phase } from './phase.ts';

/**
 * The codebase map of a large milestone, `codebase-map.md` in its folder: what is where, found out once by a scout so that
 * each phase need not. A milestone that has one in its context.md needs no other.
 */
export interface Scouted {
  /** The map as the phases are told to read it. */
  map?: { path: string; description: string };
  /** What makes it, where there is none yet. */
  scout?: Phase;
  said: Problem[];
}

/** What a milestone is looked at by, to tell whether it is large. */
export interface Surveyed extends Begun {
  milestone: Milestone;
  source: SourceFile;
  files: readonly SourceFile[];
}

/** The map of a milestone that has one or needs one. */
export function scouted(folder: string, { milestone, source, files, ...begun }: Surveyed): Scouted {
  const { phases, resume } = begun;
  const path = `${folder}/codebase-map.md`;
  if (files.some((file) => file.path === path)) return { map: { path, description: 'what is where' }, said: [] };
  if ((resume?.codebaseMap ?? '') !== '' || !isLarge(phases) || !mayOpen(SCOUT, begun)) return { said: [] };
  const words = 'The milestone is large and has no codebase map: a scout makes one first, and each phase reads it.';
  return {
    map: { path, description: 'what is where; not there where the scout found nothing' },
    scout: scoutFor(folder, path, { milestone, phases }),
    said: [problem(source.path, at(1), words, 'info')],
  };
}

const SCOUT = 'codebase-map';

/** From so many on, of either, a milestone is large: Orchestra's own numbers. */
const LARGE = { files: 20, folders: 3 };

function isLarge(phases: readonly Phase[]): boolean {
  const paths = new Set(phases.flatMap(({ scope }) => scope ?? []).filter((path) => !path.startsWith('.orchestra/')));
  return paths.size >= LARGE.files || new Set(Array.from(paths, folderOf)).size >= LARGE.folders;
}

/** Of `src/store/a.ts`, `src/store/` and `src/store/*.ts` all `src/store`. */
const folderOf = (path: string): string => path.replace(/[*?{[].*$/s, '').replace(/\/?[^/]*$/, '');

function scoutFor(folder: string, file: string, { milestone, phases }: Pick<Surveyed, 'milestone' | 'phases'>): Phase {
  return opener(folder, milestone, {
    id: SCOUT,
    title: `Describe what is where: ${milestone.title}`,
    complexity: 'trivial',
    role: 'researcher',
    scope: [file],
    acceptanceCriteria: ['Each line is a path that is there, and what it is for', 'At most 30 lines'],
    references: phases.map((phase) => phase.file),
    body: `Write ${file}: a map of the code that the phases of this milestone touch, for those who do them. A line for each
file or folder that matters, \`path: what it is for\`, what they build on and what tests it among them. At most 30 lines:
what helps most comes first. Files that the phases are to make are not there yet. Change nothing else.

What they may change:
${phases
  .map(({ id, title, scope = [] }) => `- ${id}: ${title}${scope.length > 0 ? ` (${scope.join(', ')})` : ''}`)
  .join('\n')}`,
  });
}
