import type { RunSession } from '../engine/session.ts';
import { describe } from '../model/failure.ts';
import { refusal } from '../model/run/accept.ts';
import type { Wish } from '../model/run/order.ts';
import type { RunState } from '../model/run/state.ts';
import type { Asking } from './asking/asking.ts';

/** Gives an order and says why, where it cannot be followed. */
export async function give(session: RunSession, wish: Wish, asking: Asking): Promise<boolean> {
  const done = await session.order(wish);
  if (!done.ok) await asking.tell('warning', describe(done.failure));
  return done.ok;
}

/** How words reach a task's agent: as the reason of another attempt where nothing follows by itself, else as a message. */
export function wayToAgent(state: RunState, task: string): 'retry' | 'tell' | undefined {
  const can = (type: 'tell' | 'retry') => refusal(state, { id: '', type, task, text: '…' }) === undefined;
  return (['retry', 'tell'] as const).find(can);
}
