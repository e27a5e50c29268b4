import { mendingText } from '../../agents/mending.ts';
import { hasCommit, type Repository } from '../../git/repository.ts';
import { fail, ok, type Result } from '../../model/failure.ts';
import { type Checks, checksWords, mendable } from '../../model/shown/checks.ts';
import type { Hosting } from '../../model/shown/pull-request.ts';
import type { RunState } from '../../model/run/state.ts';
import { listRuns, type Prepared, prepareRun, readRun } from '../runs.ts';
import { writeHotfix } from './hotfix.ts';

/**
 * Writes a hotfix of what fails on a forge. A run of it begins on the commit that the checks are of, and its result is
 * pushed to the branch that they are of. Refused where no agent could mend it, a run that has not ended is there to do it,
 * or that commit is not in the repository.
 */
export async function prepareMending(
  repository: Repository,
  checks: Checks,
  { remote, head }: Pick<Hosting, 'remote' | 'head'>,
): Promise<Result<Prepared>> {
  if (mendable(checks).length === 0)
    return fail({ kind: 'refused', reason: `Nothing fails that an agent could mend: ${checksWords(checks)}.` });
  const base = checks.commit;
  const known = await hasCommit(repository, base);
  if (!known.ok) return known;
  if (!known.value) {
    const reason = `${head} is at ${base.slice(0, 10)} by now, which is not here: git fetch ${remote} ${head}`;
    return fail({ kind: 'refused', reason });
  }
  const other = await mendedBy(repository, base, head);
  if (other !== undefined)
    return fail({
      kind: 'refused',
      reason: `Run ${other} is there to mend it already: approve it, or cancel it first.`,
    });
  const planFile = await writeHotfix(repository, mendingText(checks));
  if (!planFile.ok) return planFile;
  const prepared = await prepareRun(repository, { planFile: planFile.value });
  if (!prepared.ok) return prepared;
  const config = { ...prepared.value.config, push: { remote, branches: [head] } };
  return ok({ ...prepared.value, config, base });
}

async function mendedBy(repository: Repository, commit: string, head: string): Promise<string | undefined> {
  const states = await Promise.all((await listRuns(repository)).map(readRun));
  const found = states.find(
    (state) => state.ok && !state.value.ended && state.value.base === commit && pushesTo(state.value, head),
  );
  return found?.ok ? found.value.run : undefined;
}

const pushesTo = ({ config }: RunState, head: string): boolean => config.push?.branches.includes(head) === true;
