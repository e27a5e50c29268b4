/** How hard a task is, as far as it decides which model does it. */
export const GRADES = ['trivial', 'quick', 'standard', 'complex'] as const;
export type Grade = (typeof GRADES)[number];

/** The grade a word of any of the formats means: of a complexity, or of an effort. Undefined for any other. */
export const gradeNamed = (word: string): Grade | undefined =>
  GRADES.find((grade) => grade === word.toLowerCase()) ?? WORDS[word.toLowerCase()];

const WORDS: Readonly<Record<string, Grade>> = {
  small: 'quick',
  simple: 'quick',
  low: 'quick',
  medium: 'standard',
  moderate: 'standard',
  large: 'complex',
  high: 'complex',
  critical: 'complex',
};

/** One value for some grades, e.g. the model that does tasks of it. */
export type ByGrade = Readonly<Partial<Record<Grade, string>>>;
