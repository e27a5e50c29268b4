import * as vscode from 'vscode';
import type { RunSession } from '../../engine/session.ts';
import type { CommandId } from '../contributions.ts';
import { COMMITS } from '../diff.ts';
import type { GateProblems, Placed } from './gate-problems.ts';
import { wayToAgent } from '../orders.ts';
import type { Runs } from '../runs.ts';
import { onOneLine } from '../words.ts';

/**
 * Quick fixes at what a gate found in a task's tree: it is sent to the task's agent, after the person's own words. And at
 * what a check on a forge found.
 */
export function gateFixes(runs: Runs, problems: GateProblems): vscode.Disposable {
  const trees = [{ scheme: 'file' }, { scheme: COMMITS }];
  const provideCodeActions = (_: unknown, __: unknown, { diagnostics }: vscode.CodeActionContext) =>
    diagnostics.flatMap((diagnostic) => {
      const found = problems.placedAs(diagnostic);
      const session = found && runs.find(found.run);
      return session ? fixOf(session, found, diagnostic) : [];
    });
  return vscode.languages.registerCodeActionsProvider(
    trees,
    { provideCodeActions },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  );
}

/** To the agent at work, or before its next attempt; where nothing follows by itself, as the reason of another attempt. */
function fixOf({ state }: RunSession, { task, run, problem }: Placed, diagnostic: vscode.Diagnostic) {
  if (task === undefined) return problem.source?.startsWith('check ') ? [mending(run, diagnostic)] : [];
  const text = `${problem.source}, ${problem.file ?? state.planFile}:${problem.range.line}: ${onOneLine(problem.message)}`;
  const way = wayToAgent(state, task);
  const title = state.tasks.get(task)?.task.title ?? task;
  const send = (command: CommandId, words: string): vscode.CodeAction[] => {
    const action = new vscode.CodeAction(words, vscode.CodeActionKind.QuickFix);
    action.command = { command, title: words, arguments: [{ target: { run, task }, text }] };
    action.diagnostics = [diagnostic];
    return [action];
  };
  if (way === 'retry')
    return send('orchestrate.retry', vscode.l10n.t('Send to the agent: retry "{0}" with this', title));
  return way === 'tell' ? send('orchestrate.tell', vscode.l10n.t('Send to the agent of "{0}"', title)) : [];
}

/** Whatever the checks say fails goes to one agent: one of them alone would have another commit checked in vain. */
function mending(run: string, diagnostic: vscode.Diagnostic): vscode.CodeAction {
  const title = vscode.l10n.t('Mend It: have an agent put the checks right');
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.command = { command: MEND, title, arguments: [{ target: { run } }] };
  action.diagnostics = [diagnostic];
  return action;
}

const MEND: CommandId = 'orchestrate.mendChecks';
