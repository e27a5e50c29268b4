import * as z from 'zod';
import { defined } from '../defined.ts';
import { MODES } from './config.ts';
import { ON_FAILURE } from '../gate.ts';
import { COMPLEXITIES } from '../plan/objective.ts';
import { DEPTHS } from '../review.ts';
import { matcherSchema } from './matcher-schema.ts';
import { line, list, memory, off, SHARE, share, size, span, text, upTo, whole } from './scalars.ts';
import { isMapping } from '../text/values.ts';

/**
 * The shape of `orchestrate.yaml`. Mappings are strict: an unknown key is told apart by its issue's code and made a
 * warning. What a configuration has none of is never made, because it is read at every start.
 */
const moments = z.lazy(() =>
  z.preprocess(
    (value) => (typeof value === 'string' ? [value] : value),
    z
      .array(
        z.enum(['task', 'merge', 'wave', 'final', 'plan'], { error: 'must be task, merge, wave, final or plan' }),
        {
          error: 'must be task, merge, wave, final, plan or a list of them',
        },
      )
      .min(1, 'must name at least one of task, merge, wave, final, plan'),
  ),
);

const command = z.lazy(() =>
  z.union([line, z.array(text).min(1)], { error: 'must be a line, or a list of program and arguments' }),
);

const onFailure = z.lazy(() => z.enum(ON_FAILURE, { error: 'must be continue, pause, stop or rollback' }).optional());

const gateSchema = z.lazy(() =>
  z.preprocess(
    (value) => (typeof value === 'string' || Array.isArray(value) ? { run: value } : value),
    z
      .strictObject(
        {
          run: command.optional(),
          agent: line.optional(),
          ask: line.optional(),
          depth: z.enum(DEPTHS, { error: 'must be full, standard or lightweight' }).optional(),
          prompt: text.optional(),
          model: text.optional(),
          effort: text.optional(),
          on: moments.optional(),
          problems: z
            .preprocess(
              (value) => (Array.isArray(value) || value === undefined ? value : [value]),
              z.array(
                z.union([text, matcherSchema], {
                  error: 'must be the name of a matcher such as $tsc, or a matcher with a pattern',
                }),
              ),
            )
            .optional(),
          report: z
            .strictObject(
              {
                format: z.enum(['junit', 'tap', 'lines'], { error: 'must be junit, tap or lines' }),
                file: text.optional(),
              },
              { error: 'must be a mapping with format and file' },
            )
            .optional(),
          timeout: span.optional(),
          on_failure: onFailure,
        },
        { error: 'must be a mapping with run, agent or ask, or the line itself' },
      )
      .refine(
        ({ run, agent, ask }) => [run, agent, ask].filter((way) => way !== undefined).length === 1,
        'needs one of run, a command, agent, who reviews, or ask, what a person is to look at',
      ),
  ),
);
export type RawGate = z.infer<typeof gateSchema>;

const byGrade = z.lazy(() =>
  z
    .strictObject(
      { trivial: text.optional(), quick: text.optional(), standard: text.optional(), complex: text.optional() },
      { error: 'must be a mapping with trivial, quick, standard or complex' },
    )
    .transform((grades) => defined(grades))
    .optional(),
);

const roleSchema = z.lazy(() =>
  z.preprocess(
    (value) => (typeof value === 'string' ? { agent: value } : value),
    z
      .strictObject(
        { agent: text.optional(), model: text.optional(), effort: text.optional(), may_change: list.optional() },
        { error: 'must be an agent, or a mapping with agent, model, effort or may_change' },
      )
      .transform((role) => defined(role)),
  ),
);

const PROTECTED = 'must be a list of globs, or a mapping of globs to those who may change the files';
/** A list is of files that nobody may change; `place` is where each stands. */
const protectedSchema = z.lazy(() =>
  z.union(
    [
      z
        .array(z.string({ error: 'must be a glob' }))
        .transform((globs) => globs.map((files, place) => ({ place, files, by: [] as string[] }))),
      z
        .record(z.string(), list)
        .transform((mapping) =>
          Object.entries(mapping).map(([files, by]) => ({ place: files, files, by: by.filter(isSomebody) })),
        ),
    ],
    { error: PROTECTED },
  ),
);
const isSomebody = (word: string): boolean => word !== '' && word !== 'nobody';

const leave = z.lazy(() =>
  z.enum(['ask', 'allow-in-worktree', 'allow'], { error: 'must be ask, allow-in-worktree or allow' }).optional(),
);
const permissionsSchema = z.lazy(() =>
  z.strictObject(
    { read: leave, edit: leave, execute: leave, fetch: leave, other: leave },
    { error: 'must be a mapping with read, edit, execute, fetch or other' },
  ),
);

const settingsSchema = z.lazy(() =>
  z.strictObject(
    {
      command: list.refine((argv) => argv.length > 0, 'must name a program').optional(),
      model: text.optional(),
      effort: text.optional(),
      args: list.optional(),
      env: z.record(z.string(), z.string({ error: 'must be a text' })).optional(),
      maxTurns: whole(1).optional(),
      max_turns: whole(1).optional(),
      models: byGrade,
      markers: z
        .enum(['true', 'false'], { error: 'must be true or false' })
        .transform((word) => word === 'true')
        .optional(),
      efforts: byGrade,
      acp: z
        .enum(['true', 'false'], { error: 'must be true or false' })
        .transform((word) => word === 'true')
        .optional(),
      mode: text.optional(),
      stall: span.optional(),
      permissions: permissionsSchema.optional(),
    },
    { error: 'must be a mapping with command, model, effort, args, env, maxTurns, models, efforts or markers' },
  ),
);
export type RawSettings = z.infer<typeof settingsSchema>;

