import { join } from 'node:path';
import * as vscode from 'vscode';
import { writeHotfix } from '../../engine/plans/hotfix.ts';
import { changesMade, type PlannedFile, plannedFiles, takePlan } from '../../engine/plans/planned.ts';
import { type Meant, readRoute } from '../../engine/plans/routing.ts';
import type { RunSession } from '../../engine/session.ts';
import { describe, type Result } from '../../model/failure.ts';
import type { ViewId } from '../contributions.ts';
import type { Handlers, Parts } from '../parts.ts';
import { targetOf, textOf } from '../target.ts';
import { isPlanned } from '../words.ts';
import { openSite } from './open-site.ts';
import { isUnsaved } from '../plans.ts';

type PlanningCommands = Pick<
  Handlers,
  'orchestrate.planObjective' | 'orchestrate.hotfix' | 'orchestrate.takePlan' | 'orchestrate.revisePlan'
>;

export const planningCommands = (parts: Parts): PlanningCommands => ({
  'orchestrate.planObjective': (argument) => planObjective(parts, argument),
  'orchestrate.hotfix': (argument) => hotfix(parts, argument),
  'orchestrate.takePlan': (argument) => take(parts, argument),
  'orchestrate.revisePlan': (argument) => revise(parts, argument),
});

/** Has an agent make a plan. What it asks, and that it is done, is said by notifications and in the tree. */
async function planObjective(parts: Parts, argument: unknown): Promise<void> {
  const { asking, runs } = parts;
  if (!(await openSite(parts))) return;
  const objective = await asking.input({
    title: vscode.l10n.t('Plan an objective'),
    prompt: vscode.l10n.t('What is to be true at the end? An agent looks at the repository and writes the plan.'),
    required: true,
    value: textOf(argument) ?? '',
  });
  if (objective === undefined) return;
  const route = runs.repository && (await readRoute(runs.repository, objective));
  if (route?.ok === false) return void (await asking.tell('error', describe(route.failure)));
  if (route?.value.kind === 'plan') return goOn(parts, route.value);
  if (route?.value.kind === 'feedback') {
    const { plan, comment } = route.value;
    return begun(parts, await askOnceMore(parts, { planFile: plan.file, comment }));
  }
  await begun(parts, await runs.plan(objective, { asks: route?.value.asks }));
}

/** A plan that was named, and nothing said of it. Where all of it is over only a person knows what is to follow. */
async function goOn({ site, asking }: Parts, { plan, phase }: Meant & { kind: 'plan' }): Promise<void> {
  const root = site.repository?.root ?? '';
  const again = vscode.l10n.t('Run It Again');
  const text = vscode.l10n.t(
    'Every task of "{0}" is over. To have it made anew, write "{0}: what is to be different".',
    plan.id,
  );
  if (phase === 'over' && (await asking.tell('info', text, again)) !== again) return;
  await vscode.commands.executeCommand('orchestrate.startPlan', vscode.Uri.file(join(root, plan.file)));
}

/** Makes a plan of one urgent change, without a planner, and shows it for approval. */
async function hotfix(parts: Parts, argument: unknown): Promise<void> {
  const repository = await openSite(parts);
  if (!repository) return;
  const title = vscode.l10n.t('Hotfix');
  const prompt = vscode.l10n.t('What is wrong? One agent puts it right; every gate holds.');
  const wrong = textOf(argument) ?? (await parts.asking.input({ title, prompt, required: true }));
  if (wrong === undefined) return;
  const file = await writeHotfix(repository, wrong);
  if (!file.ok) return void (await parts.asking.tell('error', describe(file.failure)));
  await vscode.commands.executeCommand('orchestrate.startPlan', vscode.Uri.file(join(repository.root, file.value)));
}

/** Shows a planner at work; undefined where a person turned away. */
async function begun({ asking, consent }: Parts, session: Result<RunSession> | undefined): Promise<void> {
  if (!session) return;
  if (!session.ok) return void (await asking.tell('error', describe(session.failure)));
  const view: ViewId = 'orchestrate.runs';
  await vscode.commands.executeCommand(`${view}.focus`);
  const why = await consent(session.value.state);
  if (why !== undefined) await asking.tell('warning', why);
}

