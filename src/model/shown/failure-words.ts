import type { AttemptFailure, Finding } from '../run/event.ts';
import { firstLine } from '../text/headline.ts';

/** Why an attempt failed, in a few words. */
export function failureWords(failure: AttemptFailure): string {
  switch (failure.kind) {
    case 'gate':
      return `gate ${failure.run.gate} ${failure.run.result === 'error' ? 'could not run' : 'failed'}`;
    case 'together':
      return `red together with ${failure.with.join(', ')}`;
    case 'conflict':
      return `conflicts with ${failure.with.join(', ') || 'what was merged'}`;
    case 'finding':
      return failure.findings.map(({ kind }) => FINDING[kind]).join(', ');
    case 'nothingChanged':
      return 'changed nothing';
    case 'timedOut':
      return 'took too long';
    case 'idle':
      return 'showed no sign of life';
    case 'noEffect':
      return 'went on without effect';
    case 'flood':
      return 'printed too much';
    case 'budget':
      return 'spent its budget';
    case 'tools':
      return 'used too many tools';
    case 'interrupted':
    case 'cancelled':
    case 'rejected':
      return failure.kind;
    case 'takenBack':
      return failure.brought ? 'taken back with what it began on, and tried again' : 'taken back';
    case 'asked':
      return 'asked, and begins again with the answers';
    case 'notPicked':
      return 'not taken';
    case 'setup':
      return 'set-up failed';
    case 'limit':
      return 'met a usage limit';
    case 'agent':
      return firstLine(failure.message) || 'agent failed';
  }
}

export const FINDING: Record<Finding['kind'], string> = {
  headMoved: 'HEAD was moved',
  foreignCommits: 'holds commits of others',
  nestedRepository: 'holds a nested repository',
  symlinkOutside: 'a link leaves the worktree',
  unreadable: 'left what git cannot read',
  conflictMarkers: 'conflict markers left',
  gateDefining: 'changes what its gates test',
  reportChanged: 'was to look only, and changed files',
  outsideScope: 'changes files outside its scope',
  outsideRole: 'changes files that are not of its role',
  protectedFile: 'changes protected files',
  protectedByPerson: 'changes files that only you may let it change',
  criteriaChanged: 'changes what it is judged by',
  strayWrites: 'wrote outside its worktree',
  configChanged: 'changed git configuration',
  hooksChanged: 'changed git hooks',
  refsMoved: 'moved git refs',
  worktreeGone: 'its worktree is gone',
};
