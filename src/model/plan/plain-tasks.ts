import { absent, planSchema, type RawPlan, type RawTask } from './schema.ts';

type Kind = 'text' | 'names' | 'namesOrNone' | 'sentences' | 'whole' | 'product' | 'absent' | 'any';

/** How each field of a task is read where it is plain; the compiler holds it to the schema. */
const KINDS: Record<keyof RawTask, Kind> = {
  id: 'text',
  task_id: 'text',
  title: 'text',
  name: 'text',
  description: 'text',
  wave: 'whole',
  agent: 'text',
  assigned_agent: 'text',
  priority: 'text',
  status: 'text',
  dependencies: 'namesOrNone',
  depends_on: 'namesOrNone',
  conflicts_with: 'namesOrNone',
  context_files: 'absent',
  estimated_effort: 'text',
  verification: 'sentences',
  acceptance_criteria: 'sentences',
  scope: 'names',
  run: 'text',
  gates: 'names',
  model: 'text',
  effort: 'text',
  role: 'text',
  complexity: 'text',
  skills: 'names',
  source: 'any',
  produces: 'product',
};
const FIELDS = Object.entries(KINDS);

/**
 * The plan's schema for large plans: tasks that are texts and lists of texts, as programs write them, are read at
 * once; where one of them is anything else, or wrong, all of them go through the schema.
 */
export function parsePlan(value: unknown): ReturnType<typeof planSchema.safeParse> {
  const tasks: unknown = isMapping(value) ? value['tasks'] : undefined;
  if (!isMapping(value) || !Array.isArray(tasks)) return planSchema.safeParse(value);
  const plain: RawTask[] = [];
  for (const task of tasks) {
    const raw = plainTask(task);
    if (!raw) return planSchema.safeParse(value);
    plain.push(raw);
  }
  const parsed = planSchema.safeParse({ ...value, tasks: [] });
  return parsed.success ? { ...parsed, data: { ...parsed.data, tasks: plain } satisfies RawPlan } : parsed;
}

function plainTask(value: unknown): RawTask | undefined {
  if (!isMapping(value)) return undefined;
  const raw: Record<string, unknown> = {};
  for (const [key, kind] of FIELDS) {
    const read = plainField(kind, value[key]);
    if (read === NOT_PLAIN) return undefined;
    if (read !== undefined) raw[key] = read;
  }
  return raw as RawTask;
}

const NOT_PLAIN = Symbol('not plain');
const NO_VALUE: Partial<Record<Kind, readonly string[]>> = { namesOrNone: [], sentences: [], absent: [] };

function plainField(kind: Kind, value: unknown): unknown {
  if (kind === 'any') return value;
  if (absent(value)) return NO_VALUE[kind];
  switch (kind) {
    case 'text':
      return typeof value === 'string' ? value : NOT_PLAIN;
    case 'whole':
      return typeof value === 'string' && /^[1-9]\d{0,5}$/.test(value) ? Number(value) : NOT_PLAIN;
    case 'product':
      return value === 'change' || value === 'report' ? value : NOT_PLAIN;
    case 'absent':
      return NOT_PLAIN;
    case 'names':
    case 'namesOrNone':
    case 'sentences':
      return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : NOT_PLAIN;
  }
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
