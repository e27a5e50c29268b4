import type { RunSession } from '../engine/session.ts';
import { describe } from '../model/failure.ts';
import type { Wish } from '../model/run/order.ts';
import type { Asking } from './asking.ts';

/** Gives an order and says why, where it cannot be followed. */
export async function give(session: RunSession, wish: Wish, asking: Asking): Promise<boolean> {
  const done = await session.order(wish);
  if (!done.ok) await asking.tell('warning', describe(done.failure));
  return done.ok;
}
