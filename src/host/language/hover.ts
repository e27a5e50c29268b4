import * as vscode from 'vscode';
import { conflictsOf, dependants, effectiveWaves } from '../../model/graph.ts';
import type { Plan, Task } from '../../model/plan.ts';
import { readPlan } from '../../model/plan-reader.ts';
import { mentionAt, titlesOf } from './mentions.ts';

/** What there is to know of a task where its id is named. */
export const hovering: vscode.HoverProvider = {
  provideHover: (document, position) => {
    const mention = mentionAt(document, position);
    if (!mention) return undefined;
    const { plan } = readPlan(document.getText(), '');
    const task = plan?.tasks.find(({ id }) => id === mention.task);
    const title = titlesOf(document).get(mention.task) ?? vscode.l10n.t('There is no such task.');
    return new vscode.Hover(textOf(title, plan && task ? linesOf(plan, task) : []), mention.range);
  },
};

/** Text of a plan is data: no link, no picture in it works. */
function textOf(title: string, lines: readonly string[]): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString().appendText(title);
  for (const line of lines) markdown.appendMarkdown('\n\n').appendText(line);
  return markdown;
}

/** Known only of a plan without mistakes. */
function linesOf(plan: Plan, { id, dependencies }: Task): string[] {
  const wave = effectiveWaves(plan).get(id) ?? 1;
  const after = dependants(plan).get(id) ?? [];
  const conflicts = [...(conflictsOf(plan).get(id) ?? [])];
  return [
    vscode.l10n.t('Wave {0}', wave),
    dependencies.length > 0 ? vscode.l10n.t('After: {0}', dependencies.join(', ')) : '',
    after.length > 0 ? vscode.l10n.t('Before: {0}', after.join(', ')) : '',
    conflicts.length > 0 ? vscode.l10n.t('Never at the same time as: {0}', conflicts.join(', ')) : '',
  ].filter(Boolean);
}
