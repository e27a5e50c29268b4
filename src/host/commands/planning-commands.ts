import { join } from 'node:path';
import * as vscode from 'vscode';
import { type PlannedFile, plannedFiles, takePlan } from '../../engine/planned.ts';
import type { RunSession } from '../../engine/session.ts';
import { describe } from '../../model/failure.ts';
import type { ViewId } from '../contributions.ts';
import type { Handlers, Parts } from '../parts.ts';
import { targetOf, textOf } from '../target.ts';
import { isPlanned } from '../words.ts';
import { openSite } from './open-site.ts';

type PlanningCommands = Pick<Handlers, 'orchestrate.planObjective' | 'orchestrate.takePlan'>;

export const planningCommands = (parts: Parts): PlanningCommands => ({
  'orchestrate.planObjective': (argument) => planObjective(parts, argument),
  'orchestrate.takePlan': (argument) => take(parts, argument),
});

/** Has an agent make a plan. What it asks, and that it is done, is said by notifications and in the tree. */
async function planObjective(parts: Parts, argument: unknown): Promise<void> {
  const { asking, runs, consent } = parts;
  if (!(await openSite(parts))) return;
  const objective = await asking.input({
    title: vscode.l10n.t('Plan an objective'),
    prompt: vscode.l10n.t('What is to be true at the end? An agent looks at the repository and writes the plan.'),
    required: true,
    value: textOf(argument) ?? '',
  });
  if (objective === undefined) return;
  const session = await runs.plan(objective);
  if (!session.ok) return void (await asking.tell('error', describe(session.failure)));
  const view: ViewId = 'orchestrate.runs';
  await vscode.commands.executeCommand(`${view}.focus`);
  const why = await consent(session.value.state);
  if (why !== undefined) await asking.tell('warning', why);
}

/** Writes what was planned into the checkout, once a person saw which files, and shows the plan for approval. */
async function take(parts: Parts, argument: unknown): Promise<void> {
  const { finding, asking } = parts;
  const none = vscode.l10n.t('No plan was made that waits to be looked at.');
  const session = await finding.run(targetOf(argument), ({ state }) => isPlanned(state), none);
  const { planning } = session?.state ?? {};
  if (!session || !planning) return;
  const files = await plannedFiles(session.ref.repository, session.state);
  if (!files.ok) return void (await asking.tell('error', describe(files.failure)));
  if (!(await mayWrite(session, files.value, asking))) return;
  const taken = await takePlan(session.ref.repository, files.value);
  if (!taken.ok) return void (await asking.tell('error', describe(taken.failure)));
  const plan = vscode.Uri.file(join(session.ref.repository.root, planning.file));
  await vscode.commands.executeCommand('orchestrate.startPlan', plan);
}

async function mayWrite({ ref }: RunSession, files: readonly PlannedFile[], asking: Parts['asking']): Promise<boolean> {
  const changes = files.filter(({ standing }) => standing !== 'same');
  if (changes.length === 0) return true;
  const unsaved = changes.find(({ path }) => isUnsaved(join(ref.repository.root, path)));
  if (unsaved) {
    await asking.tell('warning', vscode.l10n.t('{0} has unsaved changes: save it first.', unsaved.path));
    return false;
  }
  const text = vscode.l10n.t('Write {0} into your checkout?', changes.map(({ path }) => path).join(', '));
  return asking.confirm({ text, detail: detailOf(changes), action: vscode.l10n.t('Write') });
}

const isUnsaved = (path: string): boolean =>
  vscode.workspace.textDocuments.some(({ isDirty, uri }) => isDirty && uri.fsPath === path);

const detailOf = (files: readonly PlannedFile[]): string =>
  files
    .flatMap(({ path, standing, problems: [first] }) => {
      if (first) return `${path}:${first.range.line}: ${first.message}`;
      if (standing === 'update') return vscode.l10n.t('{0} is there and gets what was planned.', path);
      return standing === 'clash' ? vscode.l10n.t('{0} says something else by now: that is lost.', path) : [];
    })
    .concat(vscode.l10n.t('Nothing runs before you approve the plan.'))
    .join('\n');
