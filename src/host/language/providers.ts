import { completing } from './completion.ts';
import { fixing } from './fixes.ts';
import { hovering } from './hover.ts';
import { definitions, highlights, references, renaming } from './navigation.ts';
import { folding, lenses, outlining } from './outline.ts';
import { problemsIn } from './problems.ts';

/** What is loaded when a text is first asked about: a bundle of its own. */
export const providers = {
  problemsIn,
  fixing,
  completing,
  hovering,
  definitions,
  highlights,
  references,
  renaming,
  folding,
  lenses,
  outlining,
};
