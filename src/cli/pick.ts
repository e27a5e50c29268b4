import { begunHere } from '../engine/elsewhere.ts';
import { openSession } from '../engine/open-session.ts';
import { listRuns, readRun } from '../engine/runs.ts';
import type { RunRef, RunSession } from '../engine/session.ts';
import type { Repository } from '../git/repository.ts';
import { ok, refuse, type Result } from '../model/failure.ts';
import { meant } from '../model/text/nearest.ts';
import { type Call, inRepository } from './call.ts';

/** The run a call is about, opened. The newest unfinished one, else the newest, unless the call names one. */
export const openRun = (call: Call, as: 'drive' | 'follow', named?: string): Promise<Result<RunSession>> =>
  inRepository(call, async (repository) => {
    const ref = await pickRun(repository, named ?? call.options.run);
    return ref.ok ? openSession(ref.value, { by: 'cli', runner: call.runner, as }) : ref;
  });

/** `named` is a run's id, the beginning of just one, or a plan's id, of which the newest run is taken. */
export async function pickRun(repository: Repository, named: string | undefined): Promise<Result<RunRef>> {
  const runs = (await listRuns(repository)).toReversed();
  const [newest] = runs;
  if (newest === undefined) return refuse('There is no run in this repository yet. Start one: orchestrate run.');
  if (named === undefined) return ok((await newestOpen(runs)) ?? newest);
  const exact = runs.find(({ run }) => run === named);
  if (exact) return ok(exact);
  const ofPlan = await runOfPlan(runs, named);
  if (ofPlan) return ok(ofPlan);
  const begun = runs.filter(({ run }) => run.startsWith(named));
  if (begun.length === 1 && begun[0]) return ok(begun[0]);
  if (begun.length > 1) return refuse(`"${named}" may be any of ${begun.map(({ run }) => run).join(', ')}.`);
  return refuse(
    `There is no run "${named}".${meant(
      named,
      runs.map(({ run }) => run),
    )} See: orchestrate status --json.`,
  );
}

async function newestOpen(runs: readonly RunRef[]): Promise<RunRef | undefined> {
  for (const run of runs) {
    const state = await readRun(run);
    if (state.ok && !state.value.ended && (await begunHere(run, state.value)).ok) return run;
  }
  return undefined;
}

async function runOfPlan(runs: readonly RunRef[], plan: string): Promise<RunRef | undefined> {
  for (const run of runs) {
    const state = await readRun(run);
    if (state.ok && state.value.plan.id === plan) return run;
  }
  return undefined;
}
