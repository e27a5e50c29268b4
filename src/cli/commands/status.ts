import { durationsOf, type PlanTimes, timesLines, timesObject } from '../../analysis/plan-times.ts';
import { isDriven } from '../../engine/driven.ts';
import { expectedTimes } from '../../engine/past/past-runs.ts';
import { Replay } from '../../engine/journal/replay.ts';
import { readRun } from '../../engine/runs.ts';
import type { RunRef } from '../../engine/session.ts';
import { crewLines } from '../../model/crew/crew.ts';
import { defined } from '../../model/defined.ts';
import { ok, refuse, type Result } from '../../model/failure.ts';
import { accountOf } from '../../model/shown/account.ts';
import { failedTasks } from '../../model/run/diagnosis.ts';
import { type Outlook, outlookOf } from '../../model/shown/outlook.ts';
import { outlookLines } from '../../model/shown/outlook-words.ts';
import type { RunState } from '../../model/run/state.ts';
import { attention } from '../../model/run/view.ts';
import { answersTo } from '../asking/answers.ts';
import { block } from '../shown/block.ts';
import { type Call, type Command, inRepository } from '../call.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { lastWords } from '../shown/last-words.ts';
import { readMoment } from '../moment.ts';
import { pickRun } from '../pick.ts';
import { showProcesses } from './processes.ts';
import { summary } from '../shown/summary.ts';
import { clockText, plain, secondText, timeText, wrap } from '../shown/text.ts';
import { shellWord } from '../../model/text/shell-word.ts';

export const status: Command = {
  summary: 'show where a run stands',
  more:
    'A run is named by its id, the beginning of it, or its plan_id. With --json: one object.\n' +
    'With --processes: the agents and gates at work, their processes, and when each last gave a sign of life.\n' +
    'With --at: where it stood at a past moment, as its journal says: "--at 10:42:07", or "--at 120" for event 120.',
  places: ['[run]'],
  options: ['run', 'json', 'processes', 'export', 'at'],
  run: (call) =>
    inRepository(call, async (repository) => {
      const ref = await pickRun(repository, call.positionals[0] ?? call.options.run);
      if (!ref.ok) return ref;
      const { processes, export: file, at } = call.options;
      if (at !== undefined) return showMoment(call, ref.value, at);
      const state = await readRun(ref.value);
      if (!state.ok) return state;
      return (processes || file !== undefined ? showProcesses : show)(call, ref.value, state.value);
    }),
};

async function show({ terminal, options }: Call, ref: RunRef, state: RunState): Promise<Result<ExitCode>> {
  const { columns } = terminal.size();
  const now = Date.now();
  const driven = !state.ended && (await isDriven(ref));
  const ahead = await aheadOf(ref, state, now);
  if (options.json)
    terminal.print(JSON.stringify({ ...statusObject(state, ref), driven, ...aheadObject(ahead) }, undefined, 2));
  else if (state.ended) terminal.print(...summary(state, { columns, now, folder: ref.folder }, terminal.style));
  else
    terminal.print(
      ...block(state, { columns, now, said: await lastWords(ref, state) }, terminal.style),
      ...(state.approval.kind === 'awaited' ? crewLines(state).map((text) => ` ${plain(text)}`) : []),
      ...aheadLines(ahead, now).flatMap((text) => wrap(plain(text), columns - 1).map((line) => ` ${line}`)),
      ...(state.adapted?.reasons ?? []).map((text) => ` ${plain(text)}`),
      ...failedLines(state),
      ` run ${ref.run}${driven ? '' : ', which nobody drives now: orchestrate resume'}`,
    );
  return ok(EXIT.merged);
}

/** How long a plan should take before it is approved, and what comes next while it is done. */
interface Ahead {
  expected?: PlanTimes;
  outlook?: Outlook;
}

async function aheadOf({ repository, run }: RunRef, state: RunState, now: number): Promise<Ahead> {
  if (state.ended || (state.planning && state.approval.kind === 'awaited')) return {};
  const times = await expectedTimes(repository, state, run);
  return state.approval.kind === 'awaited'
    ? { expected: times }
    : { outlook: outlookOf(state, now, durationsOf(times)) };
}

const aheadObject = ({ expected, outlook }: Ahead): object =>
  defined({ expected: expected && timesObject(expected), outlook });

const aheadLines = ({ expected, outlook }: Ahead, now: number): string[] => [
  ...(expected ? timesLines(expected) : []),
  ...(outlook ? outlookLines(outlook, { clock: (at) => clockText(at, now), span: timeText }) : []),
];

/** A run with more says so below its tasks; `orchestrate why` tells of all. */
const MOST_FAILED = 3;

const failedLines = (state: RunState): string[] =>
  failedTasks(state)
    .slice(0, MOST_FAILED)
    .map(({ task: { id } }) => ` ${plain(id)} failed: what can be done says orchestrate why ${shellWord(plain(id))}`);

/** Where it stood, by the fold of its journal up to then. Of what runs there is nothing to tell any more. */
async function showMoment({ terminal, options }: Call, ref: RunRef, at: string): Promise<Result<ExitCode>> {
  if (options.processes || options.export !== undefined)
    return refuse('what ran in the past has no processes any more: --at goes without them');
  const replay = await Replay.open(ref);
  if (!replay.ok) return replay;
  const asked = readMoment(at, replay.value);
  if (!asked.ok) return asked;
  const moment = replay.value.moment(asked.value.event);
  if (!moment.ok) return moment;
  const { state, event, of, words } = moment.value;
  const now = asked.value.time ?? moment.value.at;
  if (options.json)
    terminal.print(
      JSON.stringify({ ...statusObject(state, ref), moment: { event, of, at: moment.value.at, words } }, undefined, 2),
    );
  else {
    const { columns } = terminal.size();
    terminal.print(
      ...(state.ended
        ? summary(state, { columns, now, folder: ref.folder }, terminal.style)
        : block(state, { columns, now, said: new Map() }, terminal.style)),
      ` run ${ref.run} as it was at ${secondText(now)}, after event ${event} of ${of}: ${plain(words)}`,
    );
  }
  return ok(EXIT.merged);
}

/** What `status --json` prints. */
const statusObject = (state: RunState, { run, folder }: Pick<RunRef, 'run' | 'folder'>): object => ({
  run,
  folder,
  ...accountOf(state),
  attention: attention(state).map((item) => ({ ...item, commands: answersTo(item) })),
});
