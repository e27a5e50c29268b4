import type { FileStatus, Plan } from '../model/plan/plan.ts';

/** How a run of an imported plan goes, as the files it came from are told. */
export interface Shown {
  plan: Plan;
  status: 'in_progress' | 'completed' | 'failed' | 'cancelled';
  tasks: readonly ShownTask[];
  /** Epoch milliseconds. */
  startedAt: number;
  now: number;
}

/** One of its tasks. */
export interface ShownTask {
  id: string;
  status: FileStatus;
  wave: number;
  /** The merged commit, and the paths it changed. */
  commit?: string;
  files?: readonly string[];
  /** Why the last attempt failed. */
  error?: string;
  retries: number;
  /** At work, over all attempts. */
  minutes: number;
}

/** What one file is to become. */
export interface FileEdit {
  file: string;
  /** Gives the text back as it is where nothing is to be written; undefined: there is no such file, and none is made. */
  change: (text: string | undefined) => string | undefined;
  /** Before it is written for the first time: why nothing of the origin may be, because somebody else is at work on it. */
  objection?: (text: string) => string | undefined;
}
