import type { YamlText } from '../../model/text/yaml-document.ts';
import { problem, readYaml } from '../../model/text/yaml-text.ts';
import { at, type Problem } from '../../model/text/problem.ts';

/** JSON as people and agents write it, with every place as in the text. */
export interface TolerantJson {
  json?: YamlText;
  repairs: Problem[];
  problems: Problem[];
}

/**
 * Reads JSON with comments and trailing commas, alone or in the first ```json fence of a Markdown text that holds
 * `marker`. What is not JSON is replaced by spaces, so places stay true. Keys without quotes and texts in single
 * quotes are read too, as YAML reads them.
 */
export function readTolerantJson(text: string, file: string, marker?: string): TolerantJson {
  const repairs: Problem[] = [];
  const say = (offset: number, message: string): void => {
    const before = text.slice(0, offset);
    const line = before.split('\n').length;
    repairs.push({ ...problem(file, at(line, offset - before.lastIndexOf('\n')), message, 'info'), code: 'repaired' });
  };
  const alone = marker === undefined ? text : fenced(text, marker);
  const plain = withoutTrailingCommas(withoutComments(alone, say), say);
  const read = readYaml(plain, file, 'warning');
  if (read.yaml) return { json: read.yaml, repairs: [...repairs, ...read.problems], problems: [] };
  return {
    repairs,
    problems: read.problems.map((one) => ({
      ...one,
      message: one.message.replace('Not valid YAML', 'Not valid JSON'),
    })),
  };
}

/** Everything outside the fence that holds the marker becomes spaces; a text without such a fence stays. */
function fenced(text: string, marker: string): string {
  for (const match of text.matchAll(/^```(?:jsonc?|json5)[ \t]*\r?\n([\s\S]*?)^```/gim)) {
    if (!match[1]?.includes(marker)) continue;
    const start = match.index + match[0].indexOf(match[1], match[0].indexOf('\n'));
    return blank(text.slice(0, start)) + match[1] + blank(text.slice(start + match[1].length));
  }
  return text;
}

const blank = (text: string): string => text.replaceAll(/[^\r\n]/g, ' ');

/** A string in double or single quotes, a comment, or one character. */
const TOKEN = /"(?:\\[\s\S]|[^"\\])*"|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[\s\S]/g;

function withoutComments(text: string, say: (offset: number, message: string) => void): string {
  let isTold = false;
  return text.replaceAll(TOKEN, (token, offset: number) => {
    if (!token.startsWith('//') && !token.startsWith('/*')) return token;
    if (!isTold) say(offset, 'Comments are left out: JSON has none.');
    isTold = true;
    return blank(token);
  });
}

function withoutTrailingCommas(text: string, say: (offset: number, message: string) => void): string {
  return text.replaceAll(/"(?:\\[\s\S]|[^"\\])*"|,(?=\s*[\]}])/g, (token, offset: number) => {
    if (token !== ',') return token;
    say(offset, 'A comma before a closing bracket is left out.');
    return ' ';
  });
}