const mapping = { error: 'must be a mapping' };

const CAP = 'must be US dollars such as 2.50, or a mapping with usd and tokens';
const usd = z.lazy(() =>
  z
    .string({ error: CAP })
    .regex(/^\$?\d{1,6}(?:\.\d{1,4})?$/, CAP)
    .transform((word) => Number(word.replace('$', '')))
    .refine((number) => number > 0, 'must be more than 0'),
);
const tokens = z.lazy(() =>
  z
    .string()
    .regex(/^[1-9]\d{0,11}$/, 'must be a whole number of tokens')
    .transform(Number),
);
const cap = z.lazy(() =>
  z.preprocess(
    (value) => (typeof value === 'string' ? { usd: value } : value),
    z.strictObject({ usd: usd.optional(), tokens: tokens.optional() }, { error: CAP }),
  ),
);

/** `gates:` with nothing below it says as much as no `gates:`. */
const orNothing = <T extends z.ZodType>(schema: T): z.ZodType<z.output<T> | undefined> =>
  z.preprocess((value) => (value === '' || value === null ? undefined : value), schema.optional());

type Shape = Readonly<Record<string, (value: unknown) => z.ZodType>>;
type Read<S extends Shape> = { [K in keyof S]?: z.output<ReturnType<S[K]>> };

/** A strict mapping of the keys that `value` has: what a small configuration has none of is never made. */
function present<S extends Shape>(shape: S, value: unknown, params: { error: string }): z.ZodType<Read<S>> {
  const given: Readonly<Record<string, unknown>> = isMapping(value) ? value : {};
  const there = Object.entries(shape).filter(([key]) => Object.hasOwn(given, key));
  const schema = z.strictObject(Object.fromEntries(there.map(([key, make]) => [key, make(given[key])])), params);
  return schema as unknown as z.ZodType<Read<S>>;
}

const LIMITS = {
  agents: () => whole(1).optional(),
  gates: () => whole(1).optional(),
  batch: () => whole(1).optional(),
  retries: () => whole(0).optional(),
  conflicts: () => whole(0).optional(),
  attempt: () => span.optional(),
  idle: () => off(span, 'a duration such as 20m').optional(),
  steps: () => whole(0).optional(),
  errors: () => whole(0).optional(),
  flood: () => off(size, 'a size a minute such as 64MB').optional(),
  tools: () => whole(0).optional(),
  memory: () => off(memory, `${SHARE} of the machine, or a size for the run such as 8GB`).optional(),
  cpu: () => off(share, SHARE).optional(),
  disk: () => off(size, 'a size such as 2GB').optional(),
  stuck: () => whole(0).optional(),
  budget: () => z.strictObject({ run: cap.optional(), task: cap.optional() }, mapping).optional(),
};

const SECTIONS = {
  gates: () => orNothing(z.record(z.string(), gateSchema, { error: 'must be a mapping of names to gates' })),
  agents: () =>
    orNothing(
      z
        .object({ default: text.optional(), roles: z.record(z.string(), roleSchema).optional() }, mapping)
        .catchall(settingsSchema),
    ),
  limits: (value: unknown) => orNothing(present(LIMITS, value, mapping)),
  mode: () => z.enum(MODES, { error: 'must be waves, continuous or adaptive' }).optional(),
  on_conflict: () => z.enum(['revise', 'ask'], { error: 'must be revise or ask' }).optional(),
  on_failure: () => onFailure,
  scope: () => z.enum(['warn', 'ask', 'block'], { error: 'must be warn, ask or block' }).optional(),
  correlation: () =>
    z
      .enum(['enabled', 'disabled'], { error: 'must be enabled or disabled' })
      .transform((word) => word === 'enabled')
      .optional(),
  setup: () => orNothing(line),
  progress: () => orNothing(span),
  worktrees: () =>
    orNothing(z.strictObject({ folder: text.optional(), copy: list.optional(), branch: text.optional() }, mapping)),
  permissions: () => orNothing(permissionsSchema),
  protected: () => orNothing(protectedSchema),
  disk: () =>
    orNothing(
      z.strictObject(
        {
          keep: off(upTo(Number.MAX_SAFE_INTEGER), 'a duration such as 30d').optional(),
          budget: off(size, 'a size such as 5GB').optional(),
        },
        mapping,
      ),
    ),
  push: () =>
    orNothing(
      z.preprocess(
        (value) => (typeof value === 'string' ? { remote: value } : value),
        z.strictObject(
          { remote: line.optional(), branch: list.refine((all) => all.length > 0, 'must name a branch').optional() },
          { error: 'must be the name of a remote, or a mapping with remote and branch' },
        ),
      ),
    ),
  guard: () => orNothing(z.strictObject({ exempt: list.optional() }, mapping)),
  planning: () =>
    orNothing(
      z.strictObject(
        {
          rounds: whole(0).optional(),
          complexity: z
            .enum(['auto', ...COMPLEXITIES], { error: 'must be auto, simple, medium or complex' })
            .optional(),
        },
        mapping,
      ),
    ),
};
export type RawConfig = Read<typeof SECTIONS>;

/** The schema for one configuration, by the keys it has. */
export const configSchemaFor = (value: unknown): z.ZodType<RawConfig> =>
  present(SECTIONS, value, {
    error: 'orchestrate.yaml is a mapping: see the keys gates, agents, limits, mode, setup and worktrees',
  });
