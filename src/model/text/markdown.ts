/** One line of plain text in Markdown, whatever it holds: nothing of it is a heading, a list, a link, a picture or HTML. */
export const escaped = (text: string): string =>
  oneLine(text)
    .replaceAll(/[\\`*[\]|~$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|(?<=\])\(|&(?=#|\w+;)|#(?=#*$)/gu, String.raw`\$&`)
    .replaceAll(/@|\/(?=\/)|(?<=www)\./giu, String.raw`\$&`)
    .replace(/^[#>+=-]|(?<=^\d{1,9})[.)]/, String.raw`\$&`)
    .replaceAll('<', '&lt;');

/** A name as code; what would end it, or a cell of a table, is a dot. */
export const code = (text: string): string => `\`${oneLine(text).replaceAll(/[`|]/g, '·') || ' '}\``;

/** Without control characters, and without what turns the reading direction round or hides. */
const oneLine = (text: string): string =>
  text
    .replaceAll(UNSEEN, '')
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim();

/** Direction marks, overrides and isolates, zero-width characters, tags, and halves of surrogate pairs. */
export const UNSEEN =
  /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Cs}]/gu;

/** A table of cells that are Markdown already; columns that are empty in every row are left out. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const shown = head.flatMap((_, column) => (rows.some((row) => (row[column] ?? '') !== '') ? column : []));
  const line = (cells: readonly string[]): string => `| ${shown.map((column) => cells[column] ?? '').join(' | ')} |`;
  return rows.length === 0 ? [] : [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
