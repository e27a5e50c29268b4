import * as vscode from 'vscode';
import { readReport } from '../../engine/past/report.ts';
import { listRuns } from '../../engine/runs.ts';
import type { RunRef } from '../../engine/session.ts';
import { describe } from '../../model/failure.ts';
import { reportPage } from '../../model/report/page.ts';
import type { Handlers, Parts } from '../parts.ts';
import { targetOf } from '../target.ts';
import { clock, runWords, span } from '../words.ts';

/** What can be asked of any run of the repository, also of one that the tree does not show. */
export const anyRunCommands = (parts: Parts): Pick<Handlers, 'orchestrate.showRun' | 'orchestrate.writeReport'> => ({
  'orchestrate.showRun': (argument) => showRun(parts, argument),
  'orchestrate.writeReport': (argument) => writeReport(parts, argument),
});

/** The page of the run that is meant. */
async function showRun(parts: Parts, argument: unknown): Promise<void> {
  const run = targetOf(argument).run ?? (await anyRun(parts, argument))?.run;
  if (run !== undefined) parts.boards.show(run);
}

/** Opens the report of a run as a document that lies nowhere yet: keeping it, and where, is the person's. */
async function writeReport(parts: Parts, argument: unknown): Promise<void> {
  const ref = await anyRun(parts, argument);
  if (!ref) return;
  const report = await readReport(ref, span);
  if (!report.ok) return void (await parts.asking.tell('error', describe(report.failure)));
  const content = reportPage(report.value, { clock, span });
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'markdown', content }));
}

/** The run that is meant, else the one that the person picks. Undefined where there is none (which is said), or they turned away. */
async function anyRun(parts: Parts, argument: unknown): Promise<RunRef | undefined> {
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
