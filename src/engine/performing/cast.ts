import type { Agent } from '../../agents/agent.ts';
import { agentIn } from '../../agents/all.ts';
import { complexityOf, type Complexity } from '../../analysis/complexity.ts';
import { readPrompt } from '../../analysis/prompt-text.ts';
import { typeOf } from '../../analysis/task-type.ts';
import { type Assignment, modelFor } from '../../model/crew/assignment.ts';
import { AUTO } from '../../model/crew/auto.ts';
import type { Config, RoleSettings } from '../../model/config/config.ts';
import { defined } from '../../model/defined.ts';
import type { Grade } from '../../model/crew/grade.ts';
import { identityOf } from '../../model/crew/identity.ts';
import type { Task } from '../../model/plan/plan.ts';
import { PLATFORM_AGENT, platformOf } from '../../model/crew/platform.ts';
import { JSON_ROLES } from '../../agents/roles.ts';
import { plainRole, READ_ONLY, type RoleFile, roleOf, skillsFor } from '../../model/crew/role.ts';
import type { Library } from './library.ts';

/** What decides who does a task and how. */
export interface Casting {
  config: Config;
  library: Library;
}

/**
 * The adapter that does a task, or `auto`: what the task names, by its role, or the default. Of a task that names
 * nobody and brings a line to run, the shell is meant, unless a default was set.
 */
export function agentFor(
  { agent, role, run }: Pick<Task, 'agent' | 'role' | 'run'>,
  { config, library }: Casting,
): string {
  const direct = agent && adapterOf(config.agents.roles[agent]?.agent ?? agent, config);
  if (direct) return direct;
  const standard = adapterOf(config.agents.default, config) ?? AUTO;
  const word = role ?? agent;
  if (word !== undefined) return roleAgent(word, { config, library }) ?? standard;
  return standard === AUTO && run !== undefined ? 'shell' : standard;
}

function roleAgent(word: string, { config, library }: Casting): string | undefined {
  const named = roleSettings(word, config)?.agent ?? library.roles.get(plainRole(word))?.agent;
  return named === undefined ? undefined : adapterOf(named, config);
}

/** What orchestrate.yaml says of a role, by the word itself or by the plain name of the role. */
const roleSettings = (word: string, { agents }: Config): RoleSettings | undefined =>
  agents.roles[word] ?? Object.entries(agents.roles).find(([role]) => plainRole(role) === plainRole(word))?.[1];

/** The adapter or `auto` that a word means: by its name, or as a platform of another system; else undefined. */
export function adapterOf(word: string, config: Pick<Config, 'agents'>): string | undefined {
  if (word === AUTO || agentIn(config, word)) return word;
  const platform = platformOf(word);
  return platform && PLATFORM_AGENT[platform];
}

/** Everything about a task whose adapter is known. The shell runs a line: it has no role, no model and no skills. */
export function cast(task: Task, name: string, { config, library }: Casting): Assignment {
  const agent = agentIn(config, name);
  const who = { name, manual: agent?.kind === 'manual', ...standing(agent) };
  if (agent?.kind === 'process' && agent.runsLine) return { ...who, ...bounded(task.role, { config, library }) };
  const role = roleOf(task, task.agent === undefined || adapterOf(task.agent, config) !== undefined);
  const file = library.roles.get(role);
  const grade = task.grade ?? gradeOf(task);
  const word = task.role ?? task.agent ?? role;
  const settings = config.agents.settings[name] ?? {};
  const spoken = file && speaksOf(file, name, config) ? file : undefined;
  return {
    ...who,
    role,
    grade,
    ...modelFor({ task, role: roleSettings(word, config), file: spoken, grade, settings }),
    ...told(task, role, { file, library }),
    ...bounded(word, { config, library }),
    ...reporting(role, file, who),
  };
}

/** What `decide` has to know of an agent. */
const standing = (agent: Agent | undefined): Pick<Assignment, 'home' | 'resumes' | 'sessionTotals'> => ({
  ...(agent?.kind === 'hosted' ? { home: agent.home } : {}),
  ...(agent?.capabilities.resume ? { resumes: true } : {}),
  ...(agent?.capabilities.sessionTotals.length ? { sessionTotals: agent.capabilities.sessionTotals } : {}),
});

/** A role file may end as it likes, and a person tells how it went by the buttons there are. */
const reporting = (role: string, file: RoleFile | undefined, { manual }: { manual: boolean }): { reports?: true } =>
  file === undefined && !manual && JSON_ROLES.has(role) ? { reports: true } : {};

/** What its role may change, as orchestrate.yaml says, or else the role's own file. */
function bounded(role: string | undefined, { config, library }: Casting): Pick<Assignment, 'mayChange'> {
  if (role === undefined) return {};
  const files = roleSettings(role, config)?.may_change ?? library.roles.get(plainRole(role))?.mayChange;
  return files === undefined ? {} : { mayChange: { role: plainRole(role), files } };
}

/** What goes into the text it is given. */
function told(task: Task, role: string, { file, library }: { file: RoleFile | undefined; library: Library }) {
  const isReader = file?.readOnly ?? READ_ONLY.has(role);
  return defined({
    roleFile: file?.file,
    identity: role === 'implementer' ? identityOf(task) : undefined,
    skills: skillsOf(task, file, library),
    readOnly: isReader ? (true as const) : undefined,
  });
}

/** The model that a role file names is one of the agent it names. */
const speaksOf = ({ agent }: RoleFile, name: string, config: Config): boolean =>
  agent === undefined || adapterOf(agent, config) === name;

function skillsOf(task: Task, role: RoleFile | undefined, { skills }: Library): Assignment['skills'] | undefined {
  const names = skillsFor(task, role?.skills ?? [], skills);
  const found = skills.filter(({ name }) => names.includes(name)).map(({ name, file }) => ({ name, file }));
  return found.length > 0 ? found : undefined;
}

/** Told from the text. Only a person calls a task trivial: a model that is too small costs more than it saves. */
function gradeOf({ title, description, acceptanceCriteria, scope = [] }: Task): Grade {
  const prompt = readPrompt([`# ${title}`, description, ...acceptanceCriteria].join('\n\n'));
  return GRADE[complexityOf(prompt, typeOf(prompt).type, scope).complexity];
}

const GRADE: Readonly<Record<Complexity, Grade>> = {
  LOW: 'quick',
  MEDIUM: 'standard',
  HIGH: 'complex',
  CRITICAL: 'complex',
};
