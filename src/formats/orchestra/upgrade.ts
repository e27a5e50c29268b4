/** A config upgraded, and the keys of the user that the template no longer has. */
export interface Upgraded {
  text: string;
  dropped: readonly string[];
}

interface ConfigLine {
  /** `pipeline.models.quick`. */
  key: string;
  /** Everything before the value. */
  head: string;
  value: string;
  /** White space and comment behind the value. */
  tail: string;
  /** Comments right above. */
  above: readonly string[];
}

/**
 * The template with the user's values: its order, its comments, its new keys. A comment the user wrote about a key that
 * is still there is kept too; a key the template no longer has is dropped and named.
 */
export function upgradeConfig(user: string, template: string): Upgraded {
  const eol = user.includes('\r\n') ? '\r\n' : '\n';
  const own = new Map(configLines(user).flatMap((line) => (typeof line === 'string' ? [] : [[line.key, line]])));
  const used = new Set<string>();
  const known = new Set(template.split(/\r?\n/).map((line) => line.trim()));
  const lines = configLines(template).flatMap((line): string[] => {
    if (typeof line === 'string') return [line];
    used.add(line.key);
    const mine = own.get(line.key);
    if (!mine) return [line.head + line.value + line.tail];
    const indent = /^ */.exec(line.head)?.[0] ?? '';
    const comments = mine.above.filter((comment) => !known.has(comment)).map((comment) => indent + comment);
    return [...comments, withValue(line, mine)];
  });
  const dropped = [...own].filter(([key, { value }]) => value !== '' && !used.has(key)).map(([key]) => key);
  return { text: lines.join(eol), dropped };
}

function withValue(line: ConfigLine, mine: ConfigLine): string {
  if (mine.value === '') return line.head + line.value + line.tail;
  const head = line.head.endsWith(' ') ? line.head : `${line.head} `;
  return head + mine.value + (line.tail === '' ? mine.tail : line.tail);
}

/** Lines that say something are taken apart, others stay; lists and texts over several lines belong to their key. */
function configLines(text: string): (ConfigLine | string)[] {
  const path: { indent: number; key: string }[] = [];
  let above: string[] = [];
  return text.split(/\r?\n/).map((line) => {
    const [, indent = '', name] = /^( *)([\w-]+):(?:\s|$)/.exec(line) ?? [];
    if (name === undefined) {
      above = line.trim().startsWith('#') ? [...above, line.trim()] : [];
      return line;
    }
    while (path.length > 0 && (path.at(-1)?.indent ?? 0) >= indent.length) path.pop();
    path.push({ indent: indent.length, key: name });
    const parsed = { key: path.map(({ key }) => key).join('.'), ...takenApart(`${indent}${name}:`, line), above };
    above = [];
    return parsed;
  });
}

function takenApart(lead: string, line: string): Pick<ConfigLine, 'head' | 'value' | 'tail'> {
  const [, gap = '', value = '', tail = ''] = VALUE.exec(line.slice(lead.length)) ?? [];
  return { head: lead + gap, value, tail };
}

const VALUE =
  /^(\s*)("(?:\\.|[^"\\])*"|'(?:''|[^'])*'|(?:(?!\s#)[^#\s]|(?!\s#)\s(?!\s*(?:#|$))|(?<=\S)#)*)(\s*(?:#.*)?)$/;

/** `.orchestra/config.yml` of 4.0.0 with its defaults. */
export const CURRENT_CONFIG = `# Orchestra: which model does what, what is asked, and what is checked.

pipeline:
  # Model by the complexity of a phase
  models:
    trivial: haiku
    quick: sonnet
    standard: sonnet
    complex: opus
  # Is a design approved first: required | optional | skip
  rfc_approval: skip
  # Is the code reviewed: required | optional | skip
  review: required
  # Do phases with depends_on: [] start together: enabled | disabled
  parallel: disabled
  # For a milestone that names no complexity: quick | standard | full
  default_pipeline: full
  # For a phase that names no complexity: trivial | quick | standard | complex
  default_complexity: standard

thresholds:
  # Failures of one kind before a person is asked
  stuck_retry_limit: 3

verification:
  # In this order before every commit; "" leaves one out
  typecheck: "npx tsc --noEmit"
  test: "npm test"
  lint: "npm run lint"
`;
