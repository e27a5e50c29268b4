import * as vscode from 'vscode';
import type { RunSession } from '../engine/session.ts';
import type { Attempt, TaskState } from '../model/run/state.ts';
import { attention, type Attention, statusOf } from '../model/run/view.ts';
import type { Asking } from './asking/asking.ts';
import type { Runs } from './runs.ts';
import { runWords, stageWords, STATUS } from './words.ts';

/** What a row, a quick pick or a message from a page is about. */
export interface Target {
  run?: string;
  wave?: number;
  task?: string;
  attempt?: number;
  /** The id of an attention item. */
  attention?: string;
  /** The name of a check on a forge. */
  check?: string;
}

/** What a command was called on: a row of the tree, or the same in a message. The palette calls it on nothing. */
export function targetOf(argument: unknown): Target {
  if (typeof argument !== 'object' || argument === null || !('target' in argument)) return {};
  const { target } = argument;
  return typeof target === 'object' && target !== null ? target : {};
}

/** What a command is to say, where whoever calls it proposes words. */
export function textOf(argument: unknown): string | undefined {
  if (typeof argument !== 'object' || argument === null || !('text' in argument)) return undefined;
  return typeof argument.text === 'string' ? argument.text : undefined;
}

/**
 * Finds what a command means: from its target where it has one, else the only thing that fits, else what the person
 * picks. `undefined`: nothing fits (which is said) or the person turned away.
 */
export class Finding {
  readonly #runs: Runs;
  readonly #asking: Asking;

  constructor(runs: Runs, asking: Asking) {
    this.#runs = runs;
    this.#asking = asking;
  }

  /** Whether what the target was about when it was shown is over, which is said: a message outlives what it asks. */
  async isOver({ run, attention: id }: Target): Promise<boolean> {
    const waits = this.#waiting.some(({ session, item }) => session.state.run === run && item.id === id);
    if (id === undefined || waits) return false;
    await this.#asking.tell('info', vscode.l10n.t('That no longer waits for you.'));
    return true;
  }

  async run(target: Target, fits: (session: RunSession) => boolean, none: string): Promise<RunSession | undefined> {
    const named = target.run === undefined ? undefined : this.#runs.find(target.run);
    if (named) return named;
    const choices = this.#runs.sessions.filter(fits).map((session) => ({
      label: session.state.plan.id,
      description: runWords(session.state).word,
      detail: session.state.plan.objective,
      value: session,
    }));
    return this.#one('Which run?', choices, none);
  }

  async task(
    target: Target,
    fits: (session: RunSession, task: TaskState) => boolean,
    none: string,
  ): Promise<{ session: RunSession; task: TaskState } | undefined> {
    const session = target.run === undefined ? undefined : this.#runs.find(target.run);
    const task = target.task === undefined ? undefined : session?.state.tasks.get(target.task);
    if (session && task) return { session, task };
    const choices = this.#runs.sessions.flatMap((one) =>
      [...one.state.tasks.values()]
        .filter((known) => fits(one, known))
        .map((known) => ({
          label: known.task.title,
          description: `${STATUS[statusOf(one.state, known)].word} · ${one.state.plan.id}`,
          icon: STATUS[statusOf(one.state, known)].icon.replace('~spin', ''),
          value: { session: one, task: known },
        })),
    );
    return this.#one('Which task?', choices, none);
  }

  async attempt(
    target: Target,
    fits: (session: RunSession, attempt: Attempt) => boolean,
    none: string,
  ): Promise<{ session: RunSession; attempt: Attempt } | undefined> {
    const found = await this.task(
      target,
      (session, task) => task.attempts.some((attempt) => fits(session, attempt)),
      none,
    );
    if (!found) return undefined;
    const { session, task } = found;
    const named =
      target.attempt === undefined
        ? task.attempts.findLast((one) => fits(session, one))
        : task.attempts[target.attempt - 1];
    const attempt = named ?? task.attempts.at(-1);
    if (!attempt) {
      await this.#asking.tell('info', none);
      return undefined;
    }
    if (target.task !== undefined || task.attempts.length === 1) return { session, attempt };
    const choices = task.attempts
      .filter((one) => fits(session, one))
      .toReversed()
      .map((one) => ({
        label: `Attempt ${one.number}`,
        description: stageWords(one),
        value: { session, attempt: one },
      }));
    return this.#one('Which attempt?', choices, none);
  }

  async attention(
    target: Target,
    fits: (item: Attention) => boolean,
    none: string,
  ): Promise<{ session: RunSession; item: Attention } | undefined> {
    const all = this.#waiting;
    const named = all.find(({ session, item }) => session.state.run === target.run && item.id === target.attention);
    if (named) return named;
    // What was meant for one request must never reach another.
    if (await this.isOver(target)) return undefined;
    const near = all.filter(
      ({ session, item }) =>
        fits(item) &&
        (target.run === undefined || session.state.run === target.run) &&
        (target.task === undefined || item.task === target.task),
    );
    return this.#one(
      'Which one?',
      near.map((value) => ({ label: value.item.text, description: value.session.state.plan.id, value })),
      none,
    );
  }

  get #waiting(): { session: RunSession; item: Attention }[] {
    return this.#runs.sessions.flatMap((session) => attention(session.state).map((item) => ({ session, item })));
  }

  async #one<T>(
    title: string,
    choices: readonly { label: string; description?: string; detail?: string; icon?: string; value: T }[],
    none: string,
  ): Promise<T | undefined> {
    if (choices.length > 1) return this.#asking.pick(title, choices);
    if (choices.length === 0) await this.#asking.tell('info', none);
    return choices[0]?.value;
  }
}
