import * as vscode from 'vscode';
import { readReport } from '../../engine/past/report.ts';
import { describe } from '../../model/failure.ts';
import { reportPage } from '../../model/report/page.ts';
import { anyRun } from '../any-run.ts';
import type { Handlers, Parts } from '../parts.ts';
import { clock, span } from '../words.ts';

export const reportCommands = (parts: Parts): Pick<Handlers, 'orchestrate.writeReport'> => ({
  'orchestrate.writeReport': (argument) => writeReport(parts, argument),
});

/** Opens the report of a run as a document that lies nowhere yet: keeping it, and where, is the person's. */
async function writeReport(parts: Parts, argument: unknown): Promise<void> {
  const ref = await anyRun(parts, argument);
  if (!ref) return;
  const report = await readReport(ref, span);
  if (!report.ok) return void (await parts.asking.tell('error', describe(report.failure)));
  const content = reportPage(report.value, { clock, span });
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'markdown', content }));
}
