import * as vscode from 'vscode';
import type { RunSession } from '../../engine/session.ts';
import { takeBranch } from '../../git/take.ts';
import { describe } from '../../model/failure.ts';
import { hashInQuestion } from '../../model/run/view.ts';
import { approveRun } from '../asking/approval.ts';
import type { CommandId } from '../contributions.ts';
import { give } from '../orders.ts';
import type { Handlers, Parts } from '../parts.ts';
import { targetOf } from '../target.ts';
import { allows } from '../../model/run/accept.ts';

type RunCommands = Pick<
  Handlers,
  | 'orchestrate.resume'
  | 'orchestrate.pause'
  | 'orchestrate.cancel'
  | 'orchestrate.approve'
  | 'orchestrate.reject'
  | 'orchestrate.showReview'
  | 'orchestrate.takeResult'
  | 'orchestrate.showLog'
>;

export const runCommands = (parts: Parts): RunCommands => ({
  'orchestrate.resume': (argument) => resume(parts, argument),
  'orchestrate.pause': (argument) => pause(parts, argument),
  'orchestrate.cancel': (argument) => cancel(parts, argument),
  'orchestrate.approve': (argument) => approve(parts, argument),
  'orchestrate.reject': (argument) => reject(parts, argument),
  'orchestrate.showReview': (argument) => showReview(parts, argument),
  'orchestrate.takeResult': (argument) => takeResult(parts, argument),
  'orchestrate.showLog': async () => parts.log.show(),
});

const can =
  (type: 'pause' | 'resume' | 'cancel') =>
  ({ state }: RunSession): boolean =>
    allows(state, { type });

/** Goes on with a paused or cancelled run, and takes over one that nobody drives any more. */
async function resume({ finding, runs, asking }: Parts, argument: unknown): Promise<void> {
  const session = await finding.run(
    targetOf(argument),
    (one) => can('resume')(one) || isElsewhere(one),
    vscode.l10n.t('No run is paused.'),
  );
  if (!session) return;
  const driven = session.role === 'drives' ? session : await takeOver(session, { runs, asking });
  if (driven && can('resume')(driven)) await give(driven, { type: 'resume' }, asking);
}

async function takeOver(
  session: RunSession,
  { runs, asking }: Pick<Parts, 'runs' | 'asking'>,
): Promise<RunSession | undefined> {
  const opened = await runs.drive(session.ref);
  if (!opened.ok) {
    await asking.tell('error', describe(opened.failure));
    return undefined;
  }
  const { role, state } = opened.value;
  if (role === 'follows' && !can('resume')(opened.value)) {
    await asking.tell(
      'info',
      vscode.l10n.t('"{0}" is driven by another window or terminal, and goes on there.', state.plan.id),
    );
  }
  return opened.value;
}

async function pause({ finding, asking }: Parts, argument: unknown): Promise<void> {
  const session = await finding.run(targetOf(argument), can('pause'), vscode.l10n.t('No run can be paused.'));
  if (session) await give(session, { type: 'pause' }, asking);
}

async function cancel({ finding, asking }: Parts, argument: unknown): Promise<void> {
  const session = await finding.run(targetOf(argument), can('cancel'), vscode.l10n.t('No run can be cancelled.'));
  if (!session) return;
  const text = vscode.l10n.t('Cancel the run of "{0}"?', session.state.plan.id);
  const detail = vscode.l10n.t('Agents at work are stopped. What is merged stays merged, and the run can be resumed.');
  const back = vscode.l10n.t('Keep It Running');
  if (await asking.confirm({ text, detail, action: vscode.l10n.t('Cancel the Run'), back }))
    await give(session, { type: 'cancel' }, asking);
}

const awaitsApproval = ({ state }: RunSession): boolean =>
  !state.ended && (state.approval.kind === 'awaited' || state.proposal !== undefined);

/** The run whose plan, or whose edit of it, waits for an answer. */
async function asked({ finding }: Pick<Parts, 'finding'>, argument: unknown): Promise<RunSession | undefined> {
  const target = targetOf(argument);
  if (await finding.isOver(target)) return undefined;
  return finding.run(target, awaitsApproval, vscode.l10n.t('No plan waits for approval.'));
}

