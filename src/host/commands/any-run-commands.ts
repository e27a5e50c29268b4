import * as vscode from 'vscode';
import { listRuns } from '../engine/runs.ts';
import type { RunRef } from '../engine/session.ts';
import type { Parts } from './parts.ts';
import { runWords } from './rows/run-rows.ts';
import { targetOf } from './target.ts';

/**
 * The run that is meant; from the palette any run of the repository, also one that the tree does not show. Undefined where
 * there is none (which is said), or the person turned away.
 */
export async function anyRun(parts: Parts, argument: unknown): Promise<RunRef | undefined> {
  const choices = await runsOf(parts);
  const { run } = targetOf(argument);
  if (run !== undefined) return choices.find(({ value }) => value.run === run)?.value;
  if (choices.length > 1) return parts.asking.pick(vscode.l10n.t('Which run?'), choices);
  if (choices.length === 0) await parts.asking.tell('info', vscode.l10n.t('There is no run yet: start a plan.'));
  return choices[0]?.value;
}

/** Newest first; of those that are not open, only the name is known. */
async function runsOf({ runs }: Parts): Promise<{ label: string; description?: string; value: RunRef }[]> {
  const open = runs.sessions.map(({ state, ref }) => ({
    label: state.run,
    description: `${runWords(state).word} · ${state.plan.objective}`,
    value: ref,
  }));
  const known = new Set(open.map(({ label }) => label));
  const all = runs.repository ? await listRuns(runs.repository) : [];
  const older = all.filter(({ run }) => !known.has(run)).toReversed();
  return [...open, ...older.map((ref) => ({ label: ref.run, value: ref }))];
}
