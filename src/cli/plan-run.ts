import { timesLines } from '../analysis/plan-times.ts';
import { needsHome } from '../engine/performing/assign.ts';
import { openSession } from '../engine/open-session.ts';
import { expectedTimes } from '../engine/past/past-runs.ts';
import { createRun, type Prepared, prepareRun, type Wanted } from '../engine/runs.ts';
import type { RunSession } from '../engine/session.ts';
import type { Repository } from '../git/repository.ts';
import { crewLines } from '../model/crew/crew.ts';
import { defined } from '../model/defined.ts';
import { refuse, type Result } from '../model/failure.ts';
import { pushWords } from '../model/run/push.ts';
import type { Call } from './call.ts';
import { problemLine } from './shown/problem-line.ts';
import { plain } from './shown/text.ts';
import { takeUp } from './taken-up.ts';

/** What a call wants otherwise than the plan and orchestrate.yaml say. */
export type Overrides = Omit<Wanted, 'planFile'>;

/** Makes a run of a plan, and says what a person should know of it; `base`: the commit it starts from, else HEAD. */
export async function openPlanRun(
  call: Call,
  repository: Repository,
  wanted: Wanted,
  base?: string,
): Promise<Result<RunSession>> {
  const prepared = await prepareRun(repository, wanted);
  return prepared.ok ? openPrepared(call, repository, { ...prepared.value, ...defined({ base }) }) : prepared;
}

/** The same of a plan that is prepared. */
export async function openPrepared(
  call: Call,
  repository: Repository,
  prepared: Prepared,
): Promise<Result<RunSession>> {
  const homeless = await needsHome(repository, prepared);
  if (homeless !== undefined) return refuse(homeless);
  for (const problem of prepared.problems) call.terminal.note(problemLine(problem, prepared.planFile));
  const ref = await createRun(repository, prepared, 'cli');
  if (!ref.ok) return ref;
  const session = await openSession(ref.value, { by: 'cli', runner: call.runner, as: 'drive' });
  if (!session.ok) return session;
  const takenUp = await takeUp(call, session.value, prepared.config);
  if (!takenUp.ok) {
    await session.value.dispose();
    return takenUp;
  }
  const { state } = session.value;
  if (state.approval.kind === 'awaited')
    call.terminal.note(...crewLines(state).map(plain), ...pushWords(state).map(plain));
  // Nobody who has said yes is told what to expect.
  if (state.approval.kind === 'awaited' && call.options.yes !== true)
    call.terminal.note(...timesLines(await expectedTimes(repository, state, state.run)).map(plain));
  return session;
}
