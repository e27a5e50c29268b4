import * as vscode from 'vscode';
import { prepareMending } from '../../engine/plans/mending.ts';
import type { RunSession } from '../../engine/session.ts';
import { describe, type Failure } from '../../model/failure.ts';
import { type Checks, checksWords, mendable } from '../../model/shown/checks.ts';
import {
  type Asked,
  askedOf,
  type Hosting,
  hostingIn,
  hostingOf,
  pullRequestOf,
} from '../../model/shown/pull-request.ts';
import { isRequestable } from '../forges.ts';
import type { Handlers, Parts } from '../parts.ts';
import { targetOf } from '../target.ts';
import { openSite } from './open-site.ts';

type ForgeCommands = Pick<
  Handlers,
  'orchestrate.makePullRequest' | 'orchestrate.readChecks' | 'orchestrate.mendChecks' | 'orchestrate.openOnForge'
>;

/** What a forge is asked about a pushed result; each time because a person says so. */
export const forgeCommands = (parts: Parts): ForgeCommands => ({
  'orchestrate.makePullRequest': (argument) => makePullRequest(parts, argument),
  'orchestrate.readChecks': (argument) => tellChecks(parts, argument),
  'orchestrate.mendChecks': (argument) => mendChecks(parts, argument),
  'orchestrate.openOnForge': (argument) => openOnForge(parts, argument),
});

/** On GitHub it is made; elsewhere its page is opened in the browser, filled in, and sending it is the person's. */
async function makePullRequest(parts: Parts, argument: unknown): Promise<void> {
  const { finding, asking } = parts;
  const none = vscode.l10n.t('No result is pushed to a host on which Orchestrate knows how a pull request is made.');
  const session = await finding.run(targetOf(argument), ({ state }) => isRequestable(state), none);
  if (!session) return;
  const asked = askedOf(session.state, process.env);
  const page = pullRequestOf(session.state);
  if (asked.ok) return make(parts, session, { asked: asked.value, page });
  if (page === undefined) return void (await asking.tell('warning', describe(asked.failure)));
  await openPage(page);
}

interface Wanted {
  asked: Asked;
  page: string | undefined;
}

async function make({ asking, forges }: Parts, { state }: RunSession, { asked, page }: Wanted): Promise<void> {
  const { on, head, base } = asked;
  const text = vscode.l10n.t('Make a pull request of "{0}"?', state.plan.id);
  const detail = vscode.l10n.t(
    'Of {0} into {1} in {2}. It says what is left, and of each requirement and task its commit and gates.',
    head,
    base,
    `${on.host}/${on.owner}/${on.name}`,
  );
  if (!(await asking.confirm({ text, detail, action: vscode.l10n.t('Make It') }))) return;
  const made = await forges.make(asked);
  if (!made.ok) return failed(asking, made.failure, page);
  const { number, url, made: isNew } = made.value;
  const [open, read] = [vscode.l10n.t('Open'), vscode.l10n.t('Read the Checks')];
  const words = isNew
    ? vscode.l10n.t('Pull request #{0} is made.', number)
    : vscode.l10n.t('Pull request #{0} is there already.', number);
  const chosen = await asking.tell('info', words, open, read);
  if (chosen === open) await openPage(url);
  if (chosen === read) await vscode.commands.executeCommand('orchestrate.readChecks', { target: { run: state.run } });
}

/** What cannot be made here may still be made there. */
async function failed(asking: Parts['asking'], failure: Failure, page: string | undefined): Promise<void> {
  const there = vscode.l10n.t('Make It in the Browser');
  const chosen = await asking.tell('error', describe(failure), ...(page === undefined ? [] : [there]));
  if (chosen === there && page !== undefined) await openPage(page);
}

interface Read {
  session: RunSession;
  hosting: Hosting;
  checks: Checks;
}

/** Undefined where there are none, or they could not be read, which is said. */
async function readAll(
  { finding, asking, forges }: Parts,
  argument: unknown,
  logs: boolean,
): Promise<Read | undefined> {
  const none = vscode.l10n.t('No result is pushed to GitHub.');
  const fits = ({ state }: RunSession): boolean => hostingIn(state, process.env) !== undefined;
  const session = await finding.run(targetOf(argument), fits, none);
  if (!session) return undefined;
  const hosting = hostingOf(session.state, process.env);
  const read = hosting.ok ? await forges.read(session.state, hosting.value, logs) : hosting;
  if (hosting.ok && read.ok) return { session, hosting: hosting.value, checks: read.value };
  if (!read.ok) await asking.tell('error', describe(read.failure));
  return undefined;
}

/** They stand in the tree and in the Problems panel from then on. */
async function tellChecks(parts: Parts, argument: unknown): Promise<void> {
  const read = await readAll(parts, argument, false);
  if (!read) return;
  const { checks, session } = read;
  const mend = mendable(checks).length > 0 ? [vscode.l10n.t('Mend It')] : [];
  const level = mend.length > 0 ? 'warning' : 'info';
  const of = checks.pullRequest ? `#${checks.pullRequest.number}` : checks.commit.slice(0, 10);
  const chosen = await parts.asking.tell(level, vscode.l10n.t('{0}: {1}', of, checksWords(checks)), ...mend);
  if (chosen !== undefined && chosen === mend[0])
    await vscode.commands.executeCommand('orchestrate.mendChecks', { target: { run: session.state.run } });
}

/** A run of its own, shown for approval as any plan. */
async function mendChecks(parts: Parts, argument: unknown): Promise<void> {
  const { asking, runs, review } = parts;
  const repository = await openSite(parts);
  const read = repository && (await readAll(parts, argument, true));
  if (!read) return;
  const prepared = await prepareMending(repository, read.checks, read.hosting);
  const begun = prepared.ok ? await runs.start(prepared.value) : prepared;
  if (!begun.ok) return void (await asking.tell('warning', describe(begun.failure)));
  review.show(begun.value);
}

/** The page of a check, or of the pull request. */
async function openOnForge({ finding, asking, forges }: Parts, argument: unknown): Promise<void> {
  const none = vscode.l10n.t('No checks were read yet.');
  const target = targetOf(argument);
  const session = await finding.run(target, ({ state }) => forges.of(state) !== undefined, none);
  const { all, pullRequest } = (session && forges.of(session.state)) ?? { all: [] };
  const url = all.find(({ name }) => name === target.check)?.url ?? pullRequest?.url;
  if (url !== undefined) await openPage(url);
  else if (session) await asking.tell('info', vscode.l10n.t('There is no page of it.'));
}

async function openPage(url: string): Promise<void> {
  await vscode.env.openExternal(vscode.Uri.parse(url, true));
}
