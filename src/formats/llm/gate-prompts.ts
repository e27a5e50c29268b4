import { defined } from '../../model/defined.ts';
import type { ImportedGate } from '../imported-config.ts';
import type { SourceFile } from '../imported.ts';
import { bodyOf, type MarkdownLine, markdownLines } from '../text/markdown.ts';

/** `## QUALITY GATE: Unit Tests`, also within a fence of Markdown. */
const HEAD = /^ {0,3}(#{1,6})\s+QUALITY GATE:\s*(\S.*?)[\s#]*$/;

/** Other texts have such headings too, but do not ask for such lines. */
export const hasGatePrompts = (text: string): boolean =>
  text.includes('[GATE:') && text.split(/\r?\n/).some((line) => HEAD.test(line));

/** A gate as its prompt has it. */
type Prompted = Pick<ImportedGate, 'name' | 'wave'> & { prompt: string };

/**
 * The gates with the words in which agents are asked to look at them. A prompt is for the gate that its lines of results
 * name, else its title; where several waves have that gate, for the wave that it names. One of which nothing else is
 * said is for the wave it names, else for the end.
 */
export function withPrompts(gates: readonly ImportedGate[], files: readonly SourceFile[]): ImportedGate[] {
  const prompts = files.filter(({ path }) => /\.md$/i.test(path)).flatMap(({ text }) => promptsIn(text));
  const others = prompts.filter(({ name }) => !gates.some((gate) => plain(gate.name) === plain(name)));
  return [
    ...gates.map((gate) => {
      const same = prompts.filter(({ name }) => plain(name) === plain(gate.name));
      const { prompt } = same.find(({ wave }) => wave === gate.wave) ?? same[0] ?? {};
      return { ...gate, ...defined({ prompt }) };
    }),
    ...others.map((one): ImportedGate => ({ ...one, on: [one.wave === undefined ? 'final' : 'wave'] })),
  ];
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '-');

function promptsIn(text: string): Prompted[] {
  const lines = markdownLines(text);
  return lines.flatMap((head, i) => {
    const [, marks = '', title] = HEAD.exec(head.text) ?? [];
    if (title === undefined) return [];
    const body = below(lines.slice(i + 1), { level: marks.length, isFenced: head.isFenced });
    const named = body.map((one) => RESULT.exec(one.text)?.[1]).find((name) => name !== undefined);
    const wave = /\bwave\s*[-_]?\s*(\d{1,4})\b/i.exec(bodyOf(body))?.[1];
    const asked = bodyOf(body.filter((one) => !RESULT.test(one.text) && !ANSWER.test(one.text)));
    const prompt = asked.replaceAll(/\n{3,}/g, '\n\n');
    return [
      { name: named ?? plain(title), prompt, ...defined({ wave: wave === undefined ? undefined : Number(wave) }) },
    ];
  });
}

/** How it is to answer is for whoever asks it. */
const RESULT = /^\s*\[GATE:\s*([^\]]+?)\s*\]/i;
const ANSWER = /^\s*report results in (?:this |the )?format:?\s*$/i;

/** Up to the next heading that is no deeper, or the end of the fence that the text stands in. */
function below(
  lines: readonly MarkdownLine[],
  { level, isFenced }: { level: number; isFenced: boolean },
): MarkdownLine[] {
  let depth = 0;
  const end = lines.findIndex(({ text }) => {
    const [, info] = /^\s*(?:`{3,}|~{3,})(.*)$/.exec(text) ?? [];
    if (info === undefined) return depth === 0 && (/^ {0,3}(#{1,6})\s/.exec(text)?.[1]?.length ?? 7) <= level;
    const closes = info.trim() === '' && (depth > 0 || isFenced);
    if (closes && depth === 0) return true;
    depth += closes ? -1 : 1;
    return false;
  });
  return lines.slice(0, end === -1 ? lines.length : end);
}
