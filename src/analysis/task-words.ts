import type { Task } from '../model/plan/plan.ts';
import { type Complexity, type ComplexityFinding, complexityOf } from './complexity.ts';
import { type Estimate, estimateOf } from './estimate.ts';
import { type PromptText, readPrompt } from './prompt-text.ts';
import { type TaskType, typeOf } from './task-type.ts';

/** The words of a task, read as those of a prompt are. */
export function promptOf({ title, description, acceptanceCriteria, verification }: Task): PromptText {
  const list = [...acceptanceCriteria, ...verification].map((line) => `- ${line}`).join('\n');
  return readPrompt(`# ${title}\n\n${description}\n\n## Criteria\n${list}`);
}

/** How complex a task is: what its planner thought, else what its words say. */
export function sizeOf(
  prompt: PromptText,
  type: TaskType,
  { targets, stated }: { targets: readonly string[]; stated: Task['estimate'] },
): ComplexityFinding {
  if (stated === undefined) return complexityOf(prompt, type, targets);
  const complexity = ({ small: 'LOW', medium: 'MEDIUM', large: 'HIGH' } as const)[stated];
  return { complexity, because: ['its plan says so', `${stated} effort`] };
}

/**
 * What a task's own words and scope say of it, and how large its planner thought it; what is in the repository is not
 * looked at.
 */
export function judgedByWords(task: Task): { type: TaskType; complexity: Complexity; minutes: Estimate['minutes'] } {
  const prompt = promptOf(task);
  const { type } = typeOf(prompt);
  const { complexity } = sizeOf(prompt, type, { targets: task.scope ?? [], stated: task.estimate });
  const targets = task.scope?.every((glob) => !/[*?[{]/.test(glob)) ? task.scope.length : undefined;
  return { type, complexity, minutes: estimateOf({ type, complexity, targets, tests: 0, checkoutMb: 0 }).minutes };
}
