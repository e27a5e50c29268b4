import { readPhase } from '../formats/orchestra/phase.ts';
import { type Beside, judgePlan, validateText } from '../formats/validate.ts';
import type { Problem } from '../model/text/problem.ts';
import { inOrderOfText, problem } from '../model/text/yaml-text.ts';
import { entriesOf, rangeIn, type TextFile } from './document.ts';
import { milestoneProblems } from './milestone.ts';
import { shapeOf } from './shapes/all.ts';

/** What is wrong with the text of a file, in its order; `code` is the rule. */
export function problemsOf(file: TextFile, beside: Beside = {}): readonly Problem[] {
  switch (file.kind) {
    case 'prompt':
      // A prompt that is only begun is no mistake.
      return file.text.trim() === '' ? [] : validateText(file);
    case 'milestone':
      return milestoneProblems(file);
    case 'phase':
      return inOrderOfText([...phaseProblems(file), ...wordProblems(file)]);
    case 'config':
      return inOrderOfText([...validateText(file), ...oldKeys(file)]);
    case 'plan':
      return judgePlan(file, beside, file.memory);
    case 'prd':
    case 'orchestraConfig':
      return validateText(file);
  }
}

/** A phase alone: what it depends on is for the milestone to say. */
function phaseProblems(file: TextFile): Problem[] {
  const { problems, repairs } = readPhase(file);
  return [...problems, ...repairs].map((one) => ({ ...one, code: one.code ?? 'orchestra-phase' }));
}

/** Words that are none of those a key may have. */
const wordProblems = (file: TextFile): Problem[] =>
  entriesOf(file).flatMap((entry) => {
    const words = Object.keys(shapeOf(file, entry.path)?.words ?? {});
    if (words.length === 0 || !entry.word || words.includes(entry.word.toLowerCase())) return [];
    const message = `"${entry.word}" is not known here. Known: ${words.join(', ')}.`;
    return [{ ...problem(file.path, rangeIn(file, entry.value), message, 'warning'), code: 'word-unknown' }];
  });

/** Keys that are read and have a better name. */
const oldKeys = (file: TextFile): Problem[] =>
  entriesOf(file).flatMap(({ path, key }) => {
    const instead = shapeOf(file, path)?.instead;
    if (!key || instead === undefined) return [];
    const message = `"${String(path.at(-1))}" is the older name of "${instead}".`;
    return [{ ...problem(file.path, rangeIn(file, key), message, 'info'), code: 'key-old' }];
  });
