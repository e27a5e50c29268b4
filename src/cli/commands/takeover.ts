import type { RunSession } from '../../engine/session.ts';
import { ownSession, type OwnSession } from '../../engine/own-session.ts';
import { until } from '../../engine/until.ts';
import { ok, refuse, type Result } from '../../model/failure.ts';
import { meant } from '../../model/text/nearest.ts';
import type { Attempt } from '../../model/run/state.ts';
import { takenOf } from '../../model/shown/taking.ts';
import { start } from '../../process/spawn.ts';
import type { Call, Command } from '../call.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { openRun } from '../pick.ts';
import { plain } from '../shown/text.ts';
import { shellWord } from '../../model/text/shell-word.ts';

export const takeover: Command = {
  summary: "stop a task's agent and go on with its session yourself",
  more: `The agent's own program opens in the task's worktree, with its session where it has one. When you leave it, the
worktree stays yours until you hand it back: orchestrate handback <task>.
A task that failed for good is yours in a new worktree, with what its last attempt changed.`,
  places: ['<task>'],
  options: ['run'],
  run: takeOver,
};

async function takeOver(call: Call): Promise<Result<ExitCode>> {
  // Somebody has to stop the agent: we do where nobody drives.
  const session = await openRun(call, 'drive');
  if (!session.ok) return session;
  const taken = await take(session.value, call.positionals[0] ?? '');
  await session.value.dispose();
  if (!taken.ok) return taken;
  const { task } = taken.value;
  const own = ownSession(session.value.state, taken.value);
  call.terminal.note(`${plain(task)} is yours, in ${own.cwd}`);
  await open(own, call);
  call.terminal.note(`Hand it back when the directory is as it should be: orchestrate handback ${shellWord(task)}`);
  return ok(EXIT.merged);
}

/** Resolves when nothing of the agent is at work any more, or a worktree is ready. */
async function take(session: RunSession, task: string): Promise<Result<Attempt>> {
  const { state } = session;
  if (!state.tasks.has(task)) return refuse(`There is no task "${task}".${meant(task, state.tasks.keys())}`);
  const given = await session.order({ type: 'takeover', task });
  if (!given.ok) return given;
  const taken = await until(session, (now) => takenOf(now, task));
  return taken.is === 'yours' ? ok(taken.attempt) : refuse(`"${task}" ${taken.why}.`);
}

/** In this terminal where a person sits at it; else it is only said how. */
async function open({ argv, env, cwd }: OwnSession, { terminal }: Call): Promise<void> {
  if (!argv)
    return terminal.note('Its agent has no session that a person could open: go on there with whatever you like.');
  if (!terminal.interactive) return terminal.print(`cd ${shellWord(cwd)} && ${argv.map(shellWord).join(' ')}`);
  const child = start({ argv }, { cwd, env: { ...process.env, ...env }, stdio: 'inherit' });
  // Ctrl-C is for the program; one too many, when it has given the keyboard back, does not keep us from the last word.
  process.on('SIGINT', ignore);
  const failure = await new Promise<string | undefined>((resolve) => {
    child.once('error', ({ message }) => resolve(message));
    child.once('exit', () => resolve(undefined));
  });
  if (failure !== undefined) terminal.note(`It cannot be started: ${failure}`);
}

const ignore = (): void => undefined;
