import { StringDecoder } from 'node:string_decoder';

/** A line longer than this many characters is cut; the rest of it is dropped. */
export const LONGEST_LINE = 1024 * 1024;

/** The same for a message that means nothing when it is cut. */
export const LONGEST_MESSAGE = 64 * LONGEST_LINE;

/** Cuts a stream of bytes into lines, wherever the chunks begin and end, also in the middle of a character. */
export class Lines {
  readonly #decoder = new StringDecoder('utf8');
  readonly #longest: number;
  #rest = '';

  constructor(longest = LONGEST_LINE) {
    this.#longest = longest;
  }

  /** The lines that are complete with this chunk, without their ends. */
  take(chunk: Buffer): string[] {
    const pieces = this.#decoder.write(chunk).split('\n');
    const last = pieces.pop() ?? '';
    const lines = pieces.map((piece, index) => (index === 0 ? this.#rest + piece : piece));
    this.#rest = this.#cut(lines.length === 0 ? this.#rest + last : last);
    return lines.map((line) => this.#cut(line.endsWith('\r') ? line.slice(0, -1) : line));
  }

  /** What is left when the stream ends without a newline. */
  end(): string[] {
    const rest = this.#rest + this.#decoder.end();
    this.#rest = '';
    return rest === '' ? [] : [this.#cut(rest)];
  }

  #cut(line: string): string {
    return line.length > this.#longest ? line.slice(0, this.#longest) : line;
  }
}
