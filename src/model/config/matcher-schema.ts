import * as z from 'zod';

const text = z.lazy(() => z.string({ error: 'must be a text' }).min(1, 'must not be empty'));

const group = z.lazy(() =>
  z
    .string()
    .regex(/^\d{1,3}$/, 'must be the number of a group in the regular expression')
    .transform(Number)
    .optional(),
);

const regexp = z.lazy(() => text.unwrap().refine(isRegExp, 'is not a regular expression that JavaScript can read'));

function isRegExp(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
}

const patternSchema = z.lazy(() =>
  z.strictObject({
    regexp,
    kind: z.enum(['file', 'location'], { error: 'must be "file" or "location"' }).optional(),
    file: group,
    line: group,
    column: group,
    endLine: group,
    endColumn: group,
    location: group,
    severity: group,
    code: group,
    message: group,
    loop: z
      .enum(['true', 'false'], { error: 'must be true or false' })
      .transform((word) => word === 'true')
      .optional(),
  }),
);

/** A problem matcher, in the words of VS Code's tasks. */
export const matcherSchema = z.lazy(() =>
  z.strictObject(
    {
      name: text.optional(),
      owner: text.optional(),
      source: text.optional(),
      severity: z.enum(['error', 'warning', 'info'], { error: 'must be error, warning or info' }).optional(),
      fileLocation: z
        .union(
          [z.enum(['relative', 'absolute', 'autoDetect']), z.tuple([z.enum(['relative', 'autoDetect']), z.string()])],
          { error: 'must be relative, absolute, autoDetect or a list such as [relative, packages/a]' },
        )
        .optional(),
      pattern: z.union([patternSchema, z.array(patternSchema).min(1)], {
        error: 'must be a pattern with a regexp, or a list of them',
      }),
    },
    { error: 'must be the name of a matcher such as $tsc, or a matcher' },
  ),
);
