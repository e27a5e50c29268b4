import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { commonDirOf, isCheckout } from '../git/repository.ts';
import { fail, ok, type Result } from '../model/failure.ts';
import type { RunState } from '../model/run/state.ts';
import { runsFolder } from './places.ts';
import type { RunRef } from './session.ts';

/** Refused, with what to do, where a run began in another repository that still has it: then this one is a copy. */
export async function begunHere(ref: RunRef, state: RunState): Promise<Result<void>> {
  const { repository, run } = ref;
  const { root, base, integration } = state;
  if ((await isCheckout(repository, root)) || !(await hasRun(root, run))) return ok(undefined);
  const merged = integration === base ? '' : ` What it has merged is commit ${integration.slice(0, 10)}.`;
  return fail({
    kind: 'refused',
    reason: `Run ${run} began in ${root}: its worktrees and agents are there, and ${repository.root} is a copy. Go on there, or begin the plan anew here: orchestrate run.${merged}`,
  });
}

/** Where there is none any more, the repository was moved, and its run with it. */
async function hasRun(root: string, run: string): Promise<boolean> {
  const commonDir = await commonDirOf(root);
  return commonDir !== undefined && existsSync(join(runsFolder({ state: join(commonDir, 'orchestrate') }), run));
}
