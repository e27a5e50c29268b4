import * as z from 'zod';
import type { Without } from '../without.ts';

/**
 * What a person asks of a run, whatever surface they use: one file in the run's inbox, `<id>.json`, made by rename.
 * An order that answers something names it, and is refused when that has changed meanwhile.
 */
export const orderSchema = z.lazy(() =>
  z.discriminatedUnion('type', [
    /** Start the plan with exactly this hash. `baseline`: gates that are red on the base may stay as red as they are. */
    z.object({
      id: z.string(),
      type: z.literal('approve'),
      planHash: z.string(),
      baseline: z.boolean().optional(),
      comment: z.string().optional(),
    }),
    z.object({ id: z.string(), type: z.literal('reject'), planHash: z.string(), comment: z.string() }),
    z.object({
      id: z.string(),
      type: z.literal('answer'),
      question: z.string(),
      choice: z.string(),
      comment: z.string().optional(),
    }),
    /** The person or tool that works on a manual attempt says it is finished. */
    z.object({ id: z.string(), type: z.literal('done'), task: z.string() }),
    z.object({ id: z.string(), type: z.literal('retry'), task: z.string(), comment: z.string().optional() }),
    z.object({ id: z.string(), type: z.literal('skip'), task: z.string(), comment: z.string().optional() }),
    /** A word to the task's agent: now where it can take one, else with its next turn or attempt. */
    z.object({ id: z.string(), type: z.literal('tell'), task: z.string(), text: z.string() }),
    /** The agent stops what it does at this moment; it goes on with the next message, or ends. */
    z.object({ id: z.string(), type: z.literal('interrupt'), task: z.string() }),
    /**
     * The agent is stopped for good and its worktree is a person's, until `done` hands it back. Of a task that failed for
     * good, or was skipped, the next attempt is: it begins with what the last one changed.
     */
    z.object({ id: z.string(), type: z.literal('takeover'), task: z.string() }),
    /** Push the result of a run that has ended well. */
    z.object({ id: z.string(), type: z.literal('push'), remote: z.string(), branches: z.array(z.string()).min(1) }),
    /** So many at work at once from now on; who is at work stays. */
    z.object({ id: z.string(), type: z.literal('agents'), most: z.int().min(1) }),
    z.object({ id: z.string(), type: z.literal('pause') }),
    z.object({ id: z.string(), type: z.literal('resume') }),
    /** `rollback`: what is merged is taken back too. */
    z.object({ id: z.string(), type: z.literal('cancel'), rollback: z.boolean().optional() }),
    /** Take back the results of these tasks, and of all that stand on them. `tip`: what was merged when a person said so. */
    z.object({
      id: z.string(),
      type: z.literal('rollback'),
      tasks: z.array(z.string()).min(1),
      tip: z.string(),
      comment: z.string().optional(),
    }),
  ]),
);

export type Order = z.infer<typeof orderSchema>;
/** An order before it has an id. */
export type Wish = Without<Order, 'id'>;
