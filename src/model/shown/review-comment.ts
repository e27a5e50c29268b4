/** What a person wrote at lines of an attempt's change; a draft until it is sent. Lines count from 1, both are part. */
export interface ReviewComment {
  run: string;
  task: string;
  /** Its number. */
  attempt: number;
  /** As git names it. */
  file: string;
  from: number;
  to: number;
  /** What stood there then: the lines move while an agent works on. */
  quote: string;
  text: string;
  sent?: true;
}

/** All of a task's comments in one message for its agent, in the order of the change. */
export function messageOf(comments: readonly ReviewComment[]): string {
  const sorted = comments.toSorted((a, b) => compare(a.file, b.file) || a.from - b.from || a.to - b.to);
  const head = comments.length === 1 ? 'A comment on your change:' : `${comments.length} comments on your change:`;
  return [head, ...sorted.map(said)].join('\n\n');
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const said = ({ file, from, to, quote, text }: ReviewComment): string =>
  [`${file}:${from}${to > from ? `-${to}` : ''}`, ...quoted(quote), text.trim()].join('\n');

/** Enough to find the place by: the agent has the file. */
function quoted(quote: string): string[] {
  const lines = quote.split(/\r?\n/);
  const shown = lines.slice(0, MOST_LINES).map((line) => `> ${line.slice(0, MOST_COLUMNS)}`.trimEnd());
  return lines.length > MOST_LINES ? [...shown, '> …'] : shown;
}

const MOST_LINES = 12;
const MOST_COLUMNS = 200;
