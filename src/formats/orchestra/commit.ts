/**
 * A title as the subject of a conventional commit, as Orchestra wants one for each phase; a title that is one stays as
 * it is, and what does not say otherwise is a feature, or of the type that is known.
 */
export function conventional(title: string, known?: 'fix'): string {
  if (HEAD.test(title)) return title;
  const type = known ?? TYPES.find(([, words]) => words.test(title))?.[0] ?? 'feat';
  return `${type}: ${title.replace(/^\p{Lu}(?!\p{Lu})/u, (letter) => letter.toLowerCase())}`;
}

const HEAD = /^(?:feat|fix|refactor|perf|test|chore|docs|style|ci)(?:\([^)]*\))?!?: \S/;

/** By the verb that a title begins with, or by what it is alone about. */
const TYPES: readonly (readonly [string, RegExp])[] = [
  ['fix', /^(?:hot)?fix(?:es)?\b|^(?:repair|correct|mend|resolve)\b/i],
  ['refactor', /^(?:refactor|restructure|rename|extract|simplify|clean up)\b/i],
  ['perf', /^(?:speed up|optimi[sz]e|cache)\b/i],
  ['test', /^(?:tests?|cover)\b|^(?:add|write) (?:\w+ ){0,2}tests?\b/i],
  ['docs', /^(?:document|describe)\b|^(?:add|write|update) (?:\w+ ){0,2}(?:docs?|documentation|readme|rfc)\b/i],
  ['style', /^(?:format|reformat)\b/i],
  ['ci', /^(?:ci\b|set up ci\b)/i],
  ['chore', /^(?:upgrade|bump|remove unused|configure|set up)\b/i],
];
