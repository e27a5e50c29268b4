/** The problem matchers that come with Orchestrate; `gates/bundled.ts` has one for each, the compiler sees to it. */
export const MATCHER_NAMES = [
  '$tsc',
  '$tsc-watch',
  '$eslint-stylish',
  '$eslint-compact',
  '$jshint',
  '$jshint-stylish',
  '$gcc',
  '$go',
  '$rustc',
  '$msCompile',
  '$lessCompile',
  '$lessc',
  '$gulp-tsc',
  '$python',
  '$pytest',
  '$mocha',
  '$node-test',
  '$jest',
] as const;
export type MatcherName = (typeof MATCHER_NAMES)[number];

export const isMatcherName = (name: string): name is MatcherName => MATCHER_NAMES.some((known) => known === name);
