import type { Protection } from '../config/config.ts';
import type { Task } from '../plan/plan.ts';
import { PRD_FILE } from '../plan/prd.ts';
import type { Finding } from '../run/event.ts';
import { finding } from '../run/finding.ts';
import type { RunState } from '../run/state.ts';
import { coverage } from '../schedule/scope.ts';
import type { Assignment } from './assignment.ts';
import { plainRole } from './role.ts';

/** Who may change a protected file when a person was asked, or is the one who works. */
const PERSON = 'person';

/** What bounds an attempt beside its own scope. */
export interface Boundary {
  task: Pick<Task, 'scope' | 'role' | 'agent'>;
  who: Pick<Assignment, 'name' | 'role' | 'manual' | 'mayChange'>;
  protections: readonly Protection[];
  /** Files and folders that say what its work is judged by. */
  criteria: readonly string[];
}

/** What an attempt changed that is not its to change: refused, or a person's to allow. */
export function crossed(paths: readonly string[], boundary: Boundary): Finding[] {
  const { who, criteria } = boundary;
  const { refused, asked } = protectedFrom(boundary);
  const isJudge = coverage(criteria);
  const mayChange = who.mayChange && coverage(who.mayChange.files);
  const allowed = who.mayChange?.files.join(', ') ?? '';
  return [
    ...finding(
      'criteriaChanged',
      paths.filter((path) => isJudge(path) && !isNamed(boundary, path)),
      'Changes what it is judged by',
    ),
    ...finding('protectedFile', paths.filter(coverage(refused)), 'Changes protected files'),
    ...finding(
      'protectedByPerson',
      paths.filter(coverage(asked)),
      'Changes files that only a person may let it change',
    ),
    ...finding(
      'outsideRole',
      mayChange ? paths.filter((path) => !mayChange(path)) : [],
      `The role "${who.mayChange?.role ?? ''}" may change only ${allowed}`,
    ),
  ];
}

/** The globs it must leave alone, and those for which a person is asked. */
export function protectedFrom({ task, who, protections }: Pick<Boundary, 'task' | 'who' | 'protections'>): {
  refused: string[];
  asked: string[];
} {
  const names = new Set([who.name, who.role, task.role, task.agent].map((word) => plainRole(word ?? '')));
  const isAllowed = (word: string): boolean => (word === PERSON ? who.manual : names.has(plainRole(word)));
  const closed = protections.filter(({ by }) => !by.some(isAllowed));
  const [asked, refused] = [true, false].map((asks) =>
    closed.filter(({ by }) => by.includes(PERSON) === asks).map(({ files }) => files),
  );
  return { refused: refused ?? [], asked: asked ?? [] };
}

/** A task whose scope names such a file, and no pattern, is there to change it. */
const isNamed = ({ task: { scope = [] } }: Boundary, path: string): boolean => scope.includes(path);

/** The boundary of a task of a run. */
export const boundaryOf = (state: RunState, task: Task): Boundary => ({
  task,
  who: state.agents[task.id] ?? { name: '', manual: false },
  protections: state.config.protected ?? [],
  criteria: state.planning ? [] : judgedBy(state),
});

/** The files that say what a run's work is judged by; of Orchestra, all of its milestone. */
function judgedBy({ plan: { origin }, planFile, requirements }: RunState): string[] {
  const asked = requirements.length > 0 ? [PRD_FILE] : [];
  if (!origin) return [planFile, ...asked];
  if (origin.format === 'orchestra-milestone') return [planFile, origin.file.replace(/\/[^/]*$/, ''), ...asked];
  return [planFile, origin.file, ...Object.values(origin.sources), ...asked];
}
