import * as vscode from 'vscode';
import { pullRequestOf } from '../../model/shown/pull-request.ts';
import type { RunSession } from '../../engine/session.ts';
import { failedTasks } from '../../model/run/diagnosis.ts';
import type { RunState } from '../../model/run/state.ts';
import { attention, type Attention } from '../../model/run/view.ts';
import type { Asking } from './asking.ts';
import type { CommandId } from '../contributions.ts';
import { isPlanned, OUTCOME } from '../words.ts';
import type { Runs } from '../runs.ts';
import { setting } from '../settings.ts';

/**
 * Notifications, only when a person is needed or a run has ended, and never twice for the same thing: also not after
 * a reload, and not in a second window that only follows.
 */
export class Notices implements vscode.Disposable {
  readonly #runs: Runs;
  readonly #asking: Asking;
  readonly #memory: vscode.Memento;
  readonly #told: Set<string>;
  readonly #listening: vscode.Disposable[];

  constructor(runs: Runs, asking: Asking, memory: vscode.Memento) {
    this.#runs = runs;
    this.#asking = asking;
    this.#memory = memory;
    this.#told = new Set(memory.get<string[]>(MEMORY, []));
    this.#listening = [runs.onDidChange(({ session }) => this.#look(session)), runs.onDidList(() => this.#lookAtAll())];
  }

  dispose(): void {
    for (const one of this.#listening) one.dispose();
  }

  #lookAtAll(): void {
    for (const session of this.#runs.sessions) this.#look(session);
  }

  #look(session: RunSession): void {
    const { state, role } = session;
    if (role !== 'drives' || !setting('orchestrate.notifications')) return;
    // The review page is on the screen when a plan waits for approval: whoever started it looks at it.
    // So does whoever took something over, or interrupted it. Who edited the plan looks at the plan.
    for (const item of oneAtATime(attention(state)))
      if ((item.kind !== 'approval' || state.proposal) && item.kind !== 'taken' && item.kind !== 'held')
        this.#once(session, `${state.run}|${item.kind === 'asked' ? 'asks' : item.id}|${item.since}`, () =>
          this.#tell(session, item),
        );
    if (state.ended) this.#once(session, `${state.run}|ended|${state.ended.at}`, () => this.#tellEnd(session));
  }

  #once({ state }: RunSession, key: string, tell: () => Promise<void>): void {
    if (this.#told.has(key)) return;
    this.#told.add(key);
    void this.#memory.update(MEMORY, [...this.#told].slice(-MOST_REMEMBERED));
    // A run that ended before this window opened is old news.
    if (state.ended && Date.now() - state.ended.at > NEWS) return;
    void tell();
  }

  async #tell({ state }: RunSession, item: Attention): Promise<void> {
    const always = item.choices.some(({ id }) => id === 'always');
    const all = ACTIONS[item.kind] ?? QUESTION;
    const actions = always ? all : all.filter(([, id]) => id !== 'orchestrate.allowAlways');
    const chosen = await this.#asking.tell('warning', item.text, ...actions.map(([label]) => label));
    const command = actions.find(([label]) => label === chosen)?.[1];
    const target = { run: state.run, attention: item.id, ...(item.task === undefined ? {} : { task: item.task }) };
    if (command) await vscode.commands.executeCommand(command, { target });
  }

  async #tellEnd({ state }: RunSession): Promise<void> {
    const { ended } = state;
    if (!ended || ended.outcome === 'rejected') return;
    const name = state.plan.objective || state.plan.id;
    const text = isPlanned(state)
      ? vscode.l10n.t('"{0}" is done: look at the plan.', name)
      : vscode.l10n.t('"{0}" {1}.', name, OUTCOME[ended.outcome].word);
    const actions = actionsAtEnd(state);
    const labels = actions.map(([label]) => label);
    const chosen = await this.#asking.tell(ended.outcome === 'merged' ? 'info' : 'warning', text, ...labels);
    const command = actions.find(([label]) => label === chosen)?.[1];
    if (command) await vscode.commands.executeCommand(command, { target: { run: state.run } });
  }
}

function actionsAtEnd(state: RunState): Action[] {
  if (isPlanned(state)) return [[vscode.l10n.t('Review the Plan'), 'orchestrate.takePlan']];
  const hasResult = state.branch !== undefined && state.integration !== state.base;
  return [
    ...actions(failedTasks(state).length > 0, [vscode.l10n.t('What Went Wrong'), 'orchestrate.whatWentWrong']),
    ...actions(hasResult, [vscode.l10n.t('Take the Result'), 'orchestrate.takeResult']),
    ...actions(pullRequestOf(state) !== undefined, [
      vscode.l10n.t('Make a Pull Request'),
      'orchestrate.makePullRequest',
    ]),
    [vscode.l10n.t('Show Summary'), 'orchestrate.showReview'],
  ];
}

const actions = (isOffered: boolean, action: Action): Action[] => (isOffered ? [action] : []);

/** What an agent asks is answered one after the other: it is told of once. */
const oneAtATime = (items: readonly Attention[]): Attention[] => {
  const first = items.find(({ kind }) => kind === 'asked');
  return items.filter((item) => item.kind !== 'asked' || item === first);
};

const MEMORY = 'told';
const MOST_REMEMBERED = 200;
/** Milliseconds. */
const NEWS = 60_000;

type Action = readonly [label: string, command: CommandId];

const QUESTION: readonly Action[] = [['Answer', 'orchestrate.answer']];

const ACTIONS: Partial<Record<Attention['kind'], readonly Action[]>> = {
  approval: [
    ['Review', 'orchestrate.showReview'],
    ['Approve', 'orchestrate.approve'],
  ],
  manual: [
    ['Show Instructions', 'orchestrate.showInstructions'],
    ['Mark Done', 'orchestrate.done'],
  ],
  escalated: [
    ['Answer', 'orchestrate.answer'],
    ['What Went Wrong', 'orchestrate.whatWentWrong'],
  ],
  paused: [['Resume', 'orchestrate.resume']],
  permission: [
    ['Allow Once', 'orchestrate.allowOnce'],
    ['Allow Always', 'orchestrate.allowAlways'],
    ['Reject', 'orchestrate.deny'],
    ['Show', 'orchestrate.openTerminal'],
  ],
};
