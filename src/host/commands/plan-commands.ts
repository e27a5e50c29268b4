import { access, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { CONFIG_FILE, prepareRun } from '../../engine/runs.ts';
import type { Repository } from '../../git/repository.ts';
import type { RunSession } from '../../engine/session.ts';
import { describe, type Failure, type Result } from '../../model/failure.ts';
import { checkFile } from '../problems/file-problems.ts';
import type { Handlers, Parts } from '../parts.ts';
import { askForRepository, openSite, rootOf } from './open-site.ts';
import { activePlan, findPlans, isConfigFile, isPlanFile } from '../plans.ts';
import { exampleConfig, examplePlan } from '../../engine/plans/example.ts';

type PlanCommands = Pick<
  Handlers,
  'orchestrate.startPlan' | 'orchestrate.createPlan' | 'orchestrate.validatePlan' | 'orchestrate.chooseRepository'
>;

export const planCommands = (parts: Parts): PlanCommands => ({
  'orchestrate.startPlan': (argument) => startPlan(parts, argument),
  'orchestrate.createPlan': () => createPlan(parts),
  'orchestrate.validatePlan': (argument) => validatePlan(parts, argument),
  'orchestrate.chooseRepository': () => chooseRepository(parts),
});

/** Makes a run of a plan and shows it for approval. Nothing starts before that. */
async function startPlan(parts: Parts, argument: unknown): Promise<void> {
  const repository = await openSite(parts);
  if (!repository) return;
  const planFile = await choosePlan(parts, repository, argument);
  if (planFile === undefined) return;
  const session = await startRun(parts, repository, planFile);
  if (!session.ok) await refused(parts, session.failure, repository.root);
}

/** Makes a run of a plan, as it stands in the editor, and shows it for approval. */
export async function startRun(
  { runs, review }: Pick<Parts, 'runs' | 'review'>,
  repository: Repository,
  planFile: string,
): Promise<Result<RunSession>> {
  await saved(join(repository.root, planFile), join(repository.root, CONFIG_FILE));
  const prepared = await prepareRun(repository, { planFile });
  if (!prepared.ok) return prepared;
  const session = await runs.start(prepared.value);
  if (session.ok) review.show(session.value);
  return session;
}

async function choosePlan({ asking }: Parts, repository: Repository, argument: unknown): Promise<string | undefined> {
  const active = activePlan(repository.root, argument);
  if (active !== undefined && argument instanceof vscode.Uri) return active;
  const found = await findPlans(repository.root);
  const plans = active === undefined ? found : [active, ...found.filter((plan) => plan !== active)];
  if (plans.length === 0) return planInstead();
  const choices = plans.map((plan) => ({
    label: plan.split('/').at(-2) ?? plan,
    description: plan,
    icon: 'checklist',
    value: plan,
  }));
  const anew = { label: vscode.l10n.t('Plan an objective…'), icon: 'sparkle', value: '' };
  const chosen = await asking.pick(vscode.l10n.t('Start which plan?'), [...choices, anew]);
  return chosen === '' ? planInstead() : chosen;
}

/** Where there is no plan, one is made. */
async function planInstead(): Promise<undefined> {
  await vscode.commands.executeCommand('orchestrate.planObjective');
}

/** What is on disk is what runs. */
async function saved(...paths: string[]): Promise<void> {
  const open = vscode.workspace.textDocuments.filter(({ isDirty, uri }) => isDirty && paths.includes(uri.fsPath));
  await Promise.all(open.map((document) => document.save()));
}

async function refused({ asking }: Parts, failure: Failure, root: string): Promise<void> {
  const first = failure.kind === 'invalid' ? failure.problems[0] : undefined;
  if (failure.kind !== 'invalid' || !first) {
    await asking.tell('error', describe(failure));
    return;
  }
  const go = vscode.l10n.t('Go to the Mistake');
  const more = failure.problems.length > 1 ? vscode.l10n.t(' (and {0} more)', failure.problems.length - 1) : '';
  const answer = await asking.tell('error', `${failure.file}:${first.line}: ${first.message}${more}`, go);
  if (answer !== go) return;
  const at = new vscode.Position(first.line - 1, first.column - 1);
  const place = new vscode.Range(at, at);
  const named = 'file' in first && typeof first.file === 'string' ? first.file : failure.file;
  await vscode.window.showTextDocument(vscode.Uri.file(join(root, named)), { selection: place });
}

/** Writes an example to change, and orchestrate.yaml where there is none; never over a file. */
async function createPlan(parts: Parts): Promise<void> {
  const { site, asking } = parts;
  const root = rootOf(site);
  if (root === undefined) return void (await asking.tell('warning', vscode.l10n.t('Open a folder first.')));
  const file = await freePlan(root);
  await mkdir(dirname(file.path), { recursive: true });
  await writeFile(file.path, examplePlan(file.id), { flag: 'wx' });
  await writeFile(join(root, CONFIG_FILE), await exampleConfig(root), { flag: 'wx' }).catch(unlessThere);
  await vscode.window.showTextDocument(vscode.Uri.file(file.path));
}

async function freePlan(root: string): Promise<{ id: string; path: string }> {
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? 'hello' : `hello-${n}`;
    const path = join(root, 'docs', 'plan', id, 'plan.yaml');
    const taken = await access(path).then(
      () => true,
      () => false,
    );
    if (!taken) return { id, path };
  }
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

/** Checks the text of a plan or of orchestrate.yaml, as it stands in the editor. Needs no trust and no repository. */
async function validatePlan({ site, asking }: Parts, argument: unknown): Promise<void> {
  const root = rootOf(site);
  const uri = shownFile(argument) ?? (await pickPlan(root, asking));
  if (!uri) return;
  const document = await vscode.workspace.openTextDocument(uri);
  const problems = await checkFile(document);
  await vscode.window.showTextDocument(document);
  const name = vscode.workspace.asRelativePath(uri);
  if (problems.length === 0) return void (await asking.tell('info', vscode.l10n.t('{0} is valid.', name)));
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const show = vscode.l10n.t('Show Problems');
  const text = vscode.l10n.t('{0}: {1} errors, {2} warnings.', name, errors, problems.length - errors);
  const answer = await asking.tell(errors > 0 ? 'error' : 'warning', text, show);
  if (answer === show) await vscode.commands.executeCommand('workbench.actions.view.problems');
}

function shownFile(argument: unknown): vscode.Uri | undefined {
  const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
  return uri && (isPlanFile(uri) || isConfigFile(uri)) ? uri : undefined;
}

async function pickPlan(root: string | undefined, asking: Parts['asking']): Promise<vscode.Uri | undefined> {
  const plans = root === undefined ? [] : await findPlans(root);
  if (root === undefined || plans.length === 0) {
    await asking.tell('info', vscode.l10n.t('There is no plan yet: plans lie at docs/plan/<name>/plan.yaml.'));
    return undefined;
  }
  const only = plans.length === 1 ? plans[0] : undefined;
  const plan =
    only ??
    (await asking.pick(
      vscode.l10n.t('Check which plan?'),
      plans.map((one) => ({ label: one, value: one })),
    ));
  return plan === undefined ? undefined : vscode.Uri.file(join(root, plan));
}

async function chooseRepository({ site, asking }: Parts): Promise<void> {
  await site.look();
  const { state } = site;
  if (state.kind === 'failed') return void (await asking.tell('warning', describe(state.failure)));
  if (state.kind === 'choose' || (state.kind === 'open' && state.repositories.length > 1)) {
    await askForRepository({ site, asking }, state.repositories);
  }
}
