import { type PlanTimes, taskTimes, timesLines } from '../../analysis/plan-times.ts';
import { expectedTimes } from '../../engine/past/past-runs.ts';
import { prepareRun, startedEvent } from '../../engine/runs.ts';
import type { Repository } from '../../git/repository.ts';
import { Rehearsal, type World } from '../../model/decide/rehearsal.ts';
import { ok, refuse, type Result } from '../../model/failure.ts';
import type { Event } from '../../model/run/event.ts';
import type { RunState } from '../../model/run/state.ts';
import { type Attention, statusOf } from '../../model/run/view.ts';
import { meant } from '../../model/text/nearest.ts';
import { answersOf, inOrder } from '../asking/answers.ts';
import { type Call, type Command, inRepository } from '../call.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { gantt, legend } from '../shown/gantt.ts';
import { planOf } from '../plan-file.ts';
import { problemLine } from '../shown/problem-line.ts';
import type { Style } from '../shown/style.ts';
import { overrides } from './run.ts';
import { count, plain } from '../shown/text.ts';

export const rehearse: Command = {
  summary: 'say how a run of a plan would go, before anything is started, written or paid for',
  more: `The rules of a run decide as they would, with a clock of their own: each task takes what half of the tasks like it
take, you approve at once, and all goes well but for what --fails names.

Ends with 0 where all would be merged, 1 where not, 2 invalid input, 3 where it would wait for a person.`,
  places: ['[plan.yaml|plan_id]'],
  options: ['mode', 'agents', 'fails', 'json'],
  run: (call) => inRepository(call, (repository) => rehearseIn(call, repository)),
};

async function rehearseIn(call: Call, repository: Repository): Promise<Result<ExitCode>> {
  const { terminal, options } = call;
  const wanted = overrides(options);
  if (!wanted.ok) return wanted;
  const planFile = await planOf(call, repository.root);
  if (!planFile.ok) return planFile;
  const prepared = await prepareRun(repository, { planFile: planFile.value, ...wanted.value });
  if (!prepared.ok) return prepared;
  const started = await startedEvent(repository, prepared.value, { run: 'rehearsal' });
  if (!started.ok) return started;
  const fails = failing(options.fails, started.value.plan.tasks);
  if (!fails.ok) return fails;
  for (const problem of prepared.value.problems) terminal.note(problemLine(problem, prepared.value.planFile));
  const { plan, config, agents } = started.value;
  const times = await expectedTimes(repository, { plan, config, agents });
  const played = play(new Rehearsal(started.value, worldOf(times, fails.value)));
  if (options.json) terminal.print(JSON.stringify(dataOf(played, times), undefined, 2));
  else terminal.print(...lines(played, times, { columns: terminal.size().columns, style: terminal.style }));
  return ok(exitOf(played));
}

function failing(named: string | undefined, tasks: readonly { id: string }[]): Result<ReadonlySet<string>> {
  const ids = named?.split(',').map((id) => id.trim()) ?? [];
  const known = tasks.map(({ id }) => id);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown === undefined) return ok(new Set(ids));
  return refuse(`--fails names "${unknown}", which is no task.${meant(unknown, known)}`);
}

const worldOf = ({ tasks }: PlanTimes, fails: ReadonlySet<string>): World => ({
  takes: (task) => tasks.get(task)?.duration.p50 ?? 0,
  agent: (task) =>
    fails.has(task)
      ? { kind: 'failed', type: 'fixable', message: 'fails in this rehearsal', summary: '' }
      : { kind: 'succeeded', summary: '' },
});

/** How it went: what a person was asked for, and what it waits for in the end. */
interface Played {
  rehearsal: Rehearsal;
  asked: readonly Attention[];
  waits: readonly Attention[];
}

/** The person says yes to what a plan foresees. What is asked because something failed is theirs to say. */
function play(rehearsal: Rehearsal): Played {
  const asked: Attention[] = [];
  for (;;) {
    rehearsal.run();
    const items = inOrder(rehearsal.state);
    const item = items.find(({ kind }) => FORESEEN.has(kind));
    const [yes] = item ? answersOf(item) : [];
    if (!item || !yes) return { rehearsal, asked, waits: items };
    asked.push(item);
    const order = { id: `rehearsed-${asked.length}`, ...yes.wish(rehearsal.state) };
    rehearsal.tell({ type: 'order.accepted', order });
  }
}

const FORESEEN: ReadonlySet<Attention['kind']> = new Set(['approval', 'manual', 'look']);

function exitOf({ rehearsal: { state } }: Played): ExitCode {
  if (state.ended) return state.ended.outcome === 'merged' ? EXIT.merged : EXIT.failed;
  return EXIT.waiting;
}

function lines(
  { rehearsal: { state, now, events }, asked, waits }: Played,
  times: PlanTimes,
  { columns, style }: { columns: number; style: Style },
): string[] {
  const { starts, atOnce } = agentsIn(events);
  const left = [...state.tasks.values()].filter(({ settled }) => settled?.kind !== 'done');
  return [
    ` ${style.paint('bold', `Rehearsal: ${plain(state.plan.objective) || plain(state.plan.id)}`)}`,
    ' Nothing was started, written or paid for.',
    '',
    ...gantt(state, { columns, now }, style).map((line) => ` ${line}`),
    ` ${style.paint('dim', legend(style))}`,
    '',
    ` Agents start ${count(starts, 'time')}, at most ${atOnce} at once.`,
    ...timesLines(times).map((text) => ` ${plain(text)}`),
    ` You are asked ${count(asked.length, 'time')}: ${asked.map(({ text }) => plain(text)).join('; ')}.`,
    ...left.map((task) => ` ${plain(task.task.id)} is not merged: ${statusOf(state, task)}.`),
    ...waits.map(({ text }) => ` It waits for you: ${plain(text)}`),
  ];
}

/** How often agents start, and how many are at work side by side. */
function agentsIn(events: readonly Event[]): { starts: number; atOnce: number } {
  const working = new Set<string>();
  let [starts, atOnce] = [0, 0];
  for (const event of events) {
    if (event.type === 'job.intended' && event.purpose.kind === 'agent') {
      working.add(event.intent);
      starts += 1;
      atOnce = Math.max(atOnce, working.size);
    } else if (event.type === 'job.ended') working.delete(event.intent);
  }
  return { starts, atOnce };
}

const dataOf = ({ rehearsal: { state, now, events }, asked, waits }: Played, times: PlanTimes): object => ({
  outcome: state.ended?.outcome,
  took: now - state.startedAt,
  ...agentsIn(events),
  tasks: [...state.tasks.values()].map((task) => ({
    id: task.task.id,
    status: statusOf(state, task),
    attempts: task.attempts.length,
    beginsAfter: sinceStart(state, task.attempts[0]?.startedAt),
    expected: expectedOf(times, task.task.id),
  })),
  asked: asked.map(({ kind, text }) => ({ kind, text })),
  waits: waits.map(({ kind, text }) => ({ kind, text })),
});

const sinceStart = ({ startedAt }: RunState, at: number | undefined): number | undefined =>
  at === undefined ? undefined : at - startedAt;

function expectedOf({ tasks }: PlanTimes, id: string): object | undefined {
  const found = tasks.get(id);
  return found && taskTimes(found);
}
