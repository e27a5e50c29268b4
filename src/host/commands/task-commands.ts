import { join } from 'node:path';
import * as vscode from 'vscode';
import { INSTRUCTIONS } from '../../engine/performing/briefing.ts';
import { attemptFolder } from '../../engine/places.ts';
import type { RunSession } from '../../engine/session.ts';
import { OWN_ANSWER } from '../../model/crew/asking.ts';
import type { Attempt, TaskState } from '../../model/run/state.ts';
import { attention, type Attention } from '../../model/run/view.ts';
import { openDiff } from '../diff.ts';
import { give, giveAndDrive } from '../orders.ts';
import type { Handlers, Parts } from '../parts.ts';
import { targetOf, textOf } from '../target.ts';
import type { Words } from './steering-commands.ts';
import { allows } from '../../model/run/accept.ts';

type TaskCommands = Pick<
  Handlers,
  | 'orchestrate.retry'
  | 'orchestrate.skip'
  | 'orchestrate.done'
  | 'orchestrate.answer'
  | 'orchestrate.allowOnce'
  | 'orchestrate.allowAlways'
  | 'orchestrate.deny'
  | 'orchestrate.showInstructions'
  | 'orchestrate.openTerminal'
  | 'orchestrate.openDiff'
  | 'orchestrate.revealWorktree'
>;

export const taskCommands = (parts: Parts): TaskCommands => ({
  'orchestrate.retry': (argument) => retry(parts, argument),
  'orchestrate.skip': (argument) => skip(parts, argument),
  'orchestrate.done': (argument) => done(parts, argument),
  'orchestrate.answer': (argument) => answer(parts, argument),
  'orchestrate.allowOnce': (argument) => answerPermission(parts, argument, 'allow'),
  'orchestrate.allowAlways': (argument) => answerPermission(parts, argument, 'always'),
  'orchestrate.deny': (argument) => answerPermission(parts, argument, 'reject'),
  'orchestrate.showInstructions': (argument) => showInstructions(parts, argument),
  'orchestrate.openTerminal': (argument) => openTerminal(parts, argument),
  'orchestrate.openDiff': (argument) => diff(parts, argument),
  'orchestrate.revealWorktree': (argument) => revealWorktree(parts, argument),
});

const can =
  (type: 'retry' | 'skip' | 'done') =>
  ({ state }: RunSession, { task: { id } }: TaskState): boolean =>
    allows(state, { type, task: id });

async function retry(parts: Parts, argument: unknown): Promise<void> {
  const { finding, asking } = parts;
  const found = await finding.task(targetOf(argument), can('retry'), vscode.l10n.t('No task can be tried again.'));
  if (!found) return;
  const { session, task } = found;
  const prompt = vscode.l10n.t('What should the next attempt know? Leave it empty to say nothing.');
  const title = vscode.l10n.t('Retry "{0}"', task.task.title);
  const comment = await asking.input({ title, prompt, required: false, value: textOf(argument) ?? '' });
  if (comment !== undefined) await tryAgain({ session, task, text: comment }, parts);
}

/** Begins another attempt, which is told the words, if there are any. */
export async function tryAgain(
  { session, task, text }: Words,
  parts: Pick<Parts, 'asking' | 'runs'>,
): Promise<boolean> {
  const wish = { type: 'retry' as const, task: task.task.id, ...(text.trim() === '' ? {} : { comment: text }) };
  return giveAndDrive(session, wish, parts);
}

async function skip({ finding, asking, runs }: Parts, argument: unknown): Promise<void> {
  const found = await finding.task(targetOf(argument), can('skip'), vscode.l10n.t('No task can be skipped.'));
  if (!found) return;
  const text = vscode.l10n.t('Skip "{0}"?', found.task.task.title);
  const detail = vscode.l10n.t('It is not done, and tasks that depend on it go on without it.');
  if (!(await asking.confirm({ text, detail, action: vscode.l10n.t('Skip') }))) return;
  const { session } = found;
  const hadEnded = session.state.ended !== undefined;
  const given = await give(session, { type: 'skip', task: found.task.task.id }, asking);
  if (given && hadEnded && session.role === 'follows') await runs.pickUp(session.ref);
}

async function done({ finding, asking }: Parts, argument: unknown): Promise<void> {
  const target = targetOf(argument);
  if (await finding.isOver(target)) return;
  const found = await finding.task(target, can('done'), vscode.l10n.t('No task waits for your work.'));
  if (found) await give(found.session, { type: 'done', task: found.task.task.id }, asking);
}

/** A question with its choices; a plan, a pause and a manual task have commands of their own and are sent there. */
async function answer({ finding, asking }: Parts, argument: unknown): Promise<void> {
  const found = await finding.attention(
    targetOf(argument),
    () => true,
    vscode.l10n.t('Nothing waits for your answer.'),
  );
  if (!found) return;
  const { session, item } = found;
  const choice = await asking.pick(
    item.text,
    item.choices.map(({ id, label }) => ({ label, value: id, ...(item.kind === 'asked' ? {} : MEANS[id]) })),
  );
  if (choice === undefined) return;
  const target = {
    target: { run: session.state.run, attention: item.id, ...(item.task === undefined ? {} : { task: item.task }) },
  };
  const command = { approve: 'approve', reject: 'reject', resume: 'resume', done: 'done' }[
    item.kind in OWN ? choice : ''
  ];
  if (command) await vscode.commands.executeCommand(`orchestrate.${command}`, target);
  else if ((await giveAnswer(session, { item, choice }, asking)) && item.kind === 'asked') await answerNext(session);
}

