import * as vscode from 'vscode';
import { ownSession } from '../../engine/own-session.ts';
import type { RunSession } from '../../engine/session.ts';
import { until } from '../../engine/until.ts';
import { agentAtWork } from '../../model/run/message.ts';
import { type Attempt, latest, type RunState, taskOf, type TaskState } from '../../model/run/state.ts';
import { takenOf } from '../../model/shown/taking.ts';
import type { Asking } from '../asking/asking.ts';
import { give } from '../orders.ts';
import type { Handlers, Parts } from '../parts.ts';
import { targetOf, textOf } from '../target.ts';
import { MESSAGE } from '../words.ts';
import { allows } from '../../model/run/accept.ts';

type SteeringCommands = Pick<
  Handlers,
  'orchestrate.tell' | 'orchestrate.interrupt' | 'orchestrate.takeOver' | 'orchestrate.handBack'
>;

export const steeringCommands = (parts: Parts): SteeringCommands => ({
  'orchestrate.tell': (argument) => tell(parts, argument),
  'orchestrate.interrupt': (argument) => interrupt(parts, argument),
  'orchestrate.takeOver': (argument) => takeOver(parts, argument),
  'orchestrate.handBack': (argument) => handBack(parts, argument),
});

const can =
  (type: 'tell' | 'interrupt' | 'takeover' | 'done') =>
  ({ state }: RunSession, { task: { id } }: TaskState): boolean =>
    allows(state, { type, task: id, text: '…' });

/** The picker offers those whose agent is at work; whoever wants may tell any task that is not over from its row. */
async function tell({ finding, asking }: Parts, argument: unknown): Promise<void> {
  const found = await finding.task(
    targetOf(argument),
    (session, task) => agentAtWork(session.state, task.task.id) !== undefined && can('tell')(session, task),
    vscode.l10n.t('No agent is at work.'),
  );
  if (!found) return;
  const { session, task } = found;
  const { title } = task.task;
  const prompt = vscode.l10n.t('It reads this now where it can; else when its turn is over.');
  const question = { title: vscode.l10n.t('Say to the agent of "{0}"', title), prompt, required: true };
  const text = await asking.input({ ...question, value: textOf(argument) ?? '' });
  if (text !== undefined) await say({ session, task, text }, asking);
}

/** Says it, and how far it came where that is not yet the agent. */
export async function say({ session, task, text }: Words, asking: Asking): Promise<boolean> {
  const { id, title } = task.task;
  if (!(await give(session, { type: 'tell', task: id, text }, asking))) return false;
  void fateOf(session, id, text).then((state) => {
    if (state !== 'told') vscode.window.setStatusBarMessage(`$(comment) ${title}: ${MESSAGE[state]}`, SHOWN);
  });
  return true;
}

/** What a person says to a task's agent. */
export interface Words {
  session: RunSession;
  task: TaskState;
  text: string;
}

/** Milliseconds. */
const SHOWN = 8000;

/** What becomes of a message; the agent's program may take its time, so it is not waited for long. */
async function fateOf(session: RunSession, task: string, text: string): Promise<keyof typeof MESSAGE> {
  const settled = (state: RunState): keyof typeof MESSAGE | undefined => {
    const message = latest(taskOf(state, task))?.messages.findLast((one) => one.text === text);
    return message?.state === 'sending' ? undefined : (message?.state ?? 'waiting');
  };
  return (await until(session, settled, AbortSignal.timeout(3000))) ?? 'sending';
}

async function interrupt({ finding, asking }: Parts, argument: unknown): Promise<void> {
  const found = await finding.task(targetOf(argument), can('interrupt'), vscode.l10n.t('No agent is at work.'));
  if (found) await give(found.session, { type: 'interrupt', task: found.task.task.id }, asking);
}

/** The agent is stopped first; then its own session, or a shell, opens in its worktree. */
async function takeOver({ finding, asking, runs }: Parts, argument: unknown): Promise<void> {
  const found = await finding.task(targetOf(argument), can('takeover'), vscode.l10n.t('No agent is at work.'));
  if (!found) return;
  const { id, title } = found.task.task;
  const hadEnded = found.session.state.ended !== undefined;
  if (!(await give(found.session, { type: 'takeover', task: id }, asking))) return;
  const session = hadEnded ? await driven(found.session, runs) : found.session;
  const taken = await until(session, (state) => takenOf(state, id));
  if (taken.is !== 'yours') return void (await asking.tell('info', vscode.l10n.t('"{0}" {1}.', title, taken.why)));
  openOwn(session, taken.attempt, title);
  const back = vscode.l10n.t('Hand Back');
  const text = vscode.l10n.t('"{0}" is yours: hand it back when its worktree is as it should be.', title);
  if ((await asking.tell('info', text, back)) === back) await give(session, { type: 'done', task: id }, asking);
}

/** A run that had ended is driven by nobody. */
async function driven(session: RunSession, runs: Parts['runs']): Promise<RunSession> {
  const picked = session.role === 'follows' ? await runs.pickUp(session.ref) : undefined;
  return picked?.ok ? picked.value : session;
}

/** No shell reads the program's arguments; where the agent has no session for people, a shell it is. */
function openOwn({ state }: RunSession, attempt: Attempt, title: string): void {
  const { argv, env, cwd } = ownSession(state, attempt);
  const [shellPath, ...shellArgs] = argv ?? [];
  const terminal = vscode.window.createTerminal({
    name: vscode.l10n.t('{0} (yours)', title),
    cwd,
    env: { ...env },
    iconPath: new vscode.ThemeIcon('person'),
    ...(shellPath === undefined ? {} : { shellPath, shellArgs }),
  });
  terminal.show();
}

async function handBack({ finding, asking }: Parts, argument: unknown): Promise<void> {
  const found = await finding.task(
    targetOf(argument),
    (session, task) => latest(task)?.takenAt !== undefined && can('done')(session, task),
    vscode.l10n.t('You have taken over no task.'),
  );
  if (found) await give(found.session, { type: 'done', task: found.task.task.id }, asking);
}
