import { moveRef, readRef } from '../../git/refs.ts';
import { ok, type Result } from '../../model/failure.ts';
import { refs } from '../places.ts';
import type { RunRef } from '../session.ts';

/** Makes the integration ref of a run, which holds the commit that it starts from. That it is there already is no failure. */
export async function anchor({ repository, run }: RunRef, base: string): Promise<Result<void>> {
  const made = await moveRef(repository, { ref: refs.integration(run), old: null, new: base });
  return made.ok || made.failure.kind !== 'refMoved' ? made : ok(undefined);
}

/** Brings integration to a commit where it is at none of the run's: only the run moves it, whoever else did. */
export async function putBack(
  { repository, run }: Pick<RunRef, 'repository' | 'run'>,
  isOurs: (oid: string) => boolean,
  commit: string,
): Promise<Result<void>> {
  const ref = refs.integration(run);
  const found = await readRef(repository, ref);
  if (!found.ok) return found;
  if (found.value !== null && isOurs(found.value)) return ok(undefined);
  return moveRef(repository, { ref, old: found.value, new: commit });
}
