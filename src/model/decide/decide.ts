import type { Happening } from '../run/event.ts';
import type { RunState } from '../run/state.ts';
import { advance } from './advance.ts';
import { checkBaselines } from './baseline.ts';
import { dispatch } from './dispatch.ts';
import { Draft, type World } from './draft.ts';
import { finish } from './finish.ts';
import { waitForHome } from './home.ts';
import { closeBreakers } from './limits.ts';
import { mergeQueued } from './merging.ts';
import { stopOutdone } from './picking.ts';
import { pushWhenAsked } from './pushing.ts';
import { takeBack } from './rollback.ts';
import { steer } from './steering.ts';
import { waitForDisk } from './room.ts';
import { clearAway, stopSkipped, windDown } from './stopping.ts';

export interface Decided {
  events: readonly Happening[];
  /** When to ask again although nothing happened; epoch milliseconds. */
  wakeAt?: number;
}

/**
 * What follows from the state. Pure and total: the same state and time give the same events; asked again with them
 * folded in, it goes on from there; an empty answer means that the run waits for an outcome, a person or `wakeAt`.
 */
export function decide(state: RunState, world: World): Decided {
  const draft = new Draft(state, world);
  if (state.ended) pushWhenAsked(draft);
  else rules(draft, state);
  return draft.wakeAt === undefined ? { events: draft.events } : { events: draft.events, wakeAt: draft.wakeAt };
}

function rules(draft: Draft, state: RunState): void {
  steer(draft);
  if (state.approval.kind === 'refused') {
    draft.conclude({ type: 'run.ended', outcome: 'rejected', reason: state.approval.comment });
  } else if (state.paused?.halt) {
    return;
  } else if (state.cancelled) {
    windDown(draft);
  } else if (state.rollback) {
    takeBack(draft);
  } else {
    const baselinesKnown = checkBaselines(draft);
    if (state.approval.kind === 'awaited' || !baselinesKnown) return;
    closeBreakers(draft);
    stopSkipped(draft);
    stopOutdone(draft);
    advance(draft);
    mergeQueued(draft);
    if (!state.paused && !holdsBack(draft)) dispatch(draft);
    clearAway(draft);
    if (draft.events.length === 0) finish(draft);
    if (draft.events.length === 0) waitForHome(draft);
    waitForDisk(draft);
  }
}

/** A pause or a question of this turn is not in the state yet: what it holds back is seen when we are asked again. */
const holdsBack = ({ events }: Draft): boolean =>
  events.some(({ type }) => type === 'run.paused' || type === 'question.asked');