/** The review page shows which gates are red before anything is done; whoever approves there accepts them. */
async function approve(parts: Parts, argument: unknown): Promise<void> {
  const session = await asked(parts, argument);
  if (session) await approveRun(session, { planHash: hashInQuestion(session.state) }, parts);
}

async function reject(parts: Parts, argument: unknown): Promise<void> {
  const session = await asked(parts, argument);
  if (!session) return;
  const { asking } = parts;
  const planHash = hashInQuestion(session.state);
  // The run goes on with the plan as it was: there is nothing to explain.
  if (session.state.proposal) return void (await give(session, { type: 'reject', planHash, comment: '' }, asking));
  const prompt = vscode.l10n.t('What should be different? The comment is kept with the run.');
  const comment = await asking.input({ title: vscode.l10n.t('Reject the plan'), prompt, required: true });
  if (comment !== undefined) await give(session, { type: 'reject', planHash, comment }, asking);
}

async function showReview({ finding, review }: Parts, argument: unknown): Promise<void> {
  const session = await finding.run(
    targetOf(argument),
    () => true,
    vscode.l10n.t('There is no run yet: start a plan.'),
  );
  if (session) review.show(session);
}

/** Brings what was merged into the checkout, in a way that the person picks. */
async function takeResult({ finding, asking }: Parts, argument: unknown): Promise<void> {
  const session = await finding.run(targetOf(argument), hasResult, vscode.l10n.t('No run has a result yet.'));
  if (!session) return;
  const { branch } = session.state;
  if (branch === undefined) return void (await asking.tell('info', vscode.l10n.t('This run has no result yet.')));
  const how = await asking.pick(vscode.l10n.t('Take {0}', branch), [
    {
      label: vscode.l10n.t('Merge into the current branch'),
      description: `git merge ${branch}`,
      icon: 'git-merge',
      value: 'merge' as const,
    },
    {
      label: vscode.l10n.t('Check out the branch'),
      description: `git switch ${branch}`,
      icon: 'git-branch',
      value: 'checkout' as const,
    },
    {
      label: vscode.l10n.t('Copy the commands'),
      description: vscode.l10n.t('to do it in a terminal'),
      icon: 'copy',
      value: 'copy' as const,
    },
  ]);
  if (how === 'copy') return copyCommands(branch, asking);
  if (how !== undefined) await take(session, { branch, how }, asking);
}

async function copyCommands(branch: string, asking: Parts['asking']): Promise<void> {
  await vscode.env.clipboard.writeText(`git merge ${branch}\n`);
  await asking.tell('info', vscode.l10n.t('Copied: git merge {0}', branch));
}

async function take(
  { ref, state }: RunSession,
  wish: { branch: string; how: 'merge' | 'checkout' },
  asking: Parts['asking'],
): Promise<void> {
  const about = { target: { run: state.run } };
  const taken = await takeBranch(ref.repository, wish);
  if (!taken.ok) return void (await asking.tell('error', describe(taken.failure)));
  if (taken.value.kind === 'conflicted') {
    const paths = taken.value.paths.slice(0, 5).join(', ');
    return void (await asking.tell(
      'warning',
      vscode.l10n.t(
        '{0} conflicts with your branch in {1}. Nothing was changed: merge it by hand.',
        wish.branch,
        paths,
      ),
    ));
  }
  const text =
    wish.how === 'merge'
      ? vscode.l10n.t('{0} is merged into your branch.', wish.branch)
      : vscode.l10n.t('{0} is checked out.', wish.branch);
  const undo = vscode.l10n.t('Undo');
  if ((await asking.tell('info', text, undo)) === undo)
    await vscode.commands.executeCommand('orchestrate.undoTaking' satisfies CommandId, about);
}

/** Driven by another window or terminal, or by nobody. */
const isElsewhere = ({ role, state }: RunSession): boolean => role === 'follows' && !state.ended;

const hasResult = ({ state }: RunSession): boolean => state.branch !== undefined && state.integration !== state.base;
