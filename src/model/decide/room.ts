import { strainsOf } from '../crew/strain.ts';
import { sizeText } from '../text/size.ts';
import type { Draft } from './draft.ts';

/** Milliseconds until a machine that holds tasks back is looked at again although nothing happened: others use it too. */
const LOOK_AGAIN = 20_000;

/** Something waits for the machine: whoever drives looks at it again then. */
export function waitForMachine(draft: Draft): void {
  const { machine } = draft.state;
  const at = (machine?.at ?? 0) + LOOK_AGAIN;
  if (machine && at > draft.now) draft.wake(at);
}

/** Without room on the disk nothing is begun; when nothing else is to be done, only a person can make room. */
export function waitForDisk(draft: Draft): void {
  const { state } = draft;
  const { machine, config, open, questions } = state;
  if (draft.events.length > 0 || state.paused || open.size > 0 || questions.size > 0 || !isDiskShort(draft)) return;
  if (state.frontier.ready().length === 0) return;
  const free = `${sizeText(machine?.disk ?? 0)} are free on the disk of ${state.root}`;
  const reason = `${free}, and nothing is begun below ${sizeText(config.limits.disk ?? 0)}: make room, then resume`;
  draft.conclude({ type: 'run.paused', reason, halt: false });
}

/** The disk is nearly full: what can be had from elsewhere goes. */
export const isDiskShort = ({ state }: Draft): boolean =>
  strainsOf(state.machine, state.config.limits).some(({ of }) => of === 'disk');
