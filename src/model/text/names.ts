/** A short text of lower-case ASCII letters, digits and single dashes, at most 40 long, never empty. */
export function slug(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return plain || 'x';
}

/** Eight hex digits of FNV-1a over the parts; a zero separates them, so `a,bc` and `ab,c` differ. */
export function hash8(...parts: readonly (string | number)[]): string {
  let hash = 0x811c9dc5;
  for (const character of parts.join('\0')) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** The only form in which an id from a file becomes a file name or a ref: nothing of its text but a slug survives. */
export const nameOf = (id: string, ...more: readonly (string | number)[]): string =>
  `${slug(id)}-${hash8(id, ...more)}`;

/** The folder and branch name of one attempt. */
export const attemptName = (run: string, task: string, attempt: number): string => nameOf(task, run, attempt);
