import * as vscode from 'vscode';
import { judgedByWords } from '../../analysis/task-words.ts';
import { hoverAt, type TaskFacts } from '../../language/hover.ts';
import type { Shape } from '../../language/shapes/shape.ts';
import type { Task } from '../../model/plan/plan.ts';
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
  const { wave, stated, after, before, conflicts, task } = graph;
  return [
    title || id,
    stated === undefined
      ? vscode.l10n.t('Wave {0}', wave)
      : vscode.l10n.t('Wave {0} (the file says {1})', wave, stated),
    list(vscode.l10n.t('After'), after),
    list(vscode.l10n.t('Before'), before),
    list(vscode.l10n.t('Never at the same time as'), conflicts),
    list(vscode.l10n.t('May change'), task.scope ?? []),
    task.agent === undefined ? '' : vscode.l10n.t('Agent: {0}', task.agent),
    task.estimate === undefined ? '' : vscode.l10n.t('Estimate of its author: {0}', task.estimate),
    task.run === undefined ? byWords(task) : '',
    before.length === 0 ? '' : vscode.l10n.t('With what waits for it: as long as {0} tasks of medium size', graph.path),
  ].filter(Boolean);
}

/** A first guess from the words alone; what agents did in the repository before knows better. */
function byWords(task: Task): string {
  const { type, complexity, minutes } = judgedByWords(task);
  const kind = `${type.replaceAll('_', ' ')}, ${complexity.toLowerCase()}`;
  return vscode.l10n.t(
    'By its words: {0}; about {1} min of an agent ({2} to {3})',
    kind,
    minutes.value,
    minutes.low,
    minutes.high,
  );
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
