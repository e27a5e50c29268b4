import { latestRuns } from '../gate.ts';
import type { RunState } from '../run/state.ts';
import type { Draft } from './draft.ts';
import { checkTip, gatesOn } from './merging.ts';
import { pushFirst } from './pushing.ts';
import { leave } from './stopping.ts';

/** When nothing is left to do: the final gates if the tip has not seen them, the result branch, the push, the end. */
export function finish(draft: Draft): void {
  const { state } = draft;
  if (state.frontier.unfinished > 0 || state.live.size > 0 || state.candidate || state.questions.size > 0) return;
  // Whether there is more to do is what a person is asked.
  if (state.proposal) return;
  if (state.open.size > 0) return;
  if (!finalGatesSeen(state)) return checkTip(draft);
  leave(draft);
  if (draft.events.length > 0) return;
  const end = verdict(state);
  if (end.outcome === 'merged') pushFirst(draft);
  if (draft.events.length > 0) return;
  draft.conclude({ type: 'run.ended', ...end });
}

function finalGatesSeen(state: RunState): boolean {
  const needed = gatesOn(state, 'final');
  const last = state.merges.at(-1);
  if (needed.length === 0 || !last) return true;
  const seen = new Set(last.gates.map(({ gate }) => gate));
  return needed.every((gate) => seen.has(gate));
}

/** How a run ends that has nothing left to do; `name` writes a task by its id. */
export function verdict(
  state: RunState,
  name = (task: string): string => task,
): { outcome: 'merged' | 'failed'; reason: string } {
  const tasks = [...state.tasks.values()];
  const failed = tasks.filter(({ settled }) => settled?.kind === 'failed');
  const blocked = tasks.filter(({ task, settled }) => !settled && state.frontier.isBlocked(task.id));
  const last = state.merges.at(-1);
  const red = last?.members.length === 0 ? latestRuns(last.gates).filter(({ result }) => result !== 'passed') : [];
  const reasons = [
    ...(failed.length > 0 ? [`${failed.length} failed: ${failed.map(({ task }) => name(task.id)).join(', ')}`] : []),
    ...(blocked.length > 0
      ? [`${blocked.length} blocked: ${blocked.map(({ task }) => name(task.id)).join(', ')}`]
      : []),
    ...(red.length > 0 ? [`final gate red on what is merged: ${red.map(({ gate }) => gate).join(', ')}`] : []),
  ];
  return reasons.length > 0
    ? { outcome: 'failed', reason: reasons.join('; ') }
    : { outcome: 'merged', reason: 'all tasks are done' };
}
