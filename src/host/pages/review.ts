import * as vscode from 'vscode';
import type { RunSession } from '../../engine/session.ts';
import type { FromPage, Page, ToPage } from '../../webview/protocol.ts';
import { approveRun, type Approving } from '../asking/approval.ts';
import type { CommandId } from '../contributions.ts';
import { Expected } from './expected.ts';
import { give } from '../orders.ts';
import { pageOf } from './page.ts';
import { keptRun, Panel } from './panel.ts';
import type { Runs } from '../runs.ts';

const TYPE = 'orchestrate.review';

/**
 * The review pages, one panel for each run. The page gets whole snapshots, at most twenty in a second, the next one when
 * the last is on the screen, and only while it can be seen; after a reload of the window it is made again from the run's id.
 */
export class ReviewPages implements vscode.Disposable, vscode.WebviewPanelSerializer {
  readonly #parts: Approving;
  readonly #runs: Runs;
  readonly #root: vscode.Uri;
  /** Each with the groups of tasks that the person opened. */
  readonly #panels = new Map<string, { panel: Panel<FromPage, ToPage>; open: Set<string> }>();
  readonly #expected = new Expected();
  readonly #listening: vscode.Disposable[];

  constructor(parts: Approving, root: vscode.Uri) {
    const { runs } = parts;
    this.#parts = parts;
    this.#runs = runs;
    this.#root = root;
    this.#listening = [
      vscode.window.registerWebviewPanelSerializer(TYPE, this),
      runs.onDidChange(({ session }) => this.#drawOf(session)),
      runs.onDidList(() => this.#drawAll()),
    ];
  }

  show(session: RunSession): void {
    const { run, plan } = session.state;
    const known = this.#panels.get(run);
    if (known) {
      known.panel.reveal();
      return;
    }
    const panel = vscode.window.createWebviewPanel(TYPE, titleOf(plan.id), vscode.ViewColumn.Active, {
      enableFindWidget: true,
    });
    this.#adopt(run, panel);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const run = keptRun(state);
    if (run === undefined) panel.dispose();
    else this.#adopt(run, panel);
  }

  /** The snapshot of each open page, for tests. */
  pages(): Page[] {
    return [...this.#panels].flatMap(([run, { open }]) => this.#page(run, open) ?? []);
  }

  dispose(): void {
    for (const one of this.#listening) one.dispose();
    for (const { panel } of this.#panels.values()) panel.dispose();
  }

  /** A planner's run is shown on the pages of its plan. */
  #drawOf({ state }: RunSession): void {
    if (state.planning && state.ended) this.#drawAll();
    else this.#panels.get(state.run)?.panel.draw();
  }

  #drawAll(): void {
    for (const { panel } of this.#panels.values()) panel.draw();
  }

  #adopt(run: string, webview: vscode.WebviewPanel): void {
    const open = new Set<string>();
    const panel = new Panel<FromPage, ToPage>(webview, {
      next: () => {
        const page = this.#page(run, open);
        return page && { kind: 'page', page };
      },
      hear: (message) => void this.#hear(run, message),
    });
    this.#panels.set(run, { panel, open });
    webview.onDidDispose(() => {
      panel.dispose();
      this.#panels.delete(run);
    });
    panel.load(this.#root, 'webview');
  }

  #page(run: string, open: ReadonlySet<string>): Page | undefined {
    const session = this.#runs.find(run);
    if (!session) return undefined;
    const expected = this.#expected.of(session, () => this.#panels.get(run)?.panel.draw());
    return { ...pageOf(session.state, open), ...expected, ...anewOf(this.#runs.revising(session.state)) };
  }

  async #hear(run: string, message: FromPage): Promise<void> {
    const session = this.#runs.find(run);
    const shown = this.#panels.get(run);
    if (!session || !shown) return;
    switch (message.kind) {
      case 'ready':
      case 'drawn':
        return shown.panel.drawn(message.kind === 'ready');
      case 'fold':
        shown.open[message.open ? 'add' : 'delete'](message.group);
        return shown.panel.draw();
      case 'approve':
        await approveRun(session, { planHash: message.planHash, baseline: message.baseline }, this.#parts);
        return shown.panel.draw();
      case 'reject':
        await give(
          session,
          { type: 'reject', planHash: message.planHash, comment: message.comment },
          this.#parts.asking,
        );
        return shown.panel.draw();
      case 'revise': {
        const about = { target: { run }, text: message.comment };
        await vscode.commands.executeCommand('orchestrate.revisePlan' satisfies CommandId, about);
        return shown.panel.draw();
      }
      case 'do': {
        const { kind: _, what, ...about } = message;
        await vscode.commands.executeCommand(COMMAND[what], { target: { run, ...about } });
      }
    }
  }
}

/** What a button of a page calls. */
export const COMMAND: Record<Extract<FromPage, { kind: 'do' }>['what'], CommandId> = {
  review: 'orchestrate.showReview',
  openTerminal: 'orchestrate.openTerminal',
  openDiff: 'orchestrate.openDiff',
  whatWentWrong: 'orchestrate.whatWentWrong',
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

const anewOf = (planner: RunSession | undefined): Pick<Page, 'anew'> =>
  planner ? { anew: { run: planner.state.run, comment: planner.state.planning?.revises?.comments.at(-1) ?? '' } } : {};

const titleOf = (plan: string): string => vscode.l10n.t('Plan {0}', plan);
