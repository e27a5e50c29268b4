import * as vscode from 'vscode';
import { newestOfPlans } from '../../engine/past/past-runs.ts';
import { readReport, readRetrospect } from '../../engine/past/report.ts';
import { listRuns } from '../../engine/runs.ts';
import type { RunRef } from '../../engine/session.ts';
import { describe, type Result } from '../../model/failure.ts';
import { reportPage } from '../../model/report/page.ts';
import { retrospectPage } from '../../model/report/retrospect-page.ts';
import type { Handlers, Parts } from '../parts.ts';
import { targetOf } from '../target.ts';
import { clock, runWords, span } from '../words.ts';

type Names = 'orchestrate.showRun' | 'orchestrate.writeReport' | 'orchestrate.writeReportOfAll';

/** What can be asked of any run of the repository, also of one that the tree does not show. */
export const anyRunCommands = (parts: Parts): Pick<Handlers, Names> => ({
  'orchestrate.showRun': (argument) => showRun(parts, argument),
  'orchestrate.writeReport': (argument) => writeReport(parts, argument),
  'orchestrate.writeReportOfAll': () => writeReportOfAll(parts),
});

/** The page of the run that is meant. */
async function showRun(parts: Parts, argument: unknown): Promise<void> {
  const run = targetOf(argument).run ?? (await anyRun(parts, argument))?.run;
  if (run !== undefined) parts.boards.show(run);
}

async function writeReport(parts: Parts, argument: unknown): Promise<void> {
  const ref = await anyRun(parts, argument);
  if (ref) await openPage(parts, await readReport(ref, span), (report) => reportPage(report, CLOCKS));
}

/** Of the newest run of each plan. */
async function writeReportOfAll(parts: Parts): Promise<void> {
  const { repository } = parts.runs;
  const refs = repository ? await newestOfPlans(repository) : [];
  if (refs.length === 0) return sayNone(parts);
  await openPage(parts, await readRetrospect(refs, span), (all) => retrospectPage(all, CLOCKS));
}

const CLOCKS = { clock, span };

/** Opens a document that lies nowhere yet: keeping it, and where, is the person's. */
async function openPage<T>({ asking }: Parts, told: Result<T>, page: (told: T) => string): Promise<void> {
  if (!told.ok) return void (await asking.tell('error', describe(told.failure)));
  const content = page(told.value);
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'markdown', content }));
}

/** The run that is meant, else the one that the person picks. Undefined where there is none (which is said), or they turned away. */
async function anyRun(parts: Parts, argument: unknown): Promise<RunRef | undefined> {
  const choices = await runsOf(parts);
  const { run } = targetOf(argument);
  if (run !== undefined) return choices.find(({ value }) => value.run === run)?.value;
  if (choices.length > 1) return parts.asking.pick(vscode.l10n.t('Which run?'), choices);
  if (choices.length === 0) await sayNone(parts);
  return choices[0]?.value;
}

const sayNone = async ({ asking }: Parts): Promise<void> =>
  void (await asking.tell('info', vscode.l10n.t('There is no run yet: start a plan.')));

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
