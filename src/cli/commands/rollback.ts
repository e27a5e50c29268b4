import type { RunSession } from '../../engine/session.ts';
import { refusal } from '../../model/run/accept.ts';
import { ok, refuse, type Result } from '../../model/failure.ts';
import type { Wish } from '../../model/run/order.ts';
import { mergedTasks } from '../../model/run/rollback.ts';
import { rollbackLines } from '../../model/shown/rollback-words.ts';
import type { RunState } from '../../model/run/state.ts';
import { meant } from '../../model/text/nearest.ts';
import type { Call, Command } from '../call.ts';
import { EXIT } from '../exit.ts';
import { withoutDriver } from './order.ts';
import { openRun } from '../pick.ts';
import { plain } from '../shown/text.ts';
import { isMeant } from '../asking/yes.ts';

type Undo = Wish & { type: 'rollback' };

export const rollback: Command = {
  summary: 'take back merged results, and all that stands on them',
  more: `<task>            the task's result
wave <n>          the results of a wave
run               all of them
What goes and what stays is said first. The run stands still afterwards: edit the plan or not, then orchestrate resume.
To stop everything as well: orchestrate cancel --rollback`,
  places: ['<task|wave|run>', '[n]'],
  options: ['run', 'yes', 'dry-run', 'comment'],
  async run(call) {
    const session = await openRun(call, 'follow');
    if (!session.ok) return session;
    const done = await takeBack(call, session.value);
    await session.value.dispose();
    if (done.ok && done.value) await withoutDriver(call, done.value, session.value);
    if (done.ok && done.value) call.terminal.print('Do it again with: orchestrate resume');
    return done.ok ? ok(done.value || call.options['dry-run'] ? EXIT.merged : EXIT.waiting) : done;
  },
};

/** The order that was given, if one was. */
async function takeBack(call: Call, session: RunSession): Promise<Result<Undo | undefined>> {
  const { terminal, options } = call;
  const { state } = session;
  const tasks = tasksOf(state, call.positionals);
  if (!tasks.ok) return tasks;
  const { comment } = options;
  const wish: Undo = { type: 'rollback', tasks: tasks.value, tip: state.integration, ...(comment ? { comment } : {}) };
  const reason = refusal(state, { id: '', ...wish });
  if (reason !== undefined) return refuse(`${reason}.`);
  terminal.print(
    `rollback in run ${state.run}:`,
    ...rollbackLines(state, tasks.value).map((line) => `  ${plain(line)}`),
  );
  if (options['dry-run']) return ok(undefined);
  if (!(await isMeant(call, 'Take it back?'))) {
    terminal.note('Nothing is taken back. Say yes with --yes.');
    return ok(undefined);
  }
  const given = await session.order(wish);
  return given.ok ? ok(wish) : given;
}

/** A task of that name comes first. */
function tasksOf(state: RunState, [what = '', number]: readonly string[]): Result<string[]> {
  if (state.tasks.has(what)) return ok([what]);
  if (what === 'wave') return ofWave(state, number);
  if (what !== 'run')
    return refuse(`There is no task "${what}".${meant(what, [...state.tasks.keys(), 'wave', 'run'])}`);
  const all = mergedTasks(state);
  return all.length > 0 ? ok(all) : refuse('Nothing is merged yet.');
}

function ofWave(state: RunState, number: string | undefined): Result<string[]> {
  const waves = [...new Set([...state.tasks.values()].map(({ wave }) => wave))].toSorted((a, b) => a - b);
  const wave = Number(number);
  if (number === undefined || !waves.includes(wave))
    return refuse(`Which wave? There are ${waves.join(', ')}: orchestrate rollback wave <n>`);
  const tasks = mergedTasks(state, wave);
  return tasks.length > 0 ? ok(tasks) : refuse(`Nothing of wave ${wave} is merged.`);
}
