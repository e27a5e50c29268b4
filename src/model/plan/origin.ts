import * as z from 'zod';
import { type Origin, ORIGINS } from './plan.ts';
import { idOf, type RawPlan } from './schema.ts';
import { scopeFault } from '../schedule/scope.ts';

/** A place that may be written: inside the repository, and no pattern. */
const file = z.string().refine((path) => scopeFault(path) === undefined && !/[*?[\]{}!]/.test(path));
const originSchema = z.object({ format: z.enum(ORIGINS), file });

/** The `origin` that import wrote. One that says anything else is a key like any other: it is kept and not read. */
export function originOf(raw: RawPlan): Origin | undefined {
  const origin = originSchema.safeParse(raw.origin);
  if (!origin.success) return undefined;
  const sources = raw.tasks.flatMap((task): [string, string][] => {
    const source = file.safeParse(task.source);
    return source.success ? [[idOf(task) ?? '', source.data]] : [];
  });
  return { ...origin.data, sources: Object.fromEntries(sources) };
}