/** Has a planner make a plan anew. The plan stands, and may be approved meanwhile, until the new one is taken. */
async function revise(parts: Parts, argument: unknown): Promise<void> {
  const { asking, finding } = parts;
  const none = vscode.l10n.t('There is no run of a plan that could be different.');
  const session = await finding.run(targetOf(argument), ({ state }) => !state.planning, none);
  if (!session) return;
  const prompt = vscode.l10n.t('What should be different? A planner makes the plan anew, and you see what changed.');
  const title = vscode.l10n.t('Ask for changes to the plan');
  const comment = textOf(argument) ?? (await asking.input({ title, prompt, required: true }));
  if (comment === undefined) return;
  const made = await askOnceMore(parts, { planFile: session.state.planFile, comment });
  if (made?.ok === false) return void (await asking.tell('error', describe(made.failure)));
  const why = made && (await parts.consent(made.value.state));
  if (why !== undefined) await asking.tell('warning', why);
}

/** Undefined where a person does not want it made once more. */
async function askOnceMore(
  { runs, asking }: Parts,
  wanted: { planFile: string; comment: string },
): Promise<Result<RunSession> | undefined> {
  const made = await runs.replan(wanted);
  if (made.ok || made.failure.kind !== 'roundsSpent') return made;
  const text = describe(made.failure);
  const sure = await asking.confirm({ text, detail: wanted.comment, action: vscode.l10n.t('Make It Once More') });
  return sure ? runs.replan({ ...wanted, more: true }) : undefined;
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
  const changes = await changesMade(session.ref.repository, session.state);
  if (!(await mayWrite(session, { files: files.value, changes }, asking))) return;
  const taken = await takePlan(session.ref.repository, files.value);
  if (!taken.ok) return void (await asking.tell('error', describe(taken.failure)));
  const plan = vscode.Uri.file(join(session.ref.repository.root, planning.file));
  await vscode.commands.executeCommand('orchestrate.startPlan', plan);
}

interface Made {
  files: readonly PlannedFile[];
  /** What a plan that was made anew changes. */
  changes: readonly string[];
}

async function mayWrite({ ref }: RunSession, { files, changes }: Made, asking: Parts['asking']): Promise<boolean> {
  const news = files.filter(({ standing }) => standing !== 'same');
  if (news.length === 0) return true;
  const unsaved = news.find(({ path }) => isUnsaved(join(ref.repository.root, path)));
  if (unsaved) {
    await asking.tell('warning', vscode.l10n.t('{0} has unsaved changes: save it first.', unsaved.path));
    return false;
  }
  const text = vscode.l10n.t('Write {0} into your checkout?', news.map(({ path }) => path).join(', '));
  const detail = [...aFew(changes), ...detailOf(news)].join('\n');
  return asking.confirm({ text, detail, action: vscode.l10n.t('Write') });
}

/** A dialog shows no more; the page of the plan shows all. */
const MOST_LINES = 12;

const aFew = (lines: readonly string[]): readonly string[] =>
  lines.length > MOST_LINES
    ? [...lines.slice(0, MOST_LINES), vscode.l10n.t('… and {0} more lines', lines.length - MOST_LINES)]
    : lines;

const detailOf = (files: readonly PlannedFile[]): string[] =>
  files
    .flatMap(({ path, standing, added, problems: [first] }) => {
      if (first) return `${path}:${first.range.line}: ${first.message}`;
      if (added) return [vscode.l10n.t('{0} gets what you decided:', path), ...added];
      if (standing === 'update') return vscode.l10n.t('{0} is there and gets what was planned.', path);
      return standing === 'clash' ? vscode.l10n.t('{0} says something else by now: that is lost.', path) : [];
    })
    .concat(vscode.l10n.t('Nothing runs before you approve the plan.'));
