import * as vscode from 'vscode';
import { expectedEnd } from '../model/shown/ending.ts';
import type { RunState } from '../model/run/state.ts';
import { attention, type Attention, progress } from '../model/run/view.ts';
import type { CommandId } from './contributions.ts';
import type { Runs } from './runs.ts';
import { clock, doneWords, runWords } from './words.ts';
import { firstLine } from '../model/text/headline.ts';
import { Throttled } from './throttled.ts';

/** One item: how far the run is, and whether it waits for a person; a click shows the run. Hidden where nothing ever ran. */
export class StatusBar implements vscode.Disposable {
  readonly #runs: Runs;
  readonly #item = vscode.window.createStatusBarItem('orchestrate.status', vscode.StatusBarAlignment.Left, 10);
  readonly #projector = new Throttled(() => this.#draw(), 250);
  readonly #listening: vscode.Disposable[];
  #looks: string | undefined;

  constructor(runs: Runs) {
    this.#runs = runs;
    this.#item.name = 'Orchestrate';
    this.#listening = [runs.onDidChange(() => this.#projector.ask()), runs.onDidList(() => this.#projector.ask())];
  }

  get text(): string {
    return this.#item.text;
  }

  dispose(): void {
    for (const one of [...this.#listening, this.#item]) one.dispose();
    this.#projector[Symbol.dispose]();
  }

  #draw(): void {
    const state = this.#runs.current?.state;
    const shown = state && shownOf(state);
    const looks = JSON.stringify(shown);
    // Whatever of it is set goes to the window, also where it was the same before.
    if (looks === this.#looks) return;
    this.#looks = looks;
    if (shown) this.#show(shown);
    else this.#item.hide();
  }

  #show({ run, text, tooltip, label, isWaiting }: Shown): void {
    const command: CommandId = 'orchestrate.showRun';
    this.#item.command = { command, title: '', arguments: [{ target: { run } }] };
    this.#item.text = text;
    this.#item.tooltip = tooltip;
    this.#item.accessibilityInformation = { label };
    this.#item.backgroundColor = isWaiting ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    this.#item.show();
  }
}

interface Shown {
  run: string;
  text: string;
  tooltip: string;
  /** For those who hear it. */
  label: string;
  isWaiting: boolean;
}

function shownOf(state: RunState): Shown {
  const { byStatus, total } = progress(state);
  const waiting = attention(state);
  const { icon, word } = runWords(state);
  const [limit] = state.ended ? [] : state.breakers.values();
  const until = limit ? ` $(watch) ${clock(limit.until)}` : '';
  const asks = waiting.length === 0 ? word : vscode.l10n.t('{0} waiting for you', waiting.length);
  return {
    run: state.run,
    text: `$(${waiting.length > 0 ? 'bell-dot' : icon}) ${byStatus.done}/${total}${until}`,
    tooltip: [`Orchestrate: ${state.plan.id}, ${asks}`, ...endOf(state), ...waiting.slice(0, MOST).map(lineOf)].join(
      '\n',
    ),
    label: vscode.l10n.t('Orchestrate: {0}, {1}', doneWords(byStatus.done, total), asks),
    isWaiting: waiting.length > 0,
  };
}

/** A larger run is looked at on its page alone: here it would be with every event. */
const MOST_TASKS = 500;

/** By what its tasks took so far; it is written to the minute, and so is seldom another. */
function endOf(state: RunState): string[] {
  const end = state.tasks.size > MOST_TASKS ? undefined : expectedEnd(state, Date.now());
  return end === undefined ? [] : [vscode.l10n.t('Ends about {0}', clock(end))];
}

/** So many of those who wait are told in the tooltip. */
const MOST = 5;

const lineOf = ({ text, since }: Attention): string => `${firstLine(text)} (${clock(since)})`;
