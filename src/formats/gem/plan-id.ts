import { slug } from '../../model/text/names.ts';

/** An id as gem-team makes them, `20260319-form-actions`: the day (UTC) and the objective's first words, never a taken one. */
export function newPlanId(objective: string, now: number, taken: ReadonlySet<string> = new Set()): string {
  const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '');
  const words = slug(objective.split(/\s+/).slice(0, 5).join(' '));
  let id = `${day}-${words}`;
  for (let n = 2; taken.has(id); n += 1) id = `${day}-${words}-${n}`;
  return id;
}
