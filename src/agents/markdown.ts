/** A part of a prompt under its heading; nothing where it is empty. */
export const section = (title: string, body: string): string => (body === '' ? '' : `# ${title}\n\n${body}`);

/** A list, a point each. */
export const bullets = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');

/** What there is of the parts, `name: text`. */
export const joined = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(': ');

/** As a quotation, so that no heading of it is one of ours. */
export const quoted = (text: string): string =>
  text
    .trim()
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');

/** A fence longer than any in the text, so that the text cannot end it. */
export function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
}
