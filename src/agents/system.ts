import { plainRole } from '../model/crew/role.ts';
import type { Assignment } from '../model/crew/assignment.ts';
import { TAKEN, WORKING_RULES } from './prompt.ts';
import { IDENTITY_TEXTS, ROLE_TEXTS } from './roles.ts';

export interface SystemParts {
  assignment: Pick<Assignment, 'role' | 'identity' | 'readOnly' | 'reports'>;
  /** The tracked role file's own text, instead of ours. */
  roleText?: string;
  skills: readonly { name: string; text: string }[];
}

/**
 * What an agent is told beside its task, as Markdown: the rules, its role, who it is, how it works, its skills. The rules
 * stand whatever a role file says.
 */
export function systemText({ assignment, roleText, skills }: SystemParts): string {
  const { role, identity, readOnly, reports } = assignment;
  const asking = plainRole(role ?? '') === 'planner' ? ASKING : NOT_ASKING;
  const rules = `# Rules\n\n${[WORKING_RULES, readOnly ? READING : TAKEN, asking].join(' ')}`;
  if (role === undefined) return `${rules}\n`;
  const sections = [
    rules,
    `# Your role: ${role}\n\n${roleText ?? textOf(role)}`,
    ...(identity ? [`# Who you are\n\n${IDENTITY_TEXTS[identity]}`] : []),
    `# How to work\n\n${WAYS}`,
    ...(reports ? [`# Your last message\n\n${LAST_WORD}${readOnly ? `\n\n${STATUS}` : ''}`] : []),
    ...skills.map(({ name, text }) => `# Skill: ${name}\n\n${text}`),
  ];
  return `${sections.join('\n\n')}\n`;
}

const textOf = (role: string): string => ROLE_TEXTS[plainRole(role)] ?? ROLE_TEXTS['implementer'] ?? '';

const NOT_ASKING = 'Do not ask questions: nobody answers.';
/** What a report asks is put before a person (model/crew/asking.ts). */
const ASKING = 'Questions stand in your last message: a person answers them, and you go on.';
const READING = 'You only look: change no file at all.';

/** The constraints that gem-team puts on every agent. */
const WAYS = `- Use the tools you were given rather than shell commands that do the same.
- Ask for what does not depend on each other at once, reads and searches first.
- Read with care: search, look at outlines, then read the lines you need, at most 200 at a time.
- Check paths, dependencies and constraints before you act. After an edit look at the quickest errors first; full
  checks come at the end.
- What fails for a passing reason is tried again; what goes on failing is said, with what you tried.
- Deliver what was asked for and nothing around it: no preamble, no commentary, no summary files.
- The criteria say what is yours. What else you find wrong you name in your last message, and leave as it is.`;

const LAST_WORD = `One raw JSON object and nothing before or after it, without a fence:

{"status": "completed | failed | needs_revision", "summary": "at most three sentences", "failure_type": "transient | fixable | needs_replan | escalate, only when failed", "extra": {}}

What you found stands in "extra".`;

/** Of a reviewer that does a task; one that is a gate is asked for another answer (reviewer.ts). */
const STATUS = 'A critical finding means failed; any other finding means needs_revision; none means completed.';
