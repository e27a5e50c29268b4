import { currentPush, pushTargetOf } from '../run/push.ts';
import type { Draft } from './draft.ts';

/**
 * The last thing before a run ends that has passed as a whole: its result is pushed where it says so. What the remote
 * refuses is a person's to decide; nothing is forced.
 */
export function pushFirst(draft: Draft): void {
  const { state } = draft;
  const now = currentPush(state);
  if (now?.kind === 'refused') return askAboutPush(draft, now);
  const target = now?.kind === 'wanted' ? now : state.config.push;
  if (!target || (now && now.kind !== 'wanted')) return;
  if (state.planning || state.integration === state.base) return;
  draft.intend({ type: 'push.intended', ...pushTargetOf(state, target), commit: state.integration });
}

/** Of a run that has ended, because a person says so; a refusal is told to them. */
export function pushWhenAsked(draft: Draft): void {
  const { state } = draft;
  if (state.push?.kind !== 'wanted') return;
  const { remote, branches } = state.push;
  draft.intend({ type: 'push.intended', remote, branches, commit: state.integration });
}

function askAboutPush(
  draft: Draft,
  { remote, reason, commit }: { remote: string; reason: string; commit: string },
): void {
  draft.ask({
    id: `push:${commit.slice(0, 10)}`,
    kind: 'push',
    text: `Everything passed, and the result could not be pushed to ${remote}: ${reason}`,
    choices: [
      { id: 'again', label: 'Push again' },
      { id: 'skip', label: 'End without pushing' },
    ],
  });
}
