import * as vscode from 'vscode';
import { listRuns } from '../../engine/runs.ts';
import type { Handlers, Parts } from '../parts.ts';
import { runWords } from '../rows/run-rows.ts';
import { targetOf } from '../target.ts';

export const boardCommands = (parts: Parts): Pick<Handlers, 'orchestrate.showRun'> => ({
  'orchestrate.showRun': (argument) => showRun(parts, argument),
});

/** The page of the run that is meant; from the palette any run of the repository, also one that the tree does not show. */
async function showRun(parts: Parts, argument: unknown): Promise<void> {
  const { boards, asking } = parts;
  const run = targetOf(argument).run;
  if (run !== undefined) return boards.show(run);
  const choices = await runsOf(parts);
  if (choices.length === 0)
    return void (await asking.tell('info', vscode.l10n.t('There is no run yet: start a plan.')));
  const picked = choices.length === 1 ? choices[0]!.value : await asking.pick(vscode.l10n.t('Which run?'), choices);
  if (picked !== undefined) boards.show(picked);
}

/** Newest first; of those that are not open, only the name is known. */
async function runsOf({ runs }: Parts): Promise<{ label: string; description?: string; value: string }[]> {
  const open = runs.sessions.map(({ state }) => ({
    label: state.run,
    description: `${runWords(state).word} · ${state.plan.objective}`,
    value: state.run,
  }));
  const known = new Set(open.map(({ value }) => value));
  const all = runs.repository ? await listRuns(runs.repository) : [];
  const older = all.filter(({ run }) => !known.has(run)).toReversed();
  return [...open, ...older.map(({ run }) => ({ label: run, value: run }))];
}
