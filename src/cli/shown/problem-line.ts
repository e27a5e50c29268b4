import type { Problem } from '../../model/text/problem.ts';
import { plain } from './text.ts';

/** `file:line:column: text`, with the severity where it is no error: as compilers print and editors find it. */
export function problemLine({ file, range, severity, message }: Problem, fallback: string): string {
  const word = severity === 'error' ? '' : `${severity}: `;
  return `${plain(file ?? fallback)}:${range.line}:${range.column}: ${word}${plain(message)}`;
}
