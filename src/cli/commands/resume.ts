import type { RunSession } from '../../engine/session.ts';
import type { Failure, Result } from '../../model/failure.ts';
import { attend } from '../asking/attend.ts';
import type { Call, Command } from '../call.ts';
import type { ExitCode } from '../exit.ts';
import { openRun } from '../pick.ts';
import { limitAgents } from '../taken-up.ts';
import { attendPlanning } from './plan.ts';
import { count } from './run.ts';

export const resume: Command = {
  summary: 'take up a run again: after a pause, a cancel, a crash, a usage limit, or an answer given elsewhere',
  more: 'Without a run, the newest unfinished one. Where somebody drives it already, their progress is shown.',
  places: ['[run]'],
  options: ['run', 'agents', 'yes', 'baseline', 'json', 'wait', 'on-interrupt'],
  run: resumeRun,
};

async function resumeRun(call: Call): Promise<Result<ExitCode>> {
  const most = count('agents', call.options.agents);
  if (!most.ok) return most;
  const session = await openRun(call, 'drive', call.positionals[0]);
  if (!session.ok) return session;
  const refused = (await limited(call, session.value, most.value)) ?? (await goOn(session.value));
  const { state, ref } = session.value;
  if (!refused && state.planning) return attendPlanning(call, ref.repository, session.value);
  if (!refused) return attend(session.value, call.terminal, call.options);
  await session.value.dispose();
  return { ok: false, failure: refused };
}

async function limited(
  { terminal }: Call,
  session: RunSession,
  most: number | undefined,
): Promise<Failure | undefined> {
  const given = most === undefined ? undefined : await limitAgents(session, most, terminal);
  return given?.ok === false ? given.failure : undefined;
}

/** What stands still by a person's word goes on by a person's word; what has ended otherwise is only shown. */
async function goOn(session: RunSession): Promise<Failure | undefined> {
  const { paused, cancelled, ended, breakers } = session.state;
  if (!paused && !cancelled && ended?.outcome !== 'cancelled' && (ended || breakers.size === 0)) return undefined;
  const given = await session.order({ type: 'resume' });
  return given.ok ? undefined : given.failure;
}
