import type { Origin } from '../model/plan/plan.ts';
import { writeGemStatuses } from './gem/plan.ts';
import { llmStatusFile } from './llm/status.ts';
import { milestoneEdits } from './orchestra/write.ts';
import { promptEdits } from './gadugi/prompt-done.ts';
import type { FileEdit, Shown } from './shown.ts';

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
