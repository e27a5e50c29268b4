import type { ResumeState } from './context.ts';
import type { Milestone } from './milestone.ts';
import type { Phase } from './phase.ts';

/** A milestone as far as it says whether something comes before its phases. */
export interface Begun {
  phases: readonly Phase[];
  resume?: ResumeState;
}

/** Whether a task that no phase asks for may still come first: one that was begun stays, and phases that were begun without it go on without. */
export function mayOpen(id: string, { phases, resume }: Begun): boolean {
  if (phases.length === 0 || phases.some((phase) => phase.id === id)) return false;
  const known = new Map(resume?.phases.map((phase) => [phase.id, phase.status]));
  return known.has(id) || phases.every((phase) => (known.get(phase.id) ?? phase.status) === 'pending');
}

type Own = Pick<Phase, 'id' | 'title' | 'complexity' | 'role' | 'scope' | 'acceptanceCriteria' | 'references' | 'body'>;

/** A task before the phases of a milestone, as if it were one of them. */
export const opener = (folder: string, { line }: Milestone, own: Own): Phase => ({
  ...own,
  file: `${folder}/milestone.md`,
  status: 'pending',
  statusLine: line,
  order: 0,
  skills: [],
  scopeLine: line,
  more: {},
  repairs: [],
  problems: [],
});
