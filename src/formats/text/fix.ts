import { withEdits } from '../../model/plan/fixes.ts';
import type { Edit, Fix } from '../../model/text/problem.ts';
import type { SourceFile } from '../imported.ts';
import { type Beside, validateText } from '../validate.ts';

/** Fixes make room for others: a text that is YAML at last can be looked at for the first time. */
const ROUNDS = 20;

/** The text with every fix that is certain made; twice is once. */
export function fixText(file: SourceFile, beside: Beside = {}): string {
  let { text } = file;
  for (let round = 0; round < ROUNDS; round += 1) {
    const problems = validateText({ ...file, text }, beside);
    const edits = together(problems.flatMap(({ fix }) => (fix?.isCertain ? fix : [])));
    if (edits.length === 0) break;
    text = withEdits(text, edits);
  }
  return text;
}

/** As many as touch no line that another touches: the rest has its turn in the next round. */
function together(fixes: readonly Fix[]): Edit[] {
  const lines = new Set<number>();
  return fixes.flatMap(({ edits }) => {
    const own = edits.flatMap(({ range: { line, endLine } }) => [line, endLine]);
    if (own.some((line) => lines.has(line))) return [];
    for (const line of own) lines.add(line);
    return edits;
  });
}
