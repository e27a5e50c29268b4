import { isCheckout } from '../git/repository.ts';
import { fail, ok, type Result } from '../model/failure.ts';
import type { RunState } from '../model/run/state.ts';
import type { RunRef } from './session.ts';

/** Refused, with what to do, where a run began in no checkout of its repository, which is a copy then, or was moved. */
export async function begunHere({ repository, run }: RunRef, state: RunState): Promise<Result<void>> {
  const { root, base, integration } = state;
  if (await isCheckout(repository, root)) return ok(undefined);
  const merged = integration === base ? '' : ` What it has merged is commit ${integration.slice(0, 10)}.`;
  return fail({
    kind: 'refused',
    reason: `Run ${run} began in ${root}: its worktrees and agents are there, and ${repository.root} is a copy, or was moved. Go on there, or begin the plan anew here: orchestrate run.${merged}`,
  });
}
