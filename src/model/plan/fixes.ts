import type { Edit, Fix, Path, Range } from '../text/problem.ts';
import type { YamlText } from '../text/yaml-document.ts';

/**
 * Small edits of a plan's text by paths. Each gives undefined where the text is written in a way it does not know (an
 * alias, an escape, a list over several lines in brackets): no fix is better than a wrong one.
 */
export interface PlanFixes {
  /** Another word for a value. */
  replace(path: Path, old: string, word: string): readonly Edit[] | undefined;
  /** One entry less in a list. */
  remove(path: Path): readonly Edit[] | undefined;
  /** One entry more in a list of a task that has `length` entries; a list that is not there is begun below the id. */
  add(list: { task: number; key: string; length: number; idKey: string }, word: string): readonly Edit[] | undefined;
  /** A line before the first key. */
  prepend(line: string): readonly Edit[] | undefined;
}

/** A fix, if there are edits for it. */
export const fixOf = (title: string, edits: readonly Edit[] | undefined, isCertain: boolean): Fix | undefined =>
  edits && { title, edits, isCertain };

export function planFixes(text: string, yaml: YamlText): PlanFixes {
  let known: readonly string[] | undefined;
  const lineAt = (line: number): string => (known ??= text.split(/\r?\n/))[line - 1] ?? '';
  const within = ({ line, column, endColumn }: Range): string => lineAt(line).slice(column - 1, endColumn - 1);
  return {
    replace(path, old, word) {
      const range = yaml.rangeAt(path);
      const form = ['', '"', "'"].find((quote) => within(range).trimEnd() === quote + old + quote);
      if (form === undefined) return undefined;
      const start = range.column + form.length;
      const inner = { ...range, column: start, endColumn: start + old.length };
      return [{ range: inner, text: form === '' ? quoted(word) : word }];
    },
    remove(path) {
      const range = yaml.rangeAt(path);
      const line = lineAt(range.line);
      const [before, after] = [line.slice(0, range.column - 1), line.slice(range.endColumn - 1)];
      if (/^\s*-\s+$/.test(before) && /^\s*(?:#.*)?$/.test(after)) {
        return [{ range: { line: range.line, column: 1, endLine: range.line + 1, endColumn: 1 }, text: '' }];
      }
      if (!/[[,]\s*$/.test(before) || !/^\s*[\],]/.test(after)) return undefined;
      const behind = /^\s*,\s*/.exec(after)?.[0].length ?? 0;
      const ahead = behind > 0 ? 0 : (/,?\s*$/.exec(before)?.[0].length ?? 0);
      return [{ range: { ...range, column: range.column - ahead, endColumn: range.endColumn + behind }, text: '' }];
    },
    add({ task, key, length, idKey }, word) {
      const list: Path = ['tasks', task, key];
      const isThere = within(yaml.keyRangeAt(list)).includes(key);
      if (!isThere) return begun(yaml.rangeAt(['tasks', task, idKey]), lineAt, `${key}: [${quoted(word)}]`);
      const range = yaml.rangeAt(list);
      const shown = within(range).trimEnd();
      if (shown.startsWith('[')) {
        if (!shown.endsWith(']')) return undefined;
        const comma = length === 0 || /,\s*\]$/.test(shown) ? '' : ', ';
        return [inserted(range.line, range.column + shown.length - 1, comma + quoted(word))];
      }
      if (length === 0) return undefined;
      const last = yaml.rangeAt([...list, length - 1]);
      const lead = /^\s*-\s+/.exec(lineAt(last.line))?.[0];
      if (lead === undefined || lead.length !== last.column - 1) return undefined;
      return [inserted(last.line, lineAt(last.line).length + 1, `\n${lead}${quoted(word)}`)];
    },
    prepend(line) {
      const first = yaml.rangeAt([]);
      return /^[\w"']/.test(lineAt(first.line)) ? [inserted(first.line, 1, `${line}\n`)] : undefined;
    },
  };
}

/** A line of its own below that of the id. */
function begun({ line }: Range, lineAt: (line: number) => string, entry: string): readonly Edit[] | undefined {
  const whole = lineAt(line);
  const lead = /^[ -]*(?=(?:task_)?id:)/.exec(whole)?.[0];
  return lead === undefined ? undefined : [inserted(line, whole.length + 1, `\n${lead.replaceAll('-', ' ')}${entry}`)];
}

const inserted = (line: number, column: number, text: string): Edit => ({
  range: { line, column, endLine: line, endColumn: column },
  text,
});

/** Words that YAML takes for a text wherever they stand go without quotes. */
export const quoted = (word: string): string => (/^[\w./][\w./-]*$/.test(word) ? word : JSON.stringify(word));

/** The text with the edits made; the ends of its lines stay as they are. */
export function withEdits(text: string, edits: readonly Edit[]): string {
  const starts = [0];
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const offset = (line: number, column: number): number =>
    Math.min((starts[line - 1] ?? text.length) + column - 1, text.length);
  const placed = edits.map(({ range, text: instead }) => ({
    start: offset(range.line, range.column),
    end: offset(range.endLine, range.endColumn),
    instead: instead.replaceAll('\n', eol),
  }));
  let done = text;
  for (const { start, end, instead } of placed.toSorted((a, b) => b.start - a.start))
    done = done.slice(0, start) + instead + done.slice(end);
  return done;
}
