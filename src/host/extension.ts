import * as vscode from 'vscode';
import { askPerson, type Asking } from './asking.ts';
import { offerCli } from './cli-path.ts';
import { planCommands } from './commands/plan-commands.ts';
import { runCommands } from './commands/run-commands.ts';
import { taskCommands } from './commands/task-commands.ts';
import { ContextKeys } from './context-keys.ts';
import { CommitFiles } from './diff.ts';
import { FileProblems } from './file-problems.ts';
import { GateProblems } from './gate-problems.ts';
import { registerLanguage } from './language/language.ts';
import { Notices } from './notices.ts';
import type { Handlers, Parts } from './parts.ts';
import { ReviewPages } from './review.ts';
import { Runs } from './runs.ts';
import { Site } from './site.ts';
import { StatusBar } from './status-bar.ts';
import { Finding } from './target.ts';
import { Terminals } from './terminals.ts';
import { ScriptedAsking, type TestApi, testApi } from './test-api.ts';
import { RunsTree } from './tree.ts';

// The editor calls `deactivate` with nothing: what it has to close can only be kept here.
let closing: (() => Promise<void>) | undefined;

/** Puts the extension together. In test mode it answers what host tests look at; otherwise it exports nothing. */
export function activate(context: vscode.ExtensionContext): TestApi | undefined {
  const log = vscode.window.createOutputChannel('Orchestrate', { log: true });
  const script = context.extensionMode === vscode.ExtensionMode.Test ? new ScriptedAsking() : undefined;
  const asking = script ?? askPerson;
  const site = new Site(context.workspaceState, log);
  const runs = new Runs(context.asAbsolutePath('dist/runner.cjs'), log);
  const tree = new RunsTree(runs);
  const terminals = new Terminals(runs);
  const review = new ReviewPages(runs, asking, context.extensionUri);
  const statusBar = new StatusBar(runs);
  const keys = new ContextKeys(site, runs);
  const parts: Parts = { site, runs, asking, finding: new Finding(runs, asking), terminals, review, log };
  const views = [
    tree,
    terminals,
    review,
    statusBar,
    keys,
    new GateProblems(runs),
    new FileProblems(),
    new Notices(runs, asking, context.workspaceState),
  ];
  context.subscriptions.push(log, site, runs, ...views, new CommitFiles(site).register(), ...register(parts));
  context.subscriptions.push(...registerLanguage());
  closing = () => runs.close();
  work(context, parts);
  return script && testApi({ ...parts, tree, statusBar, keys, script });
}

/** Lets go of the runs this window drives; their agents go on. */
export async function deactivate(): Promise<void> {
  await closing?.();
}

/** Follows the site: its runs are this window's runs. */
function work(context: vscode.ExtensionContext, { site, runs, log, asking }: Parts): void {
  const move = (): void => {
    runs.attach(site.repository).catch(broken({ log, asking }));
    if (vscode.workspace.isTrusted) offerCli(context).catch((error: unknown) => log.error(asError(error)));
  };
  context.subscriptions.push(site.onDidChange(move));
  site.look().catch(broken({ log, asking }));
}

function register(parts: Parts): vscode.Disposable[] {
  const handlers: Handlers = { ...planCommands(parts), ...runCommands(parts), ...taskCommands(parts) };
  return Object.entries(handlers).map(([id, handler]) =>
    vscode.commands.registerCommand(id, (argument?: unknown) => handler(argument).catch(broken(parts))),
  );
}

/** What nobody foresaw: into the log in full, and to the person in a line with what to do. */
function broken({ log, asking }: { log: vscode.LogOutputChannel; asking: Asking }): (error: unknown) => Promise<void> {
  return async (error) => {
    log.error(asError(error));
    const show = vscode.l10n.t('Show Log');
    const text = vscode.l10n.t(
      'Orchestrate did not expect this: {0}. Runs are safe in their journal: reload the window to go on.',
      asError(error).message,
    );
    if ((await asking.tell('error', text, show)) === show) log.show();
  };
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
