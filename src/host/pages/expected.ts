import { timesLines } from '../../analysis/plan-times.ts';
import { expectedTimes } from '../../engine/past/past-runs.ts';
import type { RunSession } from '../../engine/session.ts';
import type { Page } from '../../webview/protocol.ts';
import { titleIn } from '../words.ts';

/** Tasks of a plan of which it is told: more would hold up the editor for longer than a moment. */
const MOST = 1000;

/** How long plans that wait for approval should take: looked for once for each text of a plan, and there a little later. */
export class Expected {
  readonly #lines = new Map<string, readonly string[]>();

  /** Nothing yet where it is being looked for; `found` is called when it is there. */
  of({ ref, state }: RunSession, found: () => void): Pick<Page, 'expected'> {
    if (state.approval.kind !== 'awaited' || state.ended || state.planning || state.tasks.size > MOST) return {};
    const key = `${state.run} ${state.planHash}`;
    const lines = this.#lines.get(key);
    if (lines) return lines.length > 0 ? { expected: lines } : {};
    this.#lines.set(key, []);
    void expectedTimes(ref.repository, state, state.run).then((times) => {
      this.#lines.set(key, timesLines(times, titleIn(state)));
      found();
    });
    return {};
  }
}
