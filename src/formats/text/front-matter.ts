import type { Problem } from '../../model/text/problem.ts';
import type { YamlText } from '../../model/text/yaml-document.ts';
import { readRepaired } from './repair-yaml.ts';
import { setScalar } from './yaml-edit.ts';
import { isMapping } from '../../model/text/values.ts';

/** The YAML between two `---` lines at the top of a Markdown text; places are those of the text. */
export interface FrontMatter {
  yaml?: YamlText;
  values: Readonly<Record<string, unknown>>;
  /** Offset of the first character behind the second `---` line. */
  end: number;
  repairs: Problem[];
  problems: Problem[];
}

export function readFrontMatter(text: string, file: string): FrontMatter {
  const found = matterOf(text);
  if (!found) return { values: {}, end: 0, repairs: [], problems: [] };
  const { yaml, repairs, problems } = readRepaired(`#\n${found.body}`, file);
  return {
    ...(yaml ? { yaml } : {}),
    values: isMapping(yaml?.value) ? yaml.value : {},
    end: found.end,
    repairs,
    problems,
  };
}

/** Sets a key of the front matter; one that is not there is added before the second `---`. */
export function setFrontMatter(text: string, key: string, value: string): string {
  const found = matterOf(text);
  if (!found) return text;
  const { start, body, end } = found;
  const isThere = new RegExp(`^${key}[ \\t]*:`, 'm').test(body);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const changed = isThere ? setScalar(body, [key], value) : `${body}${key}: ${value}${eol}`;
  return text.slice(0, start) + changed + text.slice(start + body.length, end) + text.slice(end);
}

function matterOf(text: string): { start: number; body: string; end: number } | undefined {
  const match = /^(---[ \t]*\r?\n)([\s\S]*?)^---[ \t]*(?:\r?\n|$)/m.exec(text);
  if (!match || match.index !== 0) return undefined;
  return { start: match[1]?.length ?? 0, body: match[2] ?? '', end: match[0].length };
}
