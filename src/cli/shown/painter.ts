import { stripVTControlCharacters } from 'node:util';
import { widthOf } from './text.ts';

/**
 * Redraws a block of lines at the end of a terminal's output: in one write, over the old one, line by line, so that
 * nothing is ever blank in between.
 */
export class Painter {
  readonly #write: (text: string) => void;
  readonly #size: () => { columns: number; rows: number };
  #drawn: readonly string[] = [];
  #open = false;

  constructor(write: (text: string) => void, size: () => { columns: number; rows: number }) {
    this.#write = write;
    this.#size = size;
  }

  /** Draws nothing where nothing changed. */
  draw(lines: readonly string[]): void {
    if (this.#open && lines.length === this.#drawn.length && lines.every((line, i) => line === this.#drawn[i])) return;
    const hide = this.#open ? '' : HIDE_CURSOR;
    const body = lines.map((line) => `${line}${END_OF_LINE}\n`).join('');
    this.#write(`${BEGIN}${hide}${this.#backToTop()}${body}${REST}${END}`);
    this.#drawn = lines;
    this.#open = true;
  }

  /** Takes the block away and gives the cursor back. */
  clear(): void {
    if (!this.#open) return;
    this.#write(`${this.#backToTop()}${REST}${SHOW_CURSOR}`);
    this.#drawn = [];
    this.#open = false;
  }

  /** A terminal that became narrower has broken long lines in two. */
  #backToTop(): string {
    const { columns, rows } = this.#size();
    const height = this.#drawn.reduce((sum, line) => sum + rowsOf(line, columns), 0);
    const up = Math.min(height, Math.max(0, rows - 1));
    return up > 0 ? `\r\u001b[${up}A` : '\r';
  }
}

const rowsOf = (line: string, columns: number): number =>
  Math.max(1, Math.ceil(widthOf(stripVTControlCharacters(line)) / columns));

const BEGIN = '\u001b[?2026h';
const END = '\u001b[?2026l';
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const END_OF_LINE = '\u001b[K';
const REST = '\u001b[J';
