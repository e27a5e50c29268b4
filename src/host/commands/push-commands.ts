import * as vscode from 'vscode';
import type { RunSession } from '../../engine/session.ts';
import { until } from '../../engine/until.ts';
import { describe, ok } from '../../model/failure.ts';
import { isBeingPushed, pushLine, pushWish } from '../../model/run/push.ts';
import { isRequestable } from '../forges.ts';
import { give } from '../orders.ts';
import type { Handlers, Parts } from '../parts.ts';
import { targetOf } from '../target.ts';
import { allows } from '../../model/run/accept.ts';

/** What has passed as a whole goes to where others see it. */
export const pushCommands = (parts: Parts): Pick<Handlers, 'orchestrate.pushResult'> => ({
  'orchestrate.pushResult': (argument) => pushResult(parts, argument),
});

const canPush = ({ state }: RunSession): boolean => allows(state, pushWish(state));

async function pushResult({ finding, asking, runs }: Parts, argument: unknown): Promise<void> {
  const none = vscode.l10n.t('No run has a result that could be pushed: it has to have passed as a whole.');
  const session = await finding.run(targetOf(argument), canPush, none);
  if (!session) return;
  const wish = pushWish(session.state);
  const text = vscode.l10n.t('Push the result of "{0}"?', session.state.plan.id);
  const where = vscode.l10n.t('To {0} as {1}. It is never forced.', wish.remote, wish.branches.join(', '));
  if (!(await asking.confirm({ text, detail: where, action: vscode.l10n.t('Push') }))) return;
  if (!(await give(session, wish, asking))) return;
  // A run that has ended is driven by nobody.
  const driven = session.role === 'follows' ? await runs.pickUp(session.ref) : ok(session);
  if (!driven.ok) return void (await asking.tell('error', describe(driven.failure)));
  await until(driven.value, (state) => !isBeingPushed(state));
  await tell(driven.value, asking);
}

async function tell({ state }: RunSession, asking: Parts['asking']): Promise<void> {
  const isPushed = state.push?.kind === 'pushed';
  const request = isRequestable(state) ? [vscode.l10n.t('Make a Pull Request')] : [];
  const chosen = await asking.tell(isPushed ? 'info' : 'warning', pushLine(state) ?? '', ...request);
  if (chosen !== undefined && chosen === request[0])
    await vscode.commands.executeCommand('orchestrate.makePullRequest', { target: { run: state.run } });
}
