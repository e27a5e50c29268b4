import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The beginning of an agent's line: writes down, beside the checkout so that no kill undoes it, that it started. */
export const START = 'echo $ORCHESTRATE_TASK >> ../../../starts';

/** How often each task's agent started. */
export function startsIn(root: string): Record<string, number> {
  const file = join(root, '..', 'starts');
  const counts: Record<string, number> = {};
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  for (const task of lines) counts[task] = (counts[task] ?? 0) + 1;
  return counts;
}
