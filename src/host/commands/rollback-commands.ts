import * as vscode from 'vscode';
import type { RunSession } from '../../engine/session.ts';
import { undoTaking } from '../../git/untake.ts';
import { describe } from '../../model/failure.ts';
import type { Wish } from '../../model/run/order.ts';
import { mergedTasks } from '../../model/run/rollback.ts';
import { rollbackLines } from '../../model/shown/rollback-words.ts';
import type { RunState } from '../../model/run/state.ts';
import { give, giveAndDrive } from '../orders.ts';
import type { Handlers, Parts } from '../parts.ts';
import { targetOf } from '../target.ts';
import { allows } from '../../model/run/accept.ts';

type RollbackCommands = Pick<
  Handlers,
  'orchestrate.rollback' | 'orchestrate.cancelAndRollBack' | 'orchestrate.undoTaking'
>;

/** Ways back: from what was merged, from all of a run, and from a result that was taken into the checkout. */
export const rollbackCommands = (parts: Parts): RollbackCommands => ({
  'orchestrate.rollback': (argument) => rollBack(parts, argument),
  'orchestrate.cancelAndRollBack': (argument) => cancelAll(parts, argument),
  'orchestrate.undoTaking': (argument) => undo(parts, argument),
});

const wishFor = ({ integration }: RunState, tasks: string[]): Wish & { type: 'rollback' } => ({
  type: 'rollback',
  tasks,
  tip: integration,
});

const hasMerged = ({ state }: RunSession): boolean => {
  const [first] = mergedTasks(state);
  return first !== undefined && allows(state, wishFor(state, [first]));
};

/** What goes and what stays is said before it is done; it is refused where more was merged meanwhile. */
async function rollBack({ finding, asking, runs }: Parts, argument: unknown): Promise<void> {
  const target = targetOf(argument);
  const none = vscode.l10n.t('Nothing is merged that could be taken back.');
  const session = await finding.run(target, hasMerged, none);
  if (!session) return;
  const tasks = target.task === undefined ? await chosen(session.state, asking) : [target.task];
  if (!tasks) return;
  const wish = wishFor(session.state, tasks);
  const detail = [
    ...rollbackLines(session.state, tasks),
    vscode.l10n.t('The run stands still afterwards: edit its plan or not, then resume it.'),
  ].join('\n\n');
  const text = vscode.l10n.t('Take back {0}?', tasks.length === 1 ? (tasks[0] ?? '') : `${tasks.length} tasks`);
  if (!(await asking.confirm({ text, detail, action: vscode.l10n.t('Roll Back') }))) return;
  await giveAndDrive(session, wish, { asking, runs });
}

/** A task, a wave, or all of the run. */
async function chosen(state: RunState, asking: Parts['asking']): Promise<string[] | undefined> {
  const all = mergedTasks(state);
  const waves = [...new Set(all.map((id) => state.tasks.get(id)?.wave ?? 0))].toSorted((a, b) => a - b);
  return asking.pick(vscode.l10n.t('Roll back'), [
    ...all.map((id) => ({ label: state.tasks.get(id)?.task.title ?? id, description: id, icon: 'check', value: [id] })),
    ...waves.map((wave) => ({
      label: vscode.l10n.t('Wave {0}', wave),
      icon: 'layers',
      value: mergedTasks(state, wave),
    })),
    { label: vscode.l10n.t('Everything'), icon: 'discard', value: all },
  ]);
}

async function cancelAll({ finding, asking }: Parts, argument: unknown): Promise<void> {
  const can = ({ state }: RunSession): boolean => allows(state, { type: 'cancel' });
  const session = await finding.run(targetOf(argument), can, vscode.l10n.t('No run can be cancelled.'));
  if (!session) return;
  const { state } = session;
  const text = vscode.l10n.t('Cancel the run of "{0}" and take back all of it?', state.plan.id);
  const detail = [
    vscode.l10n.t('Agents at work are stopped, and their worktrees go into the trash with what is in them.'),
    ...rollbackLines(state, mergedTasks(state)),
  ].join('\n\n');
  const back = vscode.l10n.t('Keep It Running');
  if (await asking.confirm({ text, detail, action: vscode.l10n.t('Cancel and Roll Back'), back }))
    await give(session, { type: 'cancel', rollback: true }, asking);
}

async function undo({ finding, asking }: Parts, argument: unknown): Promise<void> {
  const hasResult = ({ state }: RunSession): boolean => state.branch !== undefined;
  const session = await finding.run(targetOf(argument), hasResult, vscode.l10n.t('No run has a result yet.'));
  if (!session) return;
  const text = vscode.l10n.t('Undo taking the result?');
  const detail = vscode.l10n.t('The checkout goes back to where it was before. The result stays on its branch.');
  if (!(await asking.confirm({ text, detail, action: vscode.l10n.t('Undo') }))) return;
  const undone = await undoTaking(session.ref.repository);
  if (!undone.ok) return void (await asking.tell('error', describe(undone.failure)));
  await asking.tell('info', vscode.l10n.t('The checkout is where it was before {0} was taken.', undone.value.branch));
}
