import type * as z from 'zod';
import { gradeNamed } from '../crew/grade.ts';
import type { Contract, Plan, Task } from './plan.ts';
import { originOf } from './origin.ts';
import { checkPlan, type Say, type Telling } from './checks.ts';
import { fixOf, planFixes, quoted } from './fixes.ts';
import { PLAN_RULES, type PlanRule } from './rules.ts';
import { parsePlan } from './plain-tasks.ts';
import { idOf, priorityOf, type RawContract, type RawPlan, type RawTask } from './schema.ts';
import { type Platform, platformOf } from '../crew/platform.ts';
import { plainRole } from '../crew/role.ts';
import { type Depth, DEPTHS } from '../review.ts';
import type { Problem } from '../text/problem.ts';
import type { YamlMemory } from '../text/yaml-pieces.ts';
import type { YamlText } from '../text/yaml-document.ts';
import { inOrderOfText, problem, readYaml } from '../text/yaml-text.ts';

/**
 * Reads `docs/plan/<id>/plan.yaml`. Every problem has its place and says what to do; with an error among them there is
 * no plan. Unknown keys are ignored here and kept by the writer. With a memory only what has changed since is read.
 * Never throws.
 */
export function readPlan(text: string, file: string, memory?: YamlMemory): ReadPlan {
  const { yaml, problems: found } = readYaml(text, file, 'warning', memory);
  const problems = found.map((one) => ({ ...one, code: ruleOfYaml(one) }));
  if (!yaml) return { problems };
  const parsed = parsePlan(yaml.value);
  if (!parsed.success) return { yaml, problems: [...problems, ...shapeProblems(parsed.error, yaml, file)] };
  const say = sayIn(file, yaml);
  const fixes = planFixes(text, yaml);
  const plan = toPlan(parsed.data, file);
  const all = inOrderOfText([
    ...problems,
    ...checkTop(parsed.data, plan, { say, fixes }),
    ...checkPlan(plan, parsed.data.tasks, { say, fixes }),
  ]);
  return all.some(({ severity }) => severity === 'error') ? { yaml, problems: all } : { yaml, plan, problems: all };
}

/** A plan where there is no error, and everything there is to say, in the order of the text; each with its rule as `code`. */
export interface ReadPlan {
  plan?: Plan;
  /** The text as data, where it is YAML. */
  yaml?: YamlText;
  problems: Problem[];
}

const ruleOfYaml = ({ severity }: Problem): PlanRule => (severity === 'error' ? 'yaml' : 'key-twice');

/** Words at a place, under a rule of the table. */
export const sayIn =
  (file: string, yaml: YamlText): Say =>
  (rule, path, message, { fix, severity = PLAN_RULES[rule].severity } = {}) => ({
    ...problem(file, yaml.rangeAt(path), message, severity),
    code: rule,
    ...(fix ? { fix } : {}),
  });

function shapeProblems(error: z.ZodError, yaml: YamlText, file: string): Problem[] {
  return error.issues.map((issue) => {
    const path = issue.path.filter((part) => typeof part !== 'symbol');
    const label = path.map((part) => (typeof part === 'number' ? `[${part + 1}]` : `.${part}`)).join('');
    return sayIn(file, yaml)('shape', path, label ? `${label.slice(1)} ${issue.message}.` : issue.message);
  });
}

function toPlan(raw: RawPlan, file: string): Plan {
  const origin = originOf(raw);
  const platform = platformIn(raw.orchestration);
  return {
    ...(platform === undefined ? {} : { platform }),
    id: raw.plan_id ?? folderOf(file),
    objective: raw.objective?.trim() ?? '',
    tasks: raw.tasks.map(toTask),
    contracts: raw.contracts.map(toContract),
    ...(origin ? { origin } : {}),
  };
}

/** What `orchestrate import` keeps of a plan of the LLM-native orchestrator. */
function platformIn(orchestration: unknown): Platform | undefined {
  if (typeof orchestration !== 'object' || orchestration === null || !('platform' in orchestration)) return undefined;
  return typeof orchestration.platform === 'string' ? platformOf(orchestration.platform) : undefined;
}

const folderOf = (file: string): string => file.split('/').at(-2) ?? 'plan';

const toContract = (raw: RawContract): Contract => ({
  fromTask: raw.from_task ?? '',
  toTask: raw.to_task ?? '',
  interface: raw.interface.join('\n'),
  format: raw.format.join('\n'),
});

function toTask(raw: RawTask): Task {
  const id = idOf(raw) ?? '';
  const task: Task = {
    id,
    title: raw.title ?? raw.name ?? id,
    description: raw.description?.trimEnd() ?? '',
    wave: raw.wave ?? 1,
    priority: priorityOf(raw.priority) ?? 'medium',
    status: raw.status ?? 'pending',
    dependencies:
      raw.depends_on.length === 0 ? unique(raw.dependencies) : unique([...raw.dependencies, ...raw.depends_on]),
    conflictsWith: unique(raw.conflicts_with),
    produces: raw.produces ?? productOf(raw.role ?? agentOf(raw)),
    acceptanceCriteria: raw.acceptance_criteria,
    verification: raw.verification,
    contextFiles: raw.context_files,
  };
  addOptional(task, raw);
  return task;
}

