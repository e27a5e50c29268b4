import * as vscode from 'vscode';
import type { RunSession } from '../../engine/session.ts';
import { failedTasks } from '../../model/run/diagnosis.ts';
import type { RunOutcome } from '../../model/run/event.ts';
import type { RunState } from '../../model/run/state.ts';
import { attention, type Attention, progress } from '../../model/run/view.ts';
import type { Asking } from './asking.ts';
import { isRequestable } from '../forges.ts';
import type { CommandId } from '../contributions.ts';
import { doneWords, isPlanned, OUTCOME, titleIn } from '../words.ts';
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
    for (const item of oneAtATime(attention(state)))
      if (!isKnown(state, item))
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
    const chosen = await this.#asking.tell('warning', noticeOf(state, item), ...actions.map(([label]) => label));
    const command = actions.find(([label]) => label === chosen)?.[1];
    const target = { run: state.run, attention: item.id, ...(item.task === undefined ? {} : { task: item.task }) };
    if (command) await vscode.commands.executeCommand(command, { target });
  }

  async #tellEnd({ state }: RunSession): Promise<void> {
    const { ended } = state;
    if (!ended || ended.outcome === 'rejected') return;
    const actions = actionsAtEnd(state);
    const labels = actions.map(([label]) => label);
    const level = ended.outcome === 'merged' ? 'info' : 'warning';
    const chosen = await this.#asking.tell(level, endOf(state, ended.outcome), ...labels);
    const command = actions.find(([label]) => label === chosen)?.[1];
    if (command) await vscode.commands.executeCommand(command, { target: { run: state.run } });
  }
}

/** Who asks, where what is asked does not say it. */
const noticeOf = (state: RunState, { kind, task, text }: Attention): string =>
  kind === 'asked' && task !== undefined ? vscode.l10n.t('{0} asks: {1}', titleIn(state)(task), text) : text;

function endOf(state: RunState, outcome: RunOutcome): string {
  const name = state.plan.objective || state.plan.id;
  if (isPlanned(state)) return vscode.l10n.t('"{0}" is done: look at the plan.', name);
  const { byStatus, total } = progress(state);
  if (outcome !== 'merged' || state.branch === undefined)
    return vscode.l10n.t('"{0}" {1}: {2}.', name, OUTCOME[outcome].word, doneWords(byStatus.done, total));
  return vscode.l10n.t('"{0}" is done, merged into the branch {1}.', name, state.branch);
}

function actionsAtEnd(state: RunState): Action[] {
  if (isPlanned(state)) return [[vscode.l10n.t('Review the Plan'), 'orchestrate.takePlan']];
  const hasResult = state.branch !== undefined && state.integration !== state.base;
  return [
    ...actions(failedTasks(state).length > 0, [vscode.l10n.t('What Went Wrong'), 'orchestrate.whatWentWrong']),
    ...actions(hasResult, [vscode.l10n.t('Take the Result'), 'orchestrate.takeResult']),
    ...actions(isRequestable(state), [vscode.l10n.t('Make a Pull Request'), 'orchestrate.makePullRequest']),
    ...actions(state.ended?.outcome === 'cancelled', [vscode.l10n.t('Resume'), 'orchestrate.resume']),
    [vscode.l10n.t('Show Summary'), 'orchestrate.showReview'],
  ];
}

const actions = (isOffered: boolean, action: Action): Action[] => (isOffered ? [action] : []);

/**
 * The review page is on the screen when a plan waits for approval: whoever started it looks at it. So does whoever took
 * something over, interrupted or paused it. Who edited the plan looks at the plan.
 */
const isKnown = ({ proposal, paused }: RunState, { kind }: Attention): boolean =>
  kind === 'taken' ||
  kind === 'held' ||
  (kind === 'approval' && proposal === undefined) ||
  (kind === 'paused' && paused?.asked === true);

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
