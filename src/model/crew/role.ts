import type { Task } from '../plan/plan.ts';

/** What a tracked file `.orchestrate/agents/<role>.md` says beside its text. */
export interface RoleFile {
  name: string;
  /** Its path in the repository. */
  file: string;
  agent?: string;
  model?: string;
  effort?: string;
  skills: readonly string[];
  readOnly: boolean;
  /** Globs of all that it may change. */
  mayChange?: readonly string[];
}

/** A tracked file `.orchestrate/skills/<name>.md`: what an agent is told when a task is about it. */
export interface SkillFile {
  name: string;
  /** Its path in the repository. */
  file: string;
  /** Words of which one in a task is enough. */
  keywords: readonly string[];
}

/** The role of an agent that is a gate. */
export const REVIEWER = 'reviewer';

/** The role that tries what was built. */
export const TESTER = 'browser-tester';

/** Roles that look and report, and change nothing. */
export const READ_ONLY: ReadonlySet<string> = new Set([REVIEWER]);

/** Other names of the roles there are. */
const ALIASES: Readonly<Record<string, string>> = {
  critic: 'reviewer',
  'documentation-writer': 'documentation',
  'backend-engineer': 'implementer',
  'frontend-engineer': 'implementer',
  architect: 'implementer',
  adaptive: 'implementer',
};

/** `gem-documentation-writer` and `Documentation` are one role. */
export function plainRole(word: string): string {
  const plain = word.toLowerCase().replace(/^gem-/, '');
  return ALIASES[plain] ?? plain;
}

/** The role of a task: as it says, else by what it is to bring about. `agent` counts where it names no adapter. */
export function roleOf(
  { role, agent, produces }: Pick<Task, 'role' | 'agent' | 'produces'>,
  isAdapter: boolean,
): string {
  const word = role ?? (isAdapter ? undefined : agent);
  return word === undefined ? (produces === 'report' ? 'researcher' : 'implementer') : plainRole(word);
}

/** Skills beyond these would only dilute each other. */
const MOST_BY_KEYWORD = 4;

/** The names of those that the task and its role name, then of those of which a keyword stands in the task. */
export function skillsFor(
  task: Pick<Task, 'title' | 'description' | 'acceptanceCriteria' | 'skills'>,
  ofRole: readonly string[],
  there: readonly SkillFile[],
): string[] {
  const named = [...(task.skills ?? []), ...ofRole];
  const text = [task.title, task.description, ...task.acceptanceCriteria].join('\n');
  const matching = there.filter(
    ({ name, keywords }) => !named.includes(name) && keywords.some((word) => says(text, word)),
  );
  return [...new Set([...named, ...matching.slice(0, MOST_BY_KEYWORD).map(({ name }) => name)])];
}

/** As whole words, whatever the case. */
function says(text: string, words: string): boolean {
  const escaped = words.trim().replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return escaped !== '' && new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'iu').test(text);
}
