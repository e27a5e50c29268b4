import * as z from 'zod';
import type { Priority } from './plan.ts';
import { isMapping, isNothing, sentenceOf } from '../text/values.ts';

// Scalars come as they are written: `1.10` is the text 1.10.
const orAbsent = (value: unknown): unknown => (isNothing(value) ? undefined : value);

const text = z.preprocess(orAbsent, z.string({ error: 'must be a text' }).optional());

/** `[a, b]`, a single `a`, or (seen in real plans) a mapping whose keys are meant. */
const asList = (value: unknown): unknown => {
  if (isNothing(value)) return undefined;
  if (typeof value === 'string') return [value];
  return isMapping(value) ? Object.keys(value) : value;
};
const names = z.lazy(() =>
  z.preprocess(asList, z.array(z.string({ error: 'must be a text' }), { error: 'must be a list of texts' }).optional()),
);

const namesOrNone = z.lazy(() => names.transform((list) => list ?? []));

/** As `names`, but an entry `- Works: really` that YAML takes for a mapping is the sentence it was meant to be. */
const sentences = z.lazy(() =>
  z.preprocess((value) => {
    if (isNothing(value)) return undefined;
    return (Array.isArray(value) ? value : [value]).map(sentenceOf);
  }, z.array(z.string()).default([])),
);

/** `{scenario, steps, expected_result}`, each in words. */
const scenarios = z.lazy(() =>
  z.preprocess((value) => {
    if (isNothing(value)) return undefined;
    return (Array.isArray(value) ? value : [value]).map(scenarioOf);
  }, z.array(z.string()).default([])),
);

function scenarioOf(value: unknown): string {
  if (!isMapping(value)) return sentenceOf(value);
  const { scenario, steps, expected_result: expected, ...more } = value;
  const inOrder = (Array.isArray(steps) ? steps : [steps]).flatMap((step) => (isNothing(step) ? [] : sentenceOf(step)));
  return [
    sentenceOf(scenario),
    ...inOrder.map((step, i) => `${i + 1}. ${step}`),
    ...(isNothing(expected) ? [] : [`expected: ${sentenceOf(expected)}`]),
    sentenceOf(more),
  ]
    .filter((part) => part !== '')
    .join('; ');
}

/** Whatever stands there, in words. */
const sentence = z.lazy(() =>
  z.preprocess((value) => (isNothing(value) ? undefined : sentenceOf(value)), z.string().optional()),
);

const whole = z.lazy(() =>
  z.preprocess(
    orAbsent,
    z
      .string({ error: 'must be a whole number from 1 on' })
      .regex(/^\+?0*[1-9]\d{0,5}$/, 'must be a whole number from 1 on')
      .transform(Number)
      .optional(),
  ),
);

/** `[{path, description}]`, `[path]`, one `{path, description}`, or a mapping of path to description. */
const contextFiles = z.lazy(() =>
  z.preprocess(
    (value) => (isNothing(value) ? undefined : entriesOf(value)),
    z.array(z.object({ path: z.string(), description: z.string() })).default([]),
  ),
);

function entriesOf(value: unknown): { path: string; description: string }[] {
  if (typeof value === 'string') return [{ path: value, description: '' }];
  if (Array.isArray(value)) return value.flatMap(entriesOf);
  if (!isMapping(value)) return [];
  const path = value['path'] ?? value['file'];
  if (typeof path === 'string')
    return [{ path, description: sentenceOf(value['description'] ?? value['purpose'] ?? '') }];
  return Object.entries(value).flatMap(([key, part]) =>
    Array.isArray(part)
      ? part.flatMap(entriesOf).map((entry) => ({ ...entry, description: entry.description || key }))
      : [{ path: key, description: sentenceOf(part) }],
  );
}

/**
 * A task as gem-team plans write it, with the second names seen in real files, and the keys that are ours. Made when a
 * plan first needs it: most are read without (plain-tasks.ts).
 */
const taskSchema = z.lazy(() =>
  z.object(
    {
      id: text,
      task_id: text,
      title: text,
      name: text,
      description: sentence,
      wave: whole,
      agent: text,
      assigned_agent: text,
      agents: names,
      pick: z.preprocess(
        orAbsent,
        z.enum(['smallest', 'person'], { error: 'must be "smallest" or "person"' }).optional(),
      ),
      priority: text,
      status: text,
      dependencies: namesOrNone,
      depends_on: namesOrNone,
      conflicts_with: namesOrNone,
      context_files: contextFiles,
      estimated_effort: text,
      verification: sentences,
      acceptance_criteria: sentences,
      covers: names,
      requirement_ids: names,
      scope: names,
      run: text,
      gates: names,
      model: text,
      effort: text,
      role: text,
      complexity: text,
      skills: names,
      on_failure: z.preprocess(orAbsent, z.enum(['skip'], { error: 'must be "skip"' }).optional()),
      environment: sentence,
      requires_approval: sentence,
      devops_security_sensitive: sentence,
      review_depth: sentence,
      review_security_sensitive: sentence,
      task_type: sentence,
      audience: sentence,
      coverage_matrix: sentences,
      validation_matrix: scenarios,
      /** Read only beside an `origin`: in other plans the word may mean anything. */
      source: z.unknown().optional(),
      produces: z.preprocess(
        orAbsent,
        z.enum(['change', 'report'], { error: 'must be "change" or "report"' }).optional(),
      ),
    },
    { error: 'must be a mapping with an id and a title' },
  ),
);
export type RawTask = z.infer<typeof taskSchema>;

const contractSchema = z.lazy(() =>
  z.object(
    { from_task: text, to_task: text, interface: sentences, format: sentences },
    { error: 'must be a mapping with from_task, to_task, interface and format' },
  ),
);
export type RawContract = z.infer<typeof contractSchema>;

/**
 * `docs/plan/<id>/plan.yaml` of gem-team 1.4.0: `{plan_id, objective, tasks[], contracts[]}` and more that is kept but
 * not read. A task needs an id; everything else has a default.
 */
export const planSchema = z.object(
  {
    plan_id: text,
    objective: sentence,
    origin: z.unknown().optional(),
    orchestration: z.unknown().optional(),
    waves: z.unknown().optional(),
    phases: z.unknown().optional(),
    tasks: z.preprocess(
      (value) => (isNothing(value) ? [] : value),
      z.array(taskSchema, { error: 'must be a list: each task starts with "- id:"' }),
    ),
    contracts: z.preprocess(
      (value) => (Array.isArray(value) ? value : isNothing(value) ? [] : [value]),
      z.array(contractSchema),
    ),
  },
  { error: 'A plan is a mapping with plan_id, objective and tasks.' },
);
export type RawPlan = z.infer<typeof planSchema>;

/** The id of a task as the file gives it, before any default. */
export const idOf = (raw: RawTask): string | undefined => raw.id ?? raw.task_id;

/** Undefined for a word that is none of the three. */
export function priorityOf(word: string | undefined): Priority | undefined {
  const plain = word?.toLowerCase();
  return plain === 'high' || plain === 'medium' || plain === 'low' ? plain : undefined;
}
