/** The file that every agent reads first: how things are done in a repository. */
export const CONVENTIONS_FILE = 'AGENTS.md';

const HEADING = '## Decisions';

/**
 * The lines of `said` that the file does not have yet, as it would have them: each once, whatever its case, its spaces
 * and its sign of a list.
 */
export function newConventions(text: string, said: readonly string[]): string[] {
  const known = new Set(text.split('\n').map(meaning));
  return said.flatMap((line) => {
    const plain = line.replaceAll(/\s+/g, ' ').trim();
    if (plain === '' || known.has(meaning(plain))) return [];
    known.add(meaning(plain));
    return [`- ${plain}`];
  });
}

/** The file with these lines at the end of what it says of decisions; with nothing to say it stays byte for byte. */
export function withConventions(text: string, lines: readonly string[]): string {
  if (lines.length === 0) return text;
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const all = text.split(/\r?\n/);
  const heading = all.findIndex((line) => line.trim().toLowerCase() === HEADING.toLowerCase());
  if (heading < 0)
    return [text.trimEnd(), HEADING, lines.join(end)].filter((part) => part !== '').join(end + end) + end;
  const next = all.findIndex((line, at) => at > heading && /^#{1,2}\s/.test(line));
  const section = next < 0 ? all.length : next;
  const last = all.findLastIndex((line, at) => at < section && line.trim() !== '');
  const gap = last === heading ? [''] : [];
  return [...all.slice(0, last + 1), ...gap, ...lines, ...all.slice(last + 1)].join(end);
}

const meaning = (line: string): string =>
  line
    .replace(/^\s*[-*+]\s+/, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .toLowerCase();
