import { readable } from '../../agents/readable.ts';
import { UNSEEN } from '../../model/text/markdown.ts';

/**
 * Text from plans, agents and gates as one safe line: nothing that a terminal obeys, nothing that turns the reading
 * direction round or hides, one space for every run of white space.
 */
export const plain = (text: string): string => readable(text).replaceAll(UNSEEN, '').replaceAll(/\s+/gu, ' ').trim();

/** As `plain`, but with its lines kept. */
export const plainLines = (text: string): string[] =>
  readable(text)
    .split(/[\n\u2028\u2029]/u)
    .map((line) => line.replaceAll(UNSEEN, '').replaceAll('\t', '    ').trimEnd());

/** Columns that a text without control characters takes in a terminal. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

/** The text in exactly so many columns: cut with an ellipsis, or filled with spaces. */
export const pad = (text: string, columns: number, more = '…'): string => {
  const cut = clip(text, columns, more);
  return cut + ' '.repeat(Math.max(0, columns - widthOf(cut)));
};

/** At most so many columns; what is cut off is shown by `more`. */
export function clip(text: string, columns: number, more = '…'): string {
  if (columns <= 0) return '';
  if (widthOf(text) <= columns) return text;
  const room = columns - widthOf(more);
  if (room < 0) return '';
  return takeColumns(text, room).trimEnd() + more;
}

/**
 * Broken at spaces where it is longer than a terminal is wide, and within a word that alone is longer, such as a path;
 * what follows is indented as its beginning.
 */
export function wrap(text: string, columns: number): string[] {
  const indent = /^ */.exec(text)?.[0] ?? '';
  const lines: string[] = [];
  let line: string | undefined;
  for (const word of text.slice(indent.length).split(' ')) {
    const longer: string = line === undefined ? indent + word : `${line} ${word}`;
    if (widthOf(longer) > columns) {
      const pieces = piecesOf(word, Math.max(WIDEST, columns - indent.length));
      lines.push(...(line === undefined ? [] : [line]), ...pieces.slice(0, -1).map((piece) => indent + piece));
      line = indent + (pieces.at(-1) ?? '');
    } else line = longer;
  }
  return [...lines, line ?? ''];
}

/** Columns of the widest character. */
const WIDEST = 2;

/** At least one, also where nothing fits. */
function piecesOf(word: string, columns: number): string[] {
  const pieces: string[] = [];
  let rest = word;
  for (;;) {
    const piece = takeColumns(rest, columns);
    if (piece === '' || piece === rest) return [...pieces, rest];
    pieces.push(piece);
    rest = rest.slice(piece.length);
  }
}

function takeColumns(text: string, room: number): string {
  let taken = '';
  let width = 0;
  for (const character of text) {
    width += columnsOf(character);
    if (width > room) break;
    taken += character;
  }
  return taken;
}

function columnsOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (NO_COLUMN.test(character)) return 0;
  return WIDE.some(([first, last]) => code >= first && code <= last) || EMOJI.test(character) ? 2 : 1;
}

const NO_COLUMN = /[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]/u;
const EMOJI = /\p{Emoji_Presentation}/u;

/** East Asian Wide and Fullwidth, after Unicode's EastAsianWidth.txt, neighbouring blocks taken as one. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18aff],
  [0x1aff0, 0x1b2ff],
  [0x1f200, 0x1f2ff],
  [0x20000, 0x3fffd],
];

/** `0.4 s`, `12 s`, `3:07`, `1:02:33`. */
export function timeText(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** A moment as a person reads it, in their own time: the time of day, and the date where it is not today. */
export function clockText(at: number, now = Date.now()): string {
  const moment = new Date(at);
  const time = `${two(moment.getHours())}:${two(moment.getMinutes())}`;
  if (moment.toDateString() === new Date(now).toDateString()) return time;
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())} ${time}`;
}

/** The same to the second. */
export const secondText = (at: number): string => `${clockText(at)}:${two(new Date(at).getSeconds())}`;

const two = (number: number): string => String(number).padStart(2, '0');

export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;
