import { parse } from 'yaml';
import { z } from 'zod';

const schema = z.object({
  plan_id: z.string(),
  objective: z.string(),
  tasks: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      description: z.string(),
      wave: z.number().int().positive(),
      agent: z.string(),
      priority: z.enum(['high', 'medium', 'low']),
      status: z.string(),
      dependencies: z.array(z.string()),
      scope: z.array(z.string()),
      verification: z.array(z.string()),
      acceptance_criteria: z.array(z.string()),
    }),
  ),
});

/** What row 11 compares with: the library and a schema of the fields that its plan has. */
export const planByLibrary = (text: string): z.infer<typeof schema> => schema.parse(parse(text));

/** What both found. */
export const countOf = (tasks: readonly { dependencies: readonly string[] }[]): string =>
  `${tasks.length} tasks, ${tasks.reduce((sum, { dependencies }) => sum + dependencies.length, 0)} dependencies`;
