import { defined } from '../../model/defined.ts';
import { spentInRun } from '../../model/crew/spending.ts';
import { endingOf } from '../../model/run/diagnosis.ts';
import type { Event } from '../../model/run/event.ts';
import { measure } from '../../model/shown/measure.ts';
import { type Attempt, latest, type RunState, type TaskState } from '../../model/run/state.ts';
import { barsOf, endOf, longestChain } from '../../model/run/timeline.ts';
import { loadOf } from '../../model/shown/load.ts';
import { outlookOf } from '../../model/shown/outlook.ts';
import { outlookLines, personWords } from '../../model/shown/outlook-words.ts';
import type { Duration } from '../../model/schedule/duration.ts';
import { attention, progress, statusOf } from '../../model/run/view.ts';
import type { AttemptLine, Head, TaskLine, ToBoard } from '../../webview/board/protocol.ts';
import { phaseOf, waitingOf } from './page.ts';
import { spentOf } from './page-tasks.ts';
import { clock, progressOf, span, stageWords, titleIn } from '../words.ts';

/** The moment of a run that is looked at. */
export interface Look {
  state: RunState;
  /** Epoch milliseconds, as all here. */
  now: number;
  /** Where the chart begins, and the last moment there is. */
  from: number;
  end: number;
  /** The run has not ended by now, whatever it was then. */
  goesOn: boolean;
  /** How long its tasks should take, where tasks like them were measured. */
  durations?: ReadonlyMap<string, Duration>;
  /** Where it is a past one. */
  moment?: NonNullable<Head['moment']>;
}

/** Remembers what a page was told, and tells it what looks different since. */
export class Told {
  readonly #lines = new Map<string, string>();
  readonly #figures: Figures;
  #seen: readonly unknown[] = [];
  #order: readonly string[] = [];
  #plan: RunState['plan'] | undefined;

  constructor(stopwatch = () => performance.now()) {
    this.#figures = new Figures(stopwatch);
  }

  /** The page knows nothing any more. */
  forget(): void {
    this.#lines.clear();
    this.#order = [];
    this.#seen = [];
  }

