import * as vscode from 'vscode';
import { messageOf } from '../../model/shown/review-comment.ts';
import { wayToAgent } from '../orders.ts';
import type { Handlers, Parts } from '../parts.ts';
import { targetOf } from '../target.ts';
import { say } from './steering-commands.ts';
import { tryAgain } from './task-commands.ts';

type CommentCommands = Pick<
  Handlers,
  'orchestrate.addComment' | 'orchestrate.deleteComment' | 'orchestrate.sendComments'
>;

/** Called by the editor on what it draws: the reply that was written, a comment, a thread. */
export const commentCommands = (parts: Parts): CommentCommands => ({
  'orchestrate.addComment': async (argument) => {
    if (!isReply(argument) || argument.text.trim() === '' || (await parts.comments.add(argument))) return;
    const gone = vscode.l10n.t('The run is no longer shown here, so nothing was kept: {0}', argument.text);
    await parts.asking.tell('warning', gone);
  },
  'orchestrate.deleteComment': (argument) => parts.comments.delete(argument),
  'orchestrate.sendComments': (argument) => send(parts, argument),
});

const isReply = (argument: unknown): argument is vscode.CommentReply =>
  typeof argument === 'object' && argument !== null && 'thread' in argument && 'text' in argument;

/** All drafts of a task at once. They stay drafts when its agent cannot be told of them, and the person reads why. */
async function send(parts: Parts, argument: unknown): Promise<void> {
  const { comments, finding, asking } = parts;
  const none = vscode.l10n.t('No comment waits to be sent. Open the diff of an attempt and comment on its lines.');
  const found = await finding.task(
    comments.targetOf(argument) ?? targetOf(argument),
    ({ state }, { task }) => comments.drafts(state.run, task.id).length > 0,
    none,
  );
  if (!found) return;
  const { session, task } = found;
  const drafts = comments.drafts(session.state.run, task.task.id);
  if (drafts.length === 0) return void (await asking.tell('info', none));
  const words = { session, task, text: messageOf(drafts) };
  const isRetry = wayToAgent(session.state, task.task.id) === 'retry';
  if (await (isRetry ? tryAgain(words, parts) : say(words, asking))) await comments.sent(drafts);
}
