import type { RunSession } from '../engine/session.ts';
import { describe } from '../model/failure.ts';
import type { Wish } from '../model/run/order.ts';
import type { RunState } from '../model/run/state.ts';
import type { Asking } from './asking/asking.ts';
import { allows } from '../model/run/accept.ts';
import type { Runs } from './runs.ts';

/** Gives an order and says why, where it cannot be followed. */
export async function give(session: RunSession, wish: Wish, asking: Asking): Promise<boolean> {
  const done = await session.order(wish);
  if (!done.ok) await asking.tell('warning', describe(done.failure));
  return done.ok;
}

/** The same to a run that may have ended, or have lost its driver: where nobody drives it, this window does. */
export async function giveAndDrive(
  session: RunSession,
  wish: Wish,
  { asking, runs }: { asking: Asking; runs: Runs },
): Promise<boolean> {
  const given = await give(session, wish, asking);
  if (given && session.role === 'follows') await runs.pickUp(session.ref);
  return given;
}

/** How words reach a task's agent: as the reason of another attempt where nothing follows by itself, else as a message. */
export function wayToAgent(state: RunState, task: string): 'retry' | 'tell' | undefined {
  return (['retry', 'tell'] as const).find((type) => allows(state, { type, task, text: '…' }));
}
