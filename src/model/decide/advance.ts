import type { Attempt } from '../run/state.ts';
import { pickedBefore } from '../run/contest.ts';
import { isBrought } from '../run/rollback.ts';
import { gatesAtOnce } from '../crew/admission.ts';
import { asks } from './asking.ts';
import { type Draft, openJobs } from './draft.ts';
import { foresee } from './forecast.ts';
import { failAttempt, judge } from './judge.ts';
import { mayWork } from './limits.ts';
import { goesOn } from './steering.ts';
import { goOn } from './resume.ts';

/** Takes each living attempt one step further; see `Stage` for the steps. */
export function advance(draft: Draft): void {
  const running = openJobs(draft.state).filter(({ purpose }) => purpose.kind === 'taskGate').length;
  const gates = { free: gatesAtOnce(draft.state) - running };
  for (const attempt of draft.state.active) step(draft, attempt, gates);
}

function step(draft: Draft, attempt: Attempt, gates: { free: number }): void {
  const { stage, task, number } = attempt;
  if (draft.state.tasks.get(task)?.settled?.kind === 'skipped' || pickedBefore(draft.state, task)) return;
  switch (stage.at) {
    case 'preparing':
      if (stage.intent === undefined) prepareAgain(draft, attempt);
      return;
    case 'prepared':
      if (draft.state.config.setup === undefined) startAgent(draft, attempt);
      else draft.job({ kind: 'setup', task, attempt: number });
      return;
    case 'setUp':
      return afterSetup(draft, attempt);
    case 'worked':
      if (asks(draft, attempt) || goesOn(draft, attempt)) return;
      if (goOn(draft, attempt)) return;
      return draft.intend({ type: 'result.intended', task, attempt: number });
    case 'verifying':
      if (stage.intent === undefined) judge(draft, attempt, gates);
      return;
    case 'working':
      return foresee(draft, attempt);
    case 'settingUp':
    case 'collecting':
    case 'queued':
    case 'merged':
    case 'ended':
      return;
  }
}

function prepareAgain(draft: Draft, { task, number, name, branch, base, carry }: Attempt): void {
  draft.intend({ type: 'worktree.intended', task, attempt: number, name, branch, base, ...(carry ? { carry } : {}) });
}

function startAgent(draft: Draft, attempt: Attempt): void {
  const { task, number } = attempt;
  if (isBrought(draft.state, attempt)) draft.conclude({ type: 'attempt.brought', task, attempt: number });
  else if (draft.state.agents[task]?.manual) draft.conclude({ type: 'attempt.handed', task, attempt: number });
  else if (draft.isAtHome(task) && mayWork(draft, task)) draft.job({ kind: 'agent', task, attempt: number });
}

function afterSetup(draft: Draft, attempt: Attempt): void {
  const { end } = attempt;
  if (end?.kind === 'exited' && end.exit.code === 0 && !end.exit.stopped) return startAgent(draft, attempt);
  if (end?.kind !== 'exited') {
    return failAttempt(draft, attempt, { kind: 'interrupted', type: 'transient', message: 'set-up was interrupted' });
  }
  const tail = end.exit.spawnError ?? `exit ${end.exit.code ?? end.exit.signal}`;
  failAttempt(draft, attempt, { kind: 'setup', type: 'transient', message: `set-up failed: ${tail}`, tail });
}
