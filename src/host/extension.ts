import * as vscode from 'vscode';
import { registerChat } from './assistants/chat-participant.ts';
import { offerCli } from './cli-path.ts';
import { COMMANDS, TOOLS } from './contributions.ts';
import { FileProblems } from './problems/file-problems.ts';
import { whenNeeded } from './first-need.ts';
import { offerImport } from './import-offer.ts';
import { registerLanguage } from './language/language.ts';
import type { Row } from './rows/row.ts';
import { RunsView } from './runs-view.ts';
import type { TestApi } from './test-api.ts';
import type { Workbench } from './workbench.ts';

// The editor calls `deactivate` with nothing: what it has to close can only be kept here.
let opening: Promise<Workbench> | undefined;

/**
 * Puts in place what costs nothing: the features of texts and the commands, each loaded on first use. In test mode it
 * answers what host tests look at; otherwise it exports nothing.
 */
export function activate(context: vscode.ExtensionContext): Promise<TestApi | undefined> | undefined {
  const log = vscode.window.createOutputChannel('Orchestrate', { log: true });
  const open = (): Promise<Workbench> =>
    (opening ??= import('./workbench.ts').then(({ openWorkbench }) => openWorkbench(context, log, view)));
  const view = new RunsView<Row>(() => void open());
  const commands = COMMANDS.map((id) =>
    vscode.commands.registerCommand(id, async (argument?: unknown) => (await open()).handlers[id](argument)),
  );
  const tools = TOOLS.map((id) =>
    vscode.lm.registerTool<object>(id, {
      invoke: async ({ input }) => {
        const told = await (await open()).tools[id]({ ...input });
        return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(told)]);
      },
    }),
  );
  const problems = new FileProblems(vscode.Uri.joinPath(context.extensionUri, 'docs', 'rules.md'));
  context.subscriptions.push(log, view, ...commands, ...tools, problems);
  context.subscriptions.push(...registerLanguage(), ...registerChat(open), ...whenNeeded(open));
  const offer = (): void =>
    void Promise.all([offerCli(context), offerImport(context)]).catch((error: unknown) => log.error(String(error)));
  context.subscriptions.push(vscode.workspace.onDidGrantWorkspaceTrust(offer));
  if (vscode.workspace.isTrusted) setImmediate(offer);
  return context.extensionMode === vscode.ExtensionMode.Test ? open().then(({ api }) => api) : undefined;
}

/** Lets go of the runs this window drives; their agents go on. */
export async function deactivate(): Promise<void> {
  await (await opening)?.close();
}
