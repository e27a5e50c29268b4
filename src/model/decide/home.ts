import { taskOf } from '../run/state.ts';
import type { Draft } from './draft.ts';

/**
 * Nothing is left but tasks whose agent lives elsewhere, such as in an editor. The run stands still with a word instead
 * of failing them: whoever has the agent takes it up again.
 */
export function waitForHome(draft: Draft): void {
  const { state, homeless } = draft;
  if (homeless === undefined || draft.wakeAt !== undefined) return;
  if (state.paused || state.open.size > 0 || state.questions.size > 0) return;
  const { name = '', home = '' } = state.agents[homeless] ?? {};
  const { title } = taskOf(state, homeless).task;
  const reason = `"${title}" needs the agent "${name}", which only ${home} has: resume the run there`;
  draft.conclude({ type: 'run.paused', reason, halt: false });
}
