import { basename } from 'node:path';
import * as vscode from 'vscode';
import { tokenFor } from '../forge/token.ts';
import { askPerson, type Asking } from './asking/asking.ts';
import { BoardPages } from './pages/board.ts';
import { anyRunCommands } from './commands/any-run-commands.ts';
import { commentCommands } from './commands/comment-commands.ts';
import { failureCommands } from './commands/failure-commands.ts';
import { diskCommands } from './commands/disk-commands.ts';
import { forgeCommands } from './commands/forge-commands.ts';
import { importCommands } from './commands/import-commands.ts';
import { planCommands } from './commands/plan-commands.ts';
import { planningCommands } from './commands/planning-commands.ts';
import { pushCommands } from './commands/push-commands.ts';
import { rollbackCommands } from './commands/rollback-commands.ts';
import { runCommands } from './commands/run-commands.ts';
import { steeringCommands } from './commands/steering-commands.ts';
import { taskCommands } from './commands/task-commands.ts';
import type { CommandId } from './contributions.ts';
import { ContextKeys } from './context-keys.ts';
import { type Chat, chatOf } from './assistants/chat.ts';
import { CommitFiles } from './diff.ts';
import { Forges } from './forges.ts';
import { gateFixes } from './problems/gate-fixes.ts';
import { GateProblems } from './problems/gate-problems.ts';
import { ImportPages } from './import-pages.ts';
import { consentWith } from './models/consent.ts';
import { Notices } from './asking/notices.ts';
import type { Handler, Handlers, Parts } from './parts.ts';
import { ReviewComments } from './review-comments.ts';
import { ReviewPages } from './pages/review.ts';
import type { Row } from './rows/row.ts';
import { Runs } from './runs.ts';
import type { RunsView } from './runs-view.ts';
import { signIn } from './sign-in.ts';
import { Site } from './site.ts';
import { StatusBar } from './status-bar.ts';
import { Finding } from './target.ts';
import { Terminals } from './terminals.ts';
import { ScriptedAsking, type TestApi, testApi } from './test-api.ts';
import { type Tools, toolsOf } from './assistants/tools.ts';
import { RunsTree } from './tree.ts';

/** Everything that runs need: it is loaded when there are runs, or when a person asks for something. */
export interface Workbench {
  handlers: Handlers;
  tools: Tools;
  chat: Chat;
  /** In test mode only: what host tests look at. */
  api?: TestApi;
  /** Lets go of the runs this window drives; their agents go on. */
  close(): Promise<void>;
}

export function openWorkbench(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  view: RunsView<Row>,
): Workbench {
  const script = context.extensionMode === vscode.ExtensionMode.Test ? new ScriptedAsking() : undefined;
  const asking = script ?? askPerson;
  const site = new Site(context.workspaceState, log);
  const runs = new Runs(context.asAbsolutePath('dist/runner.cjs'), log);
  const forges = new Forges(script ? (host) => tokenFor(host, process.env) : signIn);
  const tree = new RunsTree(runs, forges, view);
  const terminals = new Terminals(runs);
  const consent = consentWith(context.languageModelAccessInformation);
  const review = new ReviewPages({ runs, asking, consent }, context.extensionUri);
  const reveal = (run: string, task: string): Promise<void> => tree.reveal(run, task);
  const boards = new BoardPages({ runs, asking, reveal }, context.extensionUri);
  const statusBar = new StatusBar(runs);
  const keys = new ContextKeys(site, runs);
  const comments = new ReviewComments(runs, context.workspaceState);
  const finding = new Finding(runs, asking);
  const parts: Parts = { site, runs, asking, consent, finding, terminals, review, boards, comments, forges, log };
  const problems = new GateProblems(runs, forges);
  const rest = [
    problems,
    gateFixes(runs, problems),
    new Notices(runs, asking, context.workspaceState),
    new CommitFiles(site).register(),
  ];
  context.subscriptions.push(
    site,
    runs,
    forges,
    tree,
    terminals,
    review,
    boards,
    comments,
    statusBar,
    keys,
    ...rest,
    follow(parts, view.view),
  );
  const pages = new ImportPages();
  context.subscriptions.push(pages);
  const tools = toolsOf(parts);
  const chat = chatOf(parts, tools);
  const api = script && testApi({ ...parts, tree, statusBar, keys, script, chat });
  return { handlers: guarded(parts, pages), tools, chat, ...(api ? { api } : {}), close: () => runs.close() };
}

/** The runs of the site are this window's runs; the view says which site where there are several. */
function follow({ site, runs, log, asking }: Parts, view: vscode.TreeView<Row>): vscode.Disposable {
  const moved = site.onDidChange((state) => {
    const isOneOfMany = state.kind === 'open' && state.repositories.length > 1;
    view.description = isOneOfMany ? basename(state.repository.root) : '';
    const all = state.kind === 'open' ? state.repositories : [];
    const others = all.filter(({ root }) => root !== site.repository?.root);
    void runs.attach(site.repository, others).catch(broken({ log, asking }));
  });
  site.look().catch(broken({ log, asking }));
  return moved;
}

function guarded(parts: Parts, pages: ImportPages): Handlers {
  const handlers: Handlers = {
    ...planCommands(parts),
    ...planningCommands(parts),
    ...importCommands(parts, pages),
    ...rollbackCommands(parts),
    ...diskCommands(parts),
    ...pushCommands(parts),
    ...forgeCommands(parts),
    ...runCommands(parts),
    ...anyRunCommands(parts),
    ...taskCommands(parts),
    ...failureCommands(parts),
    ...steeringCommands(parts),
    ...commentCommands(parts),
  };
  const entries = Object.entries(handlers).map(([id, handler]): [string, Handler] => [
    id,
    (argument) => handler(argument).catch(broken(parts)),
  ]);
  return Object.fromEntries(entries) as Record<CommandId, Handler>;
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
