import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { RunSession } from '../engine/session.ts';
import type { FromPage, Page, ToPage } from '../webview/protocol.ts';
import { approveRun, type Approving } from './approval.ts';
import type { CommandId } from './contributions.ts';
import { give } from './orders.ts';
import { pageOf } from './page.ts';
import type { Runs } from './runs.ts';
import { Throttled } from './throttled.ts';

const TYPE = 'orchestrate.review';

/**
 * The review pages, one panel for each run. The page gets whole snapshots, at most twenty in a second, the next one when
 * the last is on the screen, and only while it can be seen; after a reload of the window it is made again from the run's id.
 */
export class ReviewPages implements vscode.Disposable, vscode.WebviewPanelSerializer {
  readonly #parts: Approving;
  readonly #runs: Runs;
  readonly #root: vscode.Uri;
  readonly #panels = new Map<string, Panel>();
  readonly #listening: vscode.Disposable[];

  constructor(parts: Approving, root: vscode.Uri) {
    const { runs } = parts;
    this.#parts = parts;
    this.#runs = runs;
    this.#root = root;
    this.#listening = [
      vscode.window.registerWebviewPanelSerializer(TYPE, this),
      runs.onDidChange(({ session }) => this.#panels.get(session.state.run)?.draw()),
      runs.onDidList(() => this.#drawAll()),
    ];
  }

  show(session: RunSession): void {
    const { run, plan } = session.state;
    const known = this.#panels.get(run);
    if (known) {
      known.reveal();
      return;
    }
    const panel = vscode.window.createWebviewPanel(TYPE, titleOf(plan.id), vscode.ViewColumn.Active, {
      enableFindWidget: true,
    });
    this.#adopt(run, panel);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const run = typeof state === 'object' && state !== null && 'run' in state ? state.run : undefined;
    if (typeof run === 'string') this.#adopt(run, panel);
    else panel.dispose();
  }

  /** The snapshot of each open page, for tests. */
  pages(): Page[] {
    return [...this.#panels].flatMap(([run, { open }]) => this.#page(run, open) ?? []);
  }

  dispose(): void {
    for (const one of this.#listening) one.dispose();
    for (const panel of this.#panels.values()) panel.dispose();
  }

  #drawAll(): void {
    for (const panel of this.#panels.values()) panel.draw();
  }

  #adopt(run: string, webview: vscode.WebviewPanel): void {
    webview.webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(this.#root, 'dist')] };
    webview.iconPath = vscode.Uri.joinPath(this.#root, 'media', 'icon.svg');
    const panel = new Panel(webview, {
      page: (open) => this.#page(run, open),
      hear: (message) => void this.#hear(run, message),
    });
    this.#panels.set(run, panel);
    webview.onDidDispose(() => {
      panel.dispose();
      this.#panels.delete(run);
    });
    webview.webview.html = this.#html(webview.webview);
  }

  #page(run: string, open: ReadonlySet<string>): Page | undefined {
    const session = this.#runs.find(run);
    return session && pageOf(session.state, open);
  }

  async #hear(run: string, message: FromPage): Promise<void> {
    const session = this.#runs.find(run);
    if (!session) return;
    switch (message.kind) {
      case 'ready':
      case 'drawn':
        return this.#panels.get(run)?.drawn(message.kind === 'ready');
      case 'fold':
        return this.#panels.get(run)?.fold(message);
      case 'approve':
        await approveRun(session, { planHash: message.planHash, baseline: message.baseline }, this.#parts);
        return this.#panels.get(run)?.draw();
      case 'reject':
        await give(
          session,
          { type: 'reject', planHash: message.planHash, comment: message.comment },
          this.#parts.asking,
        );
        return this.#panels.get(run)?.draw();
      case 'do': {
        const { kind: _, what, ...about } = message;
        await vscode.commands.executeCommand(COMMAND[what], { target: { run, ...about } });
      }
    }
  }

  #html(webview: vscode.Webview): string {
    const nonce = randomBytes(16).toString('base64');
    const address = (name: string): string =>
      webview.asWebviewUri(vscode.Uri.joinPath(this.#root, 'dist', name)).toString();
    const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
    return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${address('webview.css')}">
<title>Orchestrate</title>
</head>
<body><main id="page"></main><script nonce="${nonce}" src="${address('webview.js')}"></script></body>
</html>`;
  }
}

const COMMAND: Record<Extract<FromPage, { kind: 'do' }>['what'], CommandId> = {
  openTerminal: 'orchestrate.openTerminal',
  openDiff: 'orchestrate.openDiff',
  retry: 'orchestrate.retry',
  answer: 'orchestrate.answer',
  allowOnce: 'orchestrate.allowOnce',
  allowAlways: 'orchestrate.allowAlways',
  deny: 'orchestrate.deny',
  done: 'orchestrate.done',
  showInstructions: 'orchestrate.showInstructions',
  handBack: 'orchestrate.handBack',
  tell: 'orchestrate.tell',
  resume: 'orchestrate.resume',
  takeResult: 'orchestrate.takeResult',
};

const titleOf = (plan: string): string => vscode.l10n.t('Plan {0}', plan);

interface Panelled {
  page: (open: ReadonlySet<string>) => Page | undefined;
  hear: (message: FromPage) => void;
}

/** One webview and what is drawn in it. */
class Panel {
  readonly #panel: vscode.WebviewPanel;
  readonly #page: Panelled['page'];
  readonly #open = new Set<string>();
  readonly #projector = new Throttled(() => this.#send(), 50);
  /** A page is on its way; another would only wait behind it, and be old when its turn comes. */
  #isBusy = false;
  #isDue = false;

  constructor(panel: vscode.WebviewPanel, { page, hear }: Panelled) {
    this.#panel = panel;
    this.#page = page;
    panel.webview.onDidReceiveMessage(hear);
    panel.onDidChangeViewState(() => this.draw());
  }

  /** The groups of tasks that the person opened. */
  get open(): ReadonlySet<string> {
    return this.#open;
  }

  draw(): void {
    if (this.#panel.visible) this.#projector.ask();
  }

  /** `anew`: the page knows nothing yet. */
  drawn(anew: boolean): void {
    this.#isBusy = false;
    if (anew || this.#isDue) this.draw();
  }

  fold({ group, open }: { group: string; open: boolean }): void {
    if (open) this.#open.add(group);
    else this.#open.delete(group);
    this.draw();
  }

  reveal(): void {
    this.#panel.reveal(undefined, false);
    this.draw();
  }

  dispose(): void {
    this.#projector[Symbol.dispose]();
    this.#panel.dispose();
  }

  #send(): void {
    this.#isDue = this.#isBusy;
    if (this.#isBusy) return;
    const page = this.#page(this.#open);
    this.#isBusy = page !== undefined;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- not a window's: the editor's own
    if (page) void this.#panel.webview.postMessage({ kind: 'page', page } satisfies ToPage);
  }
}
