import { moveRef } from '../../git/refs.ts';
import { ok, type Result } from '../../model/failure.ts';
import { refs } from '../places.ts';
import type { RunRef } from '../session.ts';

/** Makes the integration ref of a run, which holds the commit that it starts from. That it is there already is no failure. */
export async function anchor({ repository, run }: RunRef, base: string): Promise<Result<void>> {
  const made = await moveRef(repository, { ref: refs.integration(run), old: null, new: base });
  return made.ok || made.failure.kind !== 'refMoved' ? made : ok(undefined);
}
