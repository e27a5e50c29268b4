import { planSchema, type RawPlan, type RawTask } from './schema.ts';
import { isMapping, isNothing } from '../text/values.ts';

/**
 * The plan's schema for large plans: tasks that are texts and lists of texts, as programs write them, are read at
 * once; where one of them is anything else, or wrong, all of them go through the schema.
 */
export function parsePlan(value: unknown): ReturnType<typeof planSchema.safeParse> {
  const tasks = isMapping(value) ? plainTasks(value['tasks']) : undefined;
  if (!isMapping(value) || !tasks) return planSchema.safeParse(value);
  const parsed = planSchema.safeParse({ ...value, tasks: [] }, ONCE);
  return parsed.success ? { ...parsed, data: { ...parsed.data, tasks } satisfies RawPlan } : parsed;
}

/** Not worth the program that zod makes of a schema for what is read often. */
const ONCE = { jitless: true };

function plainTasks(tasks: unknown): RawTask[] | undefined {
  if (!Array.isArray(tasks) || !tasks.every(isMapping)) return undefined;
  try {
    return tasks.map(plainTask);
  } catch (error) {
    if (error === NOT_PLAIN) return undefined;
    throw error;
  }
}

/** One for all: nobody reads its trace. */
const NOT_PLAIN = new Error('not plain');
const notPlain = (): never => {
  throw NOT_PLAIN;
};

/** Field by field, in one literal: a loop over names of fields takes four times as long. */
const plainTask = (task: Record<string, unknown>): RawTask => ({
  id: text(task['id']),
  task_id: text(task['task_id']),
  title: text(task['title']),
  name: text(task['name']),
  description: text(task['description']),
  wave: whole(task['wave']),
  agent: text(task['agent']),
  assigned_agent: text(task['assigned_agent']),
  agents: texts(task['agents']),
  pick: pickOf(task['pick']),
  priority: text(task['priority']),
  status: text(task['status']),
  dependencies: texts(task['dependencies']) ?? NONE,
  depends_on: texts(task['depends_on']) ?? NONE,
  conflicts_with: texts(task['conflicts_with']) ?? NONE,
  context_files: isNothing(task['context_files']) ? NO_FILES : notPlain(),
  estimated_effort: text(task['estimated_effort']),
  verification: texts(task['verification']) ?? NONE,
  acceptance_criteria: texts(task['acceptance_criteria']) ?? NONE,
  covers: texts(task['covers']),
  requirement_ids: texts(task['requirement_ids']),
  scope: texts(task['scope']),
  run: text(task['run']),
  gates: texts(task['gates']),
  model: text(task['model']),
  effort: text(task['effort']),
  role: text(task['role']),
  complexity: text(task['complexity']),
  skills: texts(task['skills']),
  on_failure: onFailure(task['on_failure']),
  environment: text(task['environment']),
  requires_approval: text(task['requires_approval']),
  devops_security_sensitive: text(task['devops_security_sensitive']),
  review_depth: text(task['review_depth']),
  review_security_sensitive: text(task['review_security_sensitive']),
  task_type: text(task['task_type']),
  audience: text(task['audience']),
  coverage_matrix: texts(task['coverage_matrix']) ?? NONE,
  validation_matrix: texts(task['validation_matrix']) ?? NONE,
  source: task['source'],
  produces: product(task['produces']),
});

const NONE: string[] = [];
const NO_FILES: RawTask['context_files'] = [];

function text(value: unknown): string | undefined {
  if (isNothing(value)) return undefined;
  return typeof value === 'string' ? value : notPlain();
}

function texts(value: unknown): string[] | undefined {
  if (isNothing(value)) return undefined;
  return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : notPlain();
}

function whole(value: unknown): number | undefined {
  const word = text(value);
  if (word === undefined) return undefined;
  return /^[1-9]\d{0,5}$/.test(word) ? Number(word) : notPlain();
}

function product(value: unknown): RawTask['produces'] {
  const word = text(value);
  return word === undefined || word === 'change' || word === 'report' ? word : notPlain();
}

function pickOf(value: unknown): RawTask['pick'] {
  const word = text(value);
  return word === undefined || word === 'smallest' || word === 'person' ? word : notPlain();
}

function onFailure(value: unknown): RawTask['on_failure'] {
  const word = text(value);
  return word === undefined || word === 'skip' ? word : notPlain();
}
