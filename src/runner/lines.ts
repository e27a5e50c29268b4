import { StringDecoder } from 'node:string_decoder';

/** A line longer than this many characters is cut; the rest of it is dropped. */
export const LONGEST_LINE = 1024 * 1024;

/** Cuts a stream of bytes into lines, wherever the chunks begin and end, also in the middle of a character. */
export class Lines {
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  /** The lines that are complete with this chunk, without their ends. */
  take(chunk: Buffer): string[] {
    const pieces = this.#decoder.write(chunk).split('\n');
    const last = pieces.pop() ?? '';
    const lines = pieces.map((piece, index) => (index === 0 ? this.#rest + piece : piece));
    this.#rest = cut(lines.length === 0 ? this.#rest + last : last);
    return lines.map((line) => cut(line.endsWith('\r') ? line.slice(0, -1) : line));
  }

  /** What is left when the stream ends without a newline. */
  end(): string[] {
    const rest = this.#rest + this.#decoder.end();
    this.#rest = '';
    return rest === '' ? [] : [cut(rest)];
  }
}

const cut = (line: string): string => (line.length > LONGEST_LINE ? line.slice(0, LONGEST_LINE) : line);