const unique = (ids: readonly string[]): readonly string[] => (ids.length < 2 ? ids : [...new Set(ids)]);

const agentOf = (raw: RawTask): string | undefined => raw.agent ?? raw.assigned_agent;

const REPORTERS = new Set(['researcher', 'reviewer', 'planner', 'browser-tester']);
const productOf = (role: string | undefined): Task['produces'] =>
  role !== undefined && REPORTERS.has(plainRole(role)) ? 'report' : 'change';

/** One by one: spreading them takes a third of the time of a large plan. */
function addOptional(task: Task, raw: RawTask): void {
  const agent = agentOf(raw);
  const estimate = estimateOf(raw.estimated_effort);
  if (agent !== undefined) task.agent = agent;
  if (raw.scope !== undefined) task.scope = raw.scope;
  if (raw.run !== undefined) task.run = raw.run;
  if (raw.gates !== undefined) task.gates = raw.gates;
  if (raw.model !== undefined) task.model = raw.model;
  if (raw.effort !== undefined) task.effort = raw.effort;
  if (estimate !== undefined) task.estimate = estimate;
  if (raw.covers ?? raw.requirement_ids) task.covers = unique([...(raw.covers ?? []), ...(raw.requirement_ids ?? [])]);
  addCasting(task, raw);
  addOfRoles(task, raw);
}

/** What only a task of devops, of documentation, of a browser or for a reviewer says. */
function addOfRoles(task: Task, raw: RawTask): void {
  const leave = leaveFor(raw);
  if (leave !== undefined) task.leave = leave;
  if (raw.environment !== undefined) task.environment = raw.environment;
  const depth = depthOf(raw);
  if (depth !== undefined) task.depth = depth;
  if (raw.coverage_matrix.length > 0) task.coverage = raw.coverage_matrix;
  if (raw.validation_matrix.length > 0) task.scenarios = raw.validation_matrix;
  if (plainRole(raw.role ?? agentOf(raw) ?? '') !== 'documentation') return;
  if (raw.task_type !== undefined) task.document = raw.task_type;
  if (raw.audience !== undefined) task.audience = raw.audience;
}

/** What is security sensitive is looked at in full, as gem-team does. */
function depthOf(raw: RawTask): Depth | undefined {
  if (raw.review_security_sensitive?.toLowerCase() === 'true') return 'full';
  return DEPTHS.find((depth) => depth === raw.review_depth?.toLowerCase());
}

/** As gem-team asks: before production is touched, and wherever the plan says so. */
function leaveFor(raw: RawTask): string | undefined {
  if (raw.environment?.toLowerCase() === 'production') return 'acts on production';
  if (raw.requires_approval?.toLowerCase() === 'true') return 'needs an approval, as the plan says';
  return raw.devops_security_sensitive?.toLowerCase() === 'true' ? 'is security sensitive' : undefined;
}

/** What decides who does it and how, and whether it must be done. */
function addCasting(task: Task, raw: RawTask): void {
  if (raw.agents !== undefined) addAgents(task, raw.agents);
  if (raw.pick === 'person') task.pick = raw.pick;
  if (raw.role !== undefined) task.role = raw.role;
  if (raw.skills !== undefined) task.skills = raw.skills;
  if (raw.on_failure !== undefined) task.onFailure = raw.on_failure;
  const grade = gradeNamed(raw.complexity ?? '') ?? gradeNamed(raw.estimated_effort ?? '');
  if (grade !== undefined) task.grade = grade;
}

/** One alone does it as any task. */
function addAgents(task: Task, agents: readonly string[]): void {
  const [only] = agents;
  if (agents.length > 1) task.agents = agents;
  else if (only !== undefined) task.agent = only;
}

function estimateOf(word: string | undefined): Task['estimate'] {
  const plain = word?.toLowerCase();
  return plain === 'small' || plain === 'medium' || plain === 'large' ? plain : undefined;
}

function checkTop(raw: RawPlan, plan: Plan, { say, fixes }: Telling): Problem[] {
  const problems: Problem[] = [];
  if (plan.tasks.length === 0) problems.push(say('tasks-missing', ['tasks'], noTasks(raw)));
  if (!raw.plan_id) {
    const fix = fixOf(`Add "plan_id: ${plan.id}"`, fixes.prepend(`plan_id: ${quoted(plan.id)}`), true);
    const message = `The plan has no plan_id: "${plan.id}", its folder, stands in. Add "plan_id: ${plan.id}".`;
    problems.push(say('plan-id-missing', [], message, { fix }));
  }
  if (!plan.objective) {
    const message = 'The plan has no objective: agents are told nothing about the whole. Add "objective:".';
    problems.push(say('objective-missing', [], message));
  }
  return problems;
}

function noTasks(raw: RawPlan): string {
  const elsewhere = raw.waves ? 'waves' : raw.phases ? 'phases' : undefined;
  if (elsewhere)
    return `The plan has no "tasks" at its top. Move the tasks under "${elsewhere}" there and give each its "wave: 1", "wave: 2", ….`;
  return 'The plan has no tasks. Add a list "tasks:" with at least one "- id: …".';
}
