import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { Throttled } from '../throttled.ts';

export interface PanelOptions<From, To> {
  /** What the page is to show now; asked for just before it is sent. */
  next: () => To | undefined;
  hear: (message: From) => void;
}

/** The run of a page that is made again after a reload, as the page keeps it. */
export const keptRun = (state: unknown): string | undefined =>
  typeof state === 'object' && state !== null && 'run' in state && typeof state.run === 'string'
    ? state.run
    : undefined;

/** Milliseconds between two messages, at least. */
const INTERVAL = 50;

/**
 * One webview and what is drawn in it. A message goes only while it can be seen, and only when the page has said that the
 * last one is on the screen: another would wait behind it, and be old when its turn comes.
 */
export class Panel<From, To> {
  readonly #panel: vscode.WebviewPanel;
  readonly #next: () => To | undefined;
  readonly #projector: Throttled;
  /** A page that has not said that it is ready would get what it is told twice: now, and when it asks for everything. */
  #isBusy = true;
  #isDue = false;

  constructor(panel: vscode.WebviewPanel, { next, hear }: PanelOptions<From, To>) {
    this.#panel = panel;
    this.#next = next;
    this.#projector = new Throttled(() => this.#send(), INTERVAL);
    panel.webview.onDidReceiveMessage(hear);
    panel.onDidChangeViewState(() => this.draw());
  }

  /** Fills it with the bundle `dist/<name>.js` and its style; nothing else may run in it, and nothing comes from outside. */
  load(root: vscode.Uri, name: string): void {
    const { webview } = this.#panel;
    webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(root, 'dist')] };
    this.#panel.iconPath = vscode.Uri.joinPath(root, 'media', 'icon.svg');
    const nonce = randomBytes(16).toString('base64');
    const address = (file: string): string => webview.asWebviewUri(vscode.Uri.joinPath(root, 'dist', file)).toString();
    const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
    webview.html = `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${address(`${name}.css`)}">
<title>Orchestrate</title>
</head>
<body><main id="page"></main><script nonce="${nonce}" src="${address(`${name}.js`)}"></script></body>
</html>`;
  }

  draw(): void {
    if (this.#panel.visible) this.#projector.ask();
  }

  /** `anew`: the page knows nothing yet. */
  drawn(anew: boolean): void {
    this.#isBusy = false;
    if (anew || this.#isDue) this.draw();
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
    const message = this.#next();
    this.#isBusy = message !== undefined;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- not a window's: the editor's own
    if (message) void this.#panel.webview.postMessage(message);
  }
}
