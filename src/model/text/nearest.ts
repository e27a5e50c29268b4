/** The candidate a person most likely meant: few letters apart, first one of equals; undefined when none is near. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let limit = Math.max(1, Math.ceil(word.length / 3));
  let found: string | undefined;
  const plain = word.toLowerCase();
  for (const candidate of candidates) {
    const apart = distance(plain, candidate.toLowerCase(), limit);
    if (apart > limit) continue;
    found = candidate;
    limit = apart - 1;
    if (limit < 0) return found;
  }
  return found;
}

/** `Did you mean "x"?`, with a space before it, or nothing. */
export function meant(word: string, candidates: Iterable<string>): string {
  const near = nearest(word, candidates);
  return near === undefined ? '' : ` Did you mean "${near}"?`;
}

/** Levenshtein's distance, or any number above the limit as soon as it is sure to be above. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    if (Math.min(...next) > limit) return limit + 1;
    row = next;
  }
  return row[b.length] ?? 0;
}
