import type { FileStatus, Origin, Plan } from '../model/plan.ts';
import { writeGemStatuses } from './gem-plan.ts';
import { llmStatusFile } from './llm-status.ts';
import { milestoneEdits } from './orchestra-write.ts';
import { promptEdits } from './prompt-done.ts';

/** How a run of an imported plan goes, as the files it came from are told. */
export interface Shown {
  plan: Plan;
  status: 'in_progress' | 'completed' | 'failed' | 'cancelled';
  tasks: readonly ShownTask[];
  /** Epoch milliseconds. */
  startedAt: number;
  now: number;
}

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

/** Each file of a plan's origin that is told how the run goes, with what changes in it and nothing else. */
export function originEdits(origin: Origin, shown: Shown): FileEdit[] {
  switch (origin.format) {
    case 'orchestra-milestone':
      return milestoneEdits(origin, shown);
    case 'prompts':
      return promptEdits(origin, shown);
    case 'llm-plan':
      return [llmStatusFile(origin, shown)];
    case 'gem-plan': {
      const statuses = new Map(shown.tasks.map(({ id, status }) => [id, status]));
      const planStatus = shown.status === 'cancelled' ? 'in_progress' : shown.status;
      return [{ file: origin.file, change: (text) => text && writeGemStatuses(text, statuses, planStatus) }];
    }
  }
}
