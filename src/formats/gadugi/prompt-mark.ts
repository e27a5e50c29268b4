/** The mark of a prompt that is done, behind its title. */
export const MARK = ' (COMPLETED)';

/** Whether a line says that its prompt is done: whoever wrote it. */
export const isMarked = (line: string): boolean => /\b(?:IMPLEMENTED|COMPLETED)\b/.test(line);

/** A title without its mark. */
export const withoutMark = (title: string): string => title.replace(/(?<!\s)\s*\((?:IMPLEMENTED|COMPLETED)\)$/, '');
