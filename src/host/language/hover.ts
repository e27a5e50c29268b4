import * as vscode from 'vscode';
import { hoverAt, type TaskFacts } from '../../language/hover.ts';
import type { Shape } from '../../language/shapes/shape.ts';
import { openFile, rangeIn } from './open-file.ts';

/** What there is to know of a task where its id is named, and of a key. */
export const hovering: vscode.HoverProvider = {
  provideHover: (document, position) => {
    const file = openFile(document);
    const hover = file && hoverAt(file, document.offsetAt(position));
    if (!hover) return undefined;
    const [head, ...lines] = hover.kind === 'task' ? taskLines(hover.task) : keyLines(hover.name, hover.shape);
    return new vscode.Hover(textOf(head ?? '', lines), rangeIn(document, hover));
  },
};

/** Text of a plan is data: no link, no picture in it works. */
function textOf(head: string, lines: readonly string[]): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString().appendMarkdown('**').appendText(head).appendMarkdown('**');
  for (const line of lines) markdown.appendMarkdown('\n\n').appendText(line);
  return markdown;
}

/** The order in which it stands is known only of a plan without mistakes. */
function taskLines({ id, title, graph }: TaskFacts): string[] {
  if (title === undefined) return [id, vscode.l10n.t('There is no such task.')];
  if (!graph) return [title || id];
  const { wave, stated, after, before, conflicts } = graph;
  return [
    title || id,
    stated === undefined
      ? vscode.l10n.t('Wave {0}', wave)
      : vscode.l10n.t('Wave {0} (the file says {1})', wave, stated),
    list(vscode.l10n.t('After'), after),
    list(vscode.l10n.t('Before'), before),
    list(vscode.l10n.t('Never at the same time as'), conflicts),
    list(vscode.l10n.t('May change'), graph.scope ?? []),
    graph.agent === undefined ? '' : vscode.l10n.t('Agent: {0}', graph.agent),
    graph.estimate === undefined ? '' : vscode.l10n.t('Estimate: {0}', graph.estimate),
    before.length === 0 ? '' : vscode.l10n.t('With what waits for it: as long as {0} tasks of medium size', graph.path),
  ].filter(Boolean);
}

const MOST = 12;

function list(what: string, words: readonly string[]): string {
  if (words.length === 0) return '';
  const more = words.length > MOST ? vscode.l10n.t(' and {0} more', words.length - MOST) : '';
  return `${what}: ${words.slice(0, MOST).join(', ')}${more}`;
}

function keyLines(name: string, { about, default: usual, words, instead }: Shape): string[] {
  return [
    name,
    about,
    ...Object.entries(words ?? {}).map(([word, means]) => (means === '' ? `– ${word}` : `– ${word}: ${means}`)),
    usual === undefined ? '' : vscode.l10n.t('Default: {0}', usual),
    instead === undefined ? '' : vscode.l10n.t('Instead: {0}', instead),
  ].filter(Boolean);
}
