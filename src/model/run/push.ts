import { PUSH_TARGET, type PushTarget } from '../config/config.ts';
import { isRefName, isRemoteName } from '../config/checks.ts';
import { slug } from '../text/names.ts';
import type { Order } from './order.ts';
import type { Push, RunState } from './state.ts';

/** Where the result of this run goes, with its own names in the place of patterns. */
export const pushTargetOf = ({ plan, run }: Pick<RunState, 'plan' | 'run'>, target: PushTarget): PushTarget => ({
  remote: target.remote,
  branches: target.branches.map((branch) => branch.replaceAll('{plan_id}', slug(plan.id)).replaceAll('{run}', run)),
});

/** What a person should know before they approve: that it is pushed in the end, and where to. */
export function pushWords(state: RunState): string[] {
  const { push } = state.config;
  if (!push || state.planning) return [];
  const { remote, branches } = pushTargetOf(state, push);
  return [`when all of it has passed it is pushed to ${remote} as ${branches.join(', ')}`];
}

/** The order to push the result, where the configuration says or else where the usual place is. */
export function pushWish(
  state: RunState,
  { remote, branch }: { remote?: string | undefined; branch?: string | undefined } = {},
) {
  const usual = state.config.push ?? PUSH_TARGET;
  const target = { remote: remote ?? usual.remote, branches: branch === undefined ? usual.branches : [branch] };
  return { type: 'push' as const, remote: target.remote, branches: [...pushTargetOf(state, target).branches] };
}

/** Of the commit that is the result now. */
export function currentPush({ push, integration }: RunState): Push | undefined {
  return push && (push.kind === 'wanted' || push.commit === integration) ? push : undefined;
}

/** Why the result cannot be pushed now. */
export function refusedPush(state: RunState, { remote, branches }: Order & { type: 'push' }): string | undefined {
  if (state.planning) return 'what it makes is a plan, which is taken file by file';
  if (!state.ended) return 'the run is not over yet: only what has passed as a whole is pushed';
  if (state.ended.outcome !== 'merged') return `the run has ended (${state.ended.outcome}): nothing of it is pushed`;
  if (state.integration === state.base) return 'nothing was merged';
  if (isBeingPushed(state)) return 'it is being pushed already';
  return refusedTarget(state, { remote, branches });
}

function refusedTarget(state: RunState, { remote, branches }: PushTarget): string | undefined {
  const wrong = isRemoteName(remote) ? branches.find((branch) => !isRefName(branch)) : remote;
  if (wrong !== undefined) return `"${wrong}" is no name that git takes`;
  const now = currentPush(state);
  if (now?.kind !== 'pushed' || now.remote !== remote) return undefined;
  const isThere = branches.every((one) => now.branches.includes(one));
  return isThere ? `it is on ${remote} already, as ${branches.join(', ')}` : undefined;
}

/** What became of it, for people; undefined while nothing did. */
export function pushLine(state: RunState): string | undefined {
  const { push } = state;
  if (push?.kind === 'pushed') return `pushed to ${push.remote} as ${push.branches.join(', ')}`;
  return push?.kind === 'refused' ? `not pushed: ${push.reason}` : undefined;
}

/** Somebody wants it pushed, and that has no outcome yet. */
export const isBeingPushed = ({ push }: RunState): boolean => push?.kind === 'wanted' || push?.kind === 'pushing';

/** A push has begun. */
export function pushing(state: RunState, { remote, branches, commit }: PushTarget & { commit: string }): void {
  state.push = { kind: 'pushing', remote, branches, commit };
}

type Said = { at: number } & ({ type: 'push.done'; url: string } | { type: 'push.refused'; reason: string });

/** It is over. */
export function pushed(state: RunState, said: Said): void {
  if (state.push?.kind !== 'pushing') return;
  const { remote, branches, commit } = state.push;
  const what = { remote, branches, commit };
  state.push =
    said.type === 'push.done'
      ? { kind: 'pushed', ...what, url: said.url, at: said.at }
      : { kind: 'refused', ...what, reason: said.reason };
}

/** A person says what follows a refusal. */
export function answerPush(state: RunState, choice: string): void {
  if (state.push?.kind !== 'refused') return;
  const { remote, branches, commit } = state.push;
  state.push =
    choice === 'again' ? { kind: 'wanted', remote, branches } : { kind: 'declined', remote, branches, commit };
}
