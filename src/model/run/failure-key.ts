import type { GateRun } from '../gate.ts';
import type { AttemptFailure } from './event.ts';

/** Two failures with the same key are the same error: numbers, places and times in a text do not make it another one. */
export function failureKey(failure: AttemptFailure): string {
  switch (failure.kind) {
    case 'gate':
    case 'together':
      return `${failure.run.gate} ${failingNames(failure.run).join('\n') || lettersOf(failure.run.tail.slice(-4000))}`;
    case 'finding':
      return failure.findings.map(({ kind, paths }) => `${kind} ${paths.join(' ')}`).join('\n');
    default:
      return `${failure.kind} ${lettersOf(failure.message)}`;
  }
}

/** What fails: tests by their names, problems by file and message; empty where the gate names neither. */
export function failingNames({ tests, problems }: GateRun): string[] {
  const names = (tests?.failed ?? []).toSorted((a, b) => a.localeCompare(b));
  return [...names, ...new Set(problems.map(({ file, message }) => `${file ?? ''} ${lettersOf(message)}`))];
}

const lettersOf = (text: string): string => text.replaceAll(/0x[\da-f]+|[\da-f]{7,40}|[^\p{L}]+/giu, ' ').trim();
