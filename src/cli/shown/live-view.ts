import type { RunSession } from '../../engine/session.ts';
import { block } from './block.ts';
import type { Keyboard } from '../asking/keyboard.ts';
import { lastWords } from './last-words.ts';
import { Painter } from './painter.ts';
import type { Terminal } from '../terminal.ts';
import type { View } from '../asking/view.ts';

/** Milliseconds between two frames: ten a second, fewer where drawing a huge run takes a tenth of that. */
const FRAME = 100;

/** The run as a block that is drawn anew when something changed, and each second for the time that passes. */
export class LiveView implements View {
  readonly #session: RunSession;
  readonly #terminal: Terminal;
  readonly #keyboard: Keyboard;
  readonly #painter: Painter;
  readonly #clock: NodeJS.Timeout;
  readonly #undo: readonly Disposable[];
  #said: ReadonlyMap<string, string> = new Map();
  #frame: NodeJS.Timeout | undefined;
  #last = 0;
  #pause = FRAME;
  #closed = false;

  constructor(session: RunSession, terminal: Terminal, keyboard: Keyboard) {
    this.#session = session;
    this.#terminal = terminal;
    this.#keyboard = keyboard;
    this.#painter = new Painter(terminal.write, terminal.size);
    this.#clock = setInterval(() => void this.#tick(), 1000);
    const restore = (): void => this.#painter.clear();
    process.once('exit', restore);
    this.#undo = [
      terminal.onResize(() => this.change()),
      terminal.keys((key) => {
        keyboard.press(key);
        this.change();
      }),
      { [Symbol.dispose]: () => process.off('exit', restore) },
    ];
    this.#draw();
    void this.#tick();
  }

  /** Something is new: drawn with the next frame. */
  change(): void {
    if (this.#closed || this.#frame) return;
    this.#frame = setTimeout(() => this.#draw(), Math.max(0, this.#last + this.#pause - Date.now()));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#clock);
    clearTimeout(this.#frame);
    for (const one of this.#undo) one[Symbol.dispose]();
    this.#painter.clear();
  }

  async #tick(): Promise<void> {
    this.#said = await lastWords(this.#session.ref, this.#session.state);
    this.change();
  }

  #draw(): void {
    this.#frame = undefined;
    this.#last = Date.now();
    const { columns, rows } = this.#terminal.size();
    const prompt = this.#keyboard.prompt(this.#terminal.style);
    const world = {
      columns,
      rows: Math.max(1, rows - 1),
      now: this.#last,
      said: this.#said,
      ...(prompt ? { prompt } : {}),
    };
    this.#painter.draw(block(this.#session.state, world, this.#terminal.style));
    this.#pause = Math.max(FRAME, 10 * (Date.now() - this.#last));
  }
}
