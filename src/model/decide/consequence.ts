import type { Config } from '../config/config.ts';
import type { OnFailure } from '../gate.ts';
import type { AttemptFailure } from '../run/event.ts';

/** What follows where a task fails for good: what the gate says that it failed at, else what is said of any failure. */
export function consequence({ gates, onFailure }: Config, failure: AttemptFailure | undefined): OnFailure {
  const red = failure?.kind === 'gate' || failure?.kind === 'together' ? failure.run.gate : undefined;
  return gates.find(({ name }) => name === red)?.onFailure ?? onFailure;
}
