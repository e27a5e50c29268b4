import type { Wish } from '../../model/run/order.ts';
import type { RunState } from '../../model/run/state.ts';
import type { Attention } from '../../model/run/view.ts';
import { type Answer, answersOf, inOrder } from './answers.ts';
import type { Style } from '../shown/style.ts';
import { KEY } from '../terminal.ts';
import { plain } from '../shown/text.ts';

/** What the person at the keyboard can make happen. */
export interface Orders {
  give(wish: Wish): void;
  /** Ctrl+C. */
  interrupt(): void;
  stop(): void;
  leave(): void;
  /** Ctrl+C meant nothing. */
  goOn(): void;
}

/**
 * Asks at the keyboard, below the live view: what Ctrl+C means, else the first thing that waits for a person.
 *
 *     answering ── n, with a reason ──→ typing ── Enter ──→ answering
 *         └── Ctrl+C ──→ interrupted ── s, l, Enter ──┘
 */
export class Keyboard {
  readonly #state: () => RunState;
  readonly #orders: Orders;
  #mode:
    | { kind: 'answering' }
    | { kind: 'interrupted' }
    | { kind: 'typing'; item: string; answer: Answer; text: string } = { kind: 'answering' };
  #refused: string | undefined;

  constructor(state: () => RunState, orders: Orders) {
    this.#state = state;
    this.#orders = orders;
  }

  /** Lines of what is asked; undefined when nothing is. */
  prompt({ paint, glyphs }: Style): readonly string[] | undefined {
    const refused = this.#refused === undefined ? [] : [`   ${paint('red', plain(this.#refused))}`];
    if (this.#mode.kind === 'interrupted') {
      return [` ${paint('bold', 'Stop?')}  [s] stop the agents   [l] leave them running   [Enter] go on`, ...refused];
    }
    const item = this.#item();
    if (!item) return refused.length > 0 ? refused : undefined;
    if (this.#mode.kind === 'typing' && this.#mode.item === item.id) {
      return [
        `   ${this.#mode.answer.asks ?? ''} ${this.#mode.text}${glyphs.rule}   ${paint('dim', 'Enter sends, Esc goes back')}`,
      ];
    }
    const keys = answersOf(item).map(({ key, label }) => `[${key}] ${plain(label)}`);
    return [`   ${paint('bold', keys.join('   '))}`, ...refused];
  }

  /** The next Ctrl+C question. */
  askInterrupt(): void {
    this.#mode = { kind: 'interrupted' };
  }

  /** An order that was not taken. */
  refuse(reason: string): void {
    this.#refused = reason;
  }

  press(key: string): void {
    this.#refused = undefined;
    if (key === KEY.interrupt) return this.#orders.interrupt();
    switch (this.#mode.kind) {
      case 'interrupted':
        return this.#interrupted(key.toLowerCase());
      case 'typing':
        return this.#typed(this.#mode, key);
      case 'answering':
        return this.#answered(key.toLowerCase());
    }
  }

  #interrupted(key: string): void {
    if (key === 's') this.#orders.stop();
    else if (key === 'l') this.#orders.leave();
    else if (key === KEY.enter || key === KEY.newline || key === KEY.escape) this.#orders.goOn();
    else return;
    this.#mode = { kind: 'answering' };
  }

  #answered(key: string): void {
    const item = this.#item();
    const answer = item && answersOf(item).find((one) => one.key === key);
    if (!item || !answer) return;
    if (answer.asks !== undefined) this.#mode = { kind: 'typing', item: item.id, answer, text: '' };
    else this.#orders.give(answer.wish(this.#state()));
  }

  #typed(mode: { item: string; answer: Answer; text: string }, key: string): void {
    if (key === KEY.enter || key === KEY.newline) {
      this.#mode = { kind: 'answering' };
      if (this.#item()?.id === mode.item) this.#orders.give(mode.answer.wish(this.#state(), mode.text.trim()));
    } else if (key === KEY.escape) this.#mode = { kind: 'answering' };
    else if (key === KEY.backspace) mode.text = mode.text.replace(/.$/su, '');
    else if (plain(`.${key}.`).length === key.length + 2) mode.text += key;
  }

  #item(): Attention | undefined {
    return inOrder(this.#state()).find(({ choices }) => choices.length > 0);
  }
}