  /** `touched`: the only tasks of which something was said since the last time; absent = of any. */
  tell(look: Look, touched?: ReadonlySet<string>): ToBoard {
    const { state, now } = look;
    const isReordered = this.#reorder(state);
    const { chain, figures } = this.#figures.of(look);
    const isSame = touched !== undefined && this.#isSame([state, state.plan, chain]);
    const tasks = isSame ? [...touched].flatMap((id) => state.tasks.get(id) ?? []) : state.tasks.values();
    const lines: TaskLine[] = [];
    for (const task of tasks) {
      const isCritical = chain.has(task.task.id);
      const looks = looksOf(state, task, isCritical);
      if (this.#lines.get(task.task.id) === looks) continue;
      this.#lines.set(task.task.id, looks);
      lines.push(lineOf(state, task, { now, isCritical }));
    }
    return { kind: 'board', head: headOf(look, figures), lines, ...(isReordered ? { order: this.#order } : {}) };
  }

  /**
   * Looks at every task again, where something happened and it is time for it; whether there is something to tell. Words do
   * not wait for it: it is for when they are on the screen.
   */
  renew(look: Look): boolean {
    return this.#figures.renew(look);
  }

  #isSame(seen: readonly unknown[]): boolean {
    const same = seen.every((one, index) => one === this.#seen[index]);
    this.#seen = seen;
    return same;
  }

  /** Whether the tasks are others, or others come first, or a new plan may call them otherwise. */
  #reorder({ tasks, plan }: RunState): boolean {
    const isKnown = plan === this.#plan && this.#order.length === tasks.size;
    if (isKnown) return false;
    this.forget();
    this.#plan = plan;
    this.#order = [...tasks.keys()];
    return true;
  }
}

/** What looking at every task brings. */
interface Figured {
  chain: ReadonlySet<string>;
  figures: Pick<Head, 'ending' | 'outlook' | 'load' | 'speedUp' | 'spent'>;
}

/** What takes looking at every task; what comes next costs more than all else, and has its own time. */
class Figures {
  readonly #past: Seldom<Figured>;
  readonly #ahead: Seldom<Ahead>;
  #chain: ReadonlySet<string> = new Set();

  constructor(stopwatch: () => number) {
    this.#past = new Seldom((look) => this.#measured(look), stopwatch);
    this.#ahead = new Seldom(aheadOf, stopwatch);
  }

  of(look: Look): Figured {
    const { chain, figures } = this.#past.of(look);
    return { chain, figures: { ...figures, ...this.#ahead.of(look) } };
  }

  /** One of them at a time, so that nothing waits for both. */
  renew(look: Look): boolean {
    return this.#past.renew(look) || this.#ahead.renew(look);
  }

  #measured({ state, now }: Look): Figured {
    const chain = longestChain(state, now);
    if (!isEqual(chain, this.#chain)) this.#chain = new Set(chain);
    const { speedUp } = measure(state, now);
    return { chain: this.#chain, figures: { outlook: [], ...spentOf(spentInRun(state)), ...defined({ speedUp }) } };
  }
}

type Ahead = Pick<Head, 'ending' | 'wait' | 'outlook' | 'load'>;

function aheadOf({ state, now, moment, durations }: Look): Ahead {
  const isOver = moment !== undefined || state.ended !== undefined;
  const outlook = isOver ? undefined : outlookOf(state, now, durations);
  const name = titleIn(state);
  const lines = outlook ? outlookLines(outlook, { clock, span, name }).slice(1) : [];
  const wait = outlook?.wait?.tasks.length ? personWords(outlook.wait, name) : undefined;
  return { outlook: lines, ...defined({ ending: outlook?.ending, wait, load: loadOf(state, now) }) };
}

/**
 * Something that takes looking at every task: found at once where it is about something else than before, and otherwise
 * anew now and then, of a run of thousands in a twentieth of the time.
 */
class Seldom<T> {
  readonly #find: (look: Look) => T;
  readonly #stopwatch: () => number;
  #about: readonly unknown[] | undefined;
  /** When the last event was that it knows of. */
  #at = 0;
  #until = 0;
  #found: T | undefined;

  constructor(find: (look: Look) => T, stopwatch: () => number) {
    this.#find = find;
    this.#stopwatch = stopwatch;
  }

  of(look: Look): T {
    return this.#found !== undefined && this.#isAbout(look) ? this.#found : this.#anew(look);
  }

  renew(look: Look): boolean {
    if (!this.#isAbout(look) || look.state.at === this.#at || this.#stopwatch() < this.#until) return false;
    this.#anew(look);
    return true;
  }

  #isAbout(look: Look): boolean {
    return aboutOf(look).every((one, index) => one === this.#about?.[index]);
  }

  #anew(look: Look): T {
    const began = this.#stopwatch();
    this.#about = aboutOf(look);
    this.#at = look.state.at;
    this.#found = this.#find(look);
    this.#until = began + 20 * (this.#stopwatch() - began);
    return this.#found;
  }
}

/** With another of these the figures are others. */
const aboutOf = ({ state, moment, durations }: Look): readonly unknown[] => [
  state,
  state.ended,
  moment,
  state.live.size > 0,
  durations,
];

const isEqual = (chain: readonly string[], known: ReadonlySet<string>): boolean =>
  chain.length === known.size && chain.every((id) => known.has(id));

/** What stands over the chart. */
function headOf({ state, now, from, end, goesOn, moment }: Look, figures: Figured['figures']): Head {
  const { ended } = state;
  return {
    run: state.run,
    objective: state.plan.objective || state.plan.id,
    planFile: state.planFile,
    phase: phaseOf(state),
    tasks: { total: state.tasks.size, byStatus: progress(state).byStatus },
    // What waited then is answered by nobody any more.
    waiting: attention(state).map((item) => ({ ...waitingOf(item, 'review'), ...(moment ? { todo: [] } : {}) })),
    from,
    now: endOf(state, now),
    end,
    goesOn,
    isLive: !ended && moment === undefined,
    ...figures,
    ...(ended ? { outcome: { kind: ended.outcome, reason: ended.reason } } : {}),
    ...(moment ? { moment } : {}),
  };
}

/** Differs whenever the task's line does, but for what grows with the time and what only a new plan changes. */
function looksOf(state: RunState, task: TaskState, isCritical: boolean): string {
  const attempt = latest(task);
  const status = statusOf(state, task);
  if (!attempt) return isCritical ? `${status} critical` : status;
  const { stage, stretches, takenAt, progress: said } = attempt;
  const told = stage.at === 'working' && said ? `${said.percent} ${said.text}` : '';
  const ends = state.ended === undefined ? '' : 'ended';
  return `${status} ${isCritical} ${ends} ${task.attempts.length} ${stretches.length} ${stage.at} ${takenAt} ${told}`;
}

function lineOf(state: RunState, task: TaskState, { now, isCritical }: { now: number; isCritical: boolean }): TaskLine {
  const { id, title } = task.task;
  return {
    id,
    title,
    wave: task.wave,
    agent: state.agents[id]?.name ?? task.task.agent ?? '',
    status: statusOf(state, task),
    isCritical,
    attempts: task.attempts.map((attempt) => attemptLine(state, attempt, now)),
  };
}

const attemptLine = (state: RunState, attempt: Attempt, now: number): AttemptLine => ({
  number: attempt.number,
  words: [stageWords(attempt), ...progressOf(attempt)].join(' · '),
  bars: barsOf(state, attempt, now),
  ...defined({ end: endingOf(attempt) }),
});

/** The tasks that events are about which only say how far agents are: nothing else looks different. Undefined for others. */
export function onlySpeakers(state: RunState, events: readonly Event[]): readonly string[] | undefined {
  const tasks: string[] = [];
  for (const event of events) {
    if (event.type !== 'job.reported' || (event.report.type !== 'progress' && event.report.type !== 'usage'))
      return undefined;
    const job = state.open.get(event.job);
    if (job?.type === 'job.intended' && 'task' in job.purpose) tasks.push(job.purpose.task);
  }
  return tasks;
}