/** What follows from an answer to a failure. */
const MEANS: Readonly<Record<string, { icon: string; detail: string }>> = {
  retry: { icon: 'refresh', detail: vscode.l10n.t('Another attempt begins, with what failed and what you say.') },
  skip: {
    icon: 'debug-step-over',
    detail: vscode.l10n.t('It is not done, and tasks that depend on it go on without it.'),
  },
  stop: { icon: 'debug-stop', detail: vscode.l10n.t('Agents at work are stopped. What is merged stays merged.') },
};

/** What an agent asked besides is asked next. */
async function answerNext({ state }: RunSession): Promise<void> {
  const next = attention(state).find(({ kind }) => kind === 'asked');
  if (!next) return;
  await vscode.commands.executeCommand('orchestrate.answer', { target: { run: state.run, attention: next.id } });
}

/** The agent waits for just this: one press answers it. What it offers besides is behind "Answer". */
async function answerPermission({ finding, asking }: Parts, argument: unknown, choice: string): Promise<void> {
  const found = await finding.attention(
    targetOf(argument),
    ({ kind, choices }) => kind === 'permission' && choices.some(({ id }) => id === choice),
    vscode.l10n.t('No agent asks for that.'),
  );
  if (found) await give(found.session, { type: 'answer', question: found.item.id, choice }, asking);
}

/** Whoever says no, or wants another attempt, may say why: it goes into the prompt of the next attempt. */
async function giveAnswer(
  session: RunSession,
  { item: { id: question, kind, text: title }, choice }: { item: Attention; choice: string },
  asking: Parts['asking'],
): Promise<boolean> {
  const isAgents = kind === 'asked';
  const prompt = isAgents
    ? vscode.l10n.t('Your answer goes to the agent as it is.')
    : vscode.l10n.t('What should the next attempt know? Leave it empty to say nothing.');
  const isExplained = isAgents ? choice === OWN_ANSWER.id : EXPLAINED.has(choice);
  const said = isExplained ? await asking.input({ title, prompt, required: isAgents }) : '';
  if (said === undefined) return false;
  const comment = said.trim() === '' ? {} : { comment: said };
  return give(session, { type: 'answer', question, choice, ...comment }, asking);
}

const EXPLAINED: ReadonlySet<string> = new Set(['reject', 'retry']);

const OWN = { approval: true, paused: true, manual: true, taken: true };

/** What a person is told to do, beside the worktree to do it in. */
async function showInstructions({ finding, asking }: Parts, argument: unknown): Promise<void> {
  const none = vscode.l10n.t('No task waits for your work.');
  const target = targetOf(argument);
  if (await finding.isOver(target)) return;
  const found = await finding.attempt(target, isManual, none);
  if (!found) return;
  const { session, attempt } = found;
  const file = vscode.Uri.file(join(attemptFolder(session.ref, attempt.name), INSTRUCTIONS));
  await vscode.commands.executeCommand('markdown.showPreview', file);
  const open = vscode.l10n.t('Open the Worktree');
  const finished = vscode.l10n.t('Mark Done');
  const title = session.state.tasks.get(attempt.task)?.task.title ?? attempt.task;
  const chosen = await asking.tell('info', vscode.l10n.t('"{0}" is yours to do.', title), open, finished);
  if (chosen === open)
    await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(attempt.path ?? ''), {
      forceNewWindow: true,
    });
  if (chosen === finished) await give(session, { type: 'done', task: attempt.task }, asking);
}

async function openTerminal({ finding, terminals }: Parts, argument: unknown): Promise<void> {
  const found = await finding.attempt(targetOf(argument), () => true, vscode.l10n.t('No task was tried yet.'));
  if (found) await terminals.show(found.session, found.attempt);
}

async function diff({ finding, asking }: Parts, argument: unknown): Promise<void> {
  const found = await finding.attempt(targetOf(argument), changed, vscode.l10n.t('No task changed anything yet.'));
  if (found) await openDiff(found.session, found.attempt, asking);
}

async function revealWorktree({ finding, asking }: Parts, argument: unknown): Promise<void> {
  const none = vscode.l10n.t('No task has a worktree now.');
  const found = await finding.attempt(targetOf(argument), (_, attempt) => attempt.worktree === 'there', none);
  if (!found) return;
  const { path } = found.attempt;
  if (path === undefined || found.attempt.worktree !== 'there') return void (await asking.tell('info', none));
  const uri = vscode.Uri.file(path);
  const choice = await asking.pick<() => Thenable<unknown> | void>(path, [
    {
      label: vscode.l10n.t('Open in a new window'),
      icon: 'empty-window',
      value: () => vscode.commands.executeCommand('vscode.openFolder', uri, { forceNewWindow: true }),
    },
    {
      label: vscode.l10n.t('Open a shell in it'),
      icon: 'terminal',
      value: () => vscode.window.createTerminal({ cwd: uri }).show(),
    },
    {
      label: vscode.l10n.t('Show in the file manager'),
      icon: 'folder-opened',
      value: () => vscode.commands.executeCommand('revealFileInOS', uri),
    },
    { label: vscode.l10n.t('Copy the path'), icon: 'copy', value: () => vscode.env.clipboard.writeText(path) },
  ]);
  await choice?.();
}

const isManual = ({ state }: RunSession, attempt: Attempt): boolean => state.agents[attempt.task]?.manual === true;

const changed = (_: RunSession, { result, worktree }: Attempt): boolean =>
  Boolean(result?.commit) || worktree === 'there';
