import type { Severity } from '../text/problem.ts';

/** What a plan is held to, by the code of the problem it gives. Texts for people are in the checks. */
interface Rule {
  severity: Severity;
  about: string;
}

const error = (about: string): Rule => ({ severity: 'error', about });
const warning = (about: string): Rule => ({ severity: 'warning', about });
const info = (about: string): Rule => ({ severity: 'info', about });

/**
 * Every rule of a plan: those without which it cannot be run, and those of gem-team's reviewer (FORMATS.md 1.2 and
 * 1.3). Whether state machines and decisions of a PRD are kept to needs a reader with a mind: that is left to the
 * reviewing agent.
 */
export const PLAN_RULES = {
  yaml: error('The text is YAML.'),
  'key-twice': warning('A key is there once.'),
  shape: error('Each field has the form that is read.'),
  'plan-id-missing': warning('A plan has a plan_id.'),
  'objective-missing': warning('A plan says what it is for.'),
  'tasks-missing': error('A plan has tasks, in a list at its top.'),
  'id-missing': error('A task has an id.'),
  'id-twice': error('An id is of one task.'),
  'id-unusable': error('An id can be printed and is at most 300 characters long.'),
  'status-unknown': warning('A status is one of the known words.'),
  'priority-unknown': warning('A priority is high, medium or low.'),
  'word-unknown': warning('A field with a list of words has one of them.'),
  'dependency-unknown': error('A dependency is a task of the plan.'),
  'dependency-self': error('A task does not depend on itself.'),
  cycle: error('No tasks wait for each other.'),
  'wave-order': warning('A wave is later than the latest wave of the dependencies (max + 1, not min + 1).'),
  'conflict-unknown': error('A conflict is with a task of the plan.'),
  'conflict-self': error('A task does not conflict with itself.'),
  'conflict-one-way': info('A conflict is told by both tasks.'),
  'conflict-same-wave': info('Tasks that conflict are not planned to run side by side.'),
  'contract-incomplete': error('A contract names two tasks.'),
  'contract-unknown': error('A contract is between tasks of the plan.'),
  'hidden-dependency': warning('Who takes what a contract promises depends on who makes it.'),
  'scope-outside': error('A scope is made of globs inside the repository.'),
  'scope-missing': warning('Tasks that may run side by side say which files they change.'),
  'run-missing': error('A task of the agent shell has a line to run.'),
  'agent-missing': warning('A task says who does it.'),
  'verification-missing': warning('A task says how it is verified.'),
  'acceptance-criteria-missing': warning('A task says when it is accepted.'),
  'failure-modes-missing': warning('A task of high or medium priority says how it may fail.'),
  'too-many-files': warning('A task changes at most 3 files.'),
  'too-many-lines': warning('A task changes at most 300 lines.'),
  'pre-mortem-missing': warning('A plan says beforehand how it may fail.'),
  'pre-mortem-incomplete': warning('A pre-mortem has a level, assumptions and, from medium on, ways to fail.'),
  'metrics-wrong': warning('Stated metrics are what counting gives.'),
  'requirement-uncovered': warning('Each requirement of the PRD has a task.'),
  'requirement-unknown': warning('What a task covers is a requirement of the PRD.'),
  'requirements-unread': warning('The PRD can be read where the plan says what of it is covered.'),
  'feature-unmentioned': info('Each planned feature of the PRD is named by the plan.'),
  'error-code-unknown': warning('An error code is one of the PRD.'),
} as const satisfies Record<string, Rule>;

export type PlanRule = keyof typeof PLAN_RULES;
