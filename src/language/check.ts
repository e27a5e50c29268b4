import { readGemPrd } from '../formats/gem-prd.ts';
import { readOrchestraConfig } from '../formats/orchestra-config.ts';
import { readPhase } from '../formats/orchestra-phase.ts';
import { readPrompts } from '../formats/prompts.ts';
import { readConfig } from '../model/config-reader.ts';
import { readPlan } from '../model/plan-reader.ts';
import type { Problem } from '../model/problem.ts';
import type { DocumentKind, TextFile } from './document.ts';

/** What is wrong with the text of a file, in its order. */
export const problemsOf = (file: TextFile): readonly Problem[] => CHECKS[file.kind](file);

const CHECKS: Readonly<Record<DocumentKind, (file: TextFile) => readonly Problem[]>> = {
  plan: ({ text, path }) => readPlan(text, path).problems,
  config: ({ text, path }) => readConfig(text, path).problems,
  prd: (file) => withRepairs(readGemPrd(file)),
  orchestraConfig: (file) => withRepairs(readOrchestraConfig(file)),
  milestone: () => [],
  phase: (file) => withRepairs(readPhase(file)),
  prompt: (file) => (file.text.trim() === '' ? [] : readPrompts([file]).problems),
};

/** A file that is read all the same is still not what it should be. */
const withRepairs = ({
  problems,
  repairs,
}: {
  problems: readonly Problem[];
  repairs: readonly Problem[];
}): Problem[] => [...problems, ...repairs];
