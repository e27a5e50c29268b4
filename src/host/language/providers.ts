import { problemsOf } from '../../language/check.ts';
import { completing } from './completion.ts';
import { hovering } from './hover.ts';
import { definitions, highlights, references, renaming } from './navigation.ts';
import { folding, lenses, outlining } from './outline.ts';

/** What is loaded when a text is first asked about: a bundle of its own. */
export const providers = {
  problemsOf,
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
