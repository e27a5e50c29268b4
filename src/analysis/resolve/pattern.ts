/** The best entry of a table of patterns with one `*`, and what the star stood for: an exact key, else the longest. */
export function matchPattern<T>(
  table: Readonly<Record<string, T>>,
  name: string,
): { value: T; star: string | undefined } | undefined {
  const exact = Object.hasOwn(table, name) ? table[name] : undefined;
  if (exact !== undefined) return { value: exact, star: undefined };
  let best: { value: T; star: string; length: number } | undefined;
  for (const [key, value] of Object.entries(table)) {
    const at = key.indexOf('*');
    const [head, tail] = [key.slice(0, at), key.slice(at + 1)];
    if (at === -1 || head.length < (best?.length ?? 0)) continue;
    if (name.length < head.length + tail.length || !name.startsWith(head) || !name.endsWith(tail)) continue;
    best = { value, star: name.slice(head.length, name.length - tail.length), length: head.length };
  }
  return best;
}

export const filled = (pattern: string, star: string | undefined): string =>
  star === undefined ? pattern : pattern.replaceAll('*', () => star);
