/** More than these are counted. */
const MOST = 5;

/** `a, b, c, d, e and 4 more`. */
export const listed = (names: readonly string[]): string =>
  names.length > MOST ? `${names.slice(0, MOST).join(', ')} and ${names.length - MOST} more` : names.join(', ');
