import type { Ending } from '../../model/shown/ending.ts';
import type { Load } from '../../model/shown/load.ts';
import type { Bar } from '../../model/run/timeline.ts';
import type { TaskStatus } from '../../model/run/view.ts';
import type { Page, Todo } from '../protocol.ts';

/** What stands over the chart; sent whole each time. Every text in it is data, to be shown as text. */
export interface Head extends Pick<
  Page,
  'run' | 'objective' | 'planFile' | 'phase' | 'outcome' | 'tasks' | 'spent' | 'waiting'
> {
  /** Where the chart begins: at the approval, else at the beginning of the run. Epoch milliseconds, as all times here. */
  from: number;
  /** The moment that is looked at. */
  now: number;
  /** The last moment that can be looked at. */
  end: number;
  /** The run has not ended, also where a past moment of it is looked at. */
  goesOn: boolean;
  /** Time goes on, and what is sent is of now. */
  isLive: boolean;
  /** By what its tasks, and tasks like them, took so far; absent where nothing is known. */
  ending?: Ending;
  /** In place of it: the person it waits for. */
  wait?: string;
  /** What comes next: what most waits for, what is slow, why a place is free, what may go wrong; a line each. */
  outlook: readonly string[];
  /** What was taken of the machine until then; absent where nothing was measured. */
  load?: Load;
  /** How many times as fast as one after the other. */
  speedUp?: number;
  /** A past moment: the number of its event among all, and what that was. Absent where the page shows the present. */
  moment?: { event: number; of: number; at: number; words: string };
}

/** A task and what its attempts spent their time on. */
export interface TaskLine {
  id: string;
  title: string;
  wave: number;
  agent: string;
  status: TaskStatus;
  /** On the chain of tasks that decides how long the run takes. */
  isCritical: boolean;
  attempts: readonly AttemptLine[];
}

export interface AttemptLine {
  number: number;
  /** Where it stands, or why it failed. */
  words: string;
  /** `stopped`: nothing was wrong with it. */
  end?: 'merged' | 'failed' | 'stopped';
  bars: readonly Bar[];
}

/**
 * `order`: the ids of all tasks in plan order, where they are others than before or the page knows none; `lines`: those
 * that look different since the last message.
 */
export interface ToBoard {
  kind: 'board';
  head: Head;
  order?: readonly string[];
  lines: readonly TaskLine[];
}

export type FromBoard =
  /** The page knows nothing yet; `event`: the past moment that it showed before it was made again. */
  | { kind: 'ready'; event?: number }
  | { kind: 'drawn' }
  /** Look at the last event that was not after a time. */
  | { kind: 'seek'; time: number }
  /** Look so many events on, or back. */
  | { kind: 'step'; by: number }
  /** Look at the present again. */
  | { kind: 'live' }
  | { kind: 'reveal'; task: string }
  | {
      kind: 'do';
      what: Todo | 'openTerminal' | 'openDiff' | 'whatWentWrong';
      task?: string;
      attempt?: number;
      attention?: string;
    };

/** How a part of the page tells the host. */
export type Say = (message: FromBoard) => void;
