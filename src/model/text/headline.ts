const LONGEST = 100;

/** The first line of what a person wrote, at most 100 characters long: what a task that is made of it is called. */
export function headline(text: string): string {
  const line = firstLine(text);
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1).trimEnd()}…` : line;
}

/** The first line that says something. */
export const firstLine = (text: string): string => (text.trim().split('\n', 1)[0] ?? '').trimEnd();
