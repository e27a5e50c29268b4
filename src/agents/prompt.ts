import { plainRole, REVIEWER } from '../model/crew/role.ts';
import type { Contract, Task } from '../model/plan/plan.ts';
import type { Requirement } from '../model/plan/prd.ts';
import { bullets, fenced, joined, section } from './markdown.ts';
import { markersText } from './markers.ts';
import { DEPTH } from './reviewer.ts';

export interface PromptParts {
  objective: string;
  task: Task;
  /** Of the whole plan; those that concern the task are picked. */
  contracts: readonly Contract[];
  /** What of the PRD the task is for. */
  requirements?: readonly Requirement[];
  /** What agents at work on it asked, and what a person answered. */
  answers?: readonly string[];
  /** The evidence of the last failure: text of a gate, a conflict, a person's comment. */
  feedback?: string;
  /** The folder for evidence of what does not work, with `/`. */
  evidence?: string | undefined;
  /** What it may not change, or only with a person's leave, and all that its role may. */
  bounds?: Bounds;
  /** It is to say in words how far it is. */
  markers?: boolean | undefined;
  /** The id that its answer must bear. */
  correlation?: string | undefined;
  /** What became of the change of the attempt before. */
  carried?: { kind: 'applied' } | { kind: 'patch'; patch: string };
}

/** Files as globs. */
interface Bounds {
  refused: readonly string[];
  asked: readonly string[];
  mayChange?: readonly string[] | undefined;
}

/** What every agent must keep to, whatever its role. */
export const WORKING_RULES = [
  'You work on one task of a larger plan, alone, in a git worktree made for you.',
  'Change files only below the current directory. Do not switch branches, do not push, do not rewrite history,',
  'do not touch other worktrees or the configuration of git. If the task cannot be done, say why and end.',
].join(' ');

/** What becomes of the work of one that changes files. */
export const TAKEN = 'Committing is optional: whatever is in the directory when you end is taken.';

/** The prompt of one attempt, as Markdown. The same parts give the same text. */
export function buildPrompt({ objective, task, contracts, ...parts }: PromptParts): string {
  const { feedback, carried, correlation } = parts;
  const sections = [
    `# Task: ${task.title}`,
    task.description.trim(),
    section('The objective it is part of', objective.trim()),
    section('The requirements it serves', bullets((parts.requirements ?? []).map(({ id, text }) => joined(id, text)))),
    section('Done when', bullets(task.acceptanceCriteria)),
    section('To be checked with', bullets(task.verification)),
    section('Files it may change', scopeText(task)),
    ...boundsTexts(parts.bounds),
    ...ofRoleTexts(task),
    section('Where evidence goes', parts.evidence === undefined ? '' : evidenceText(parts.evidence)),
    section('Read first', bullets(task.contextFiles.map(({ path, description }) => joined(path, description)))),
    section('What other tasks give you', bullets(contracts.filter((c) => c.toTask === task.id).map(contractText))),
    section(
      'What other tasks expect of you',
      bullets(contracts.filter((c) => c.fromTask === task.id).map(contractText)),
    ),
    section('What a person answered', bullets(parts.answers ?? [])),
    section('How to report', parts.markers ? markersText(task.id) : ''),
    section('Correlation', correlation === undefined ? '' : correlationText(correlation)),
    section('The attempt before this one failed', feedback?.trim() ?? ''),
    section('What is left of it', carriedText(carried)),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

const correlationText = (id: string): string =>
  `This task has the correlation id \`${id}\`. Begin your last message with this line, so that it is known what it answers:\n\n[CORRELATION: ${id}]`;

const evidenceText = (folder: string): string =>
  `Keep a screenshot or a trace of each scenario that fails in \`${folder}/\`; of those that pass nothing is needed.`;

const contractText = ({ interface: name, format }: Contract): string => joined(name, format);

function scopeText({ scope, produces }: Task): string {
  if (produces === 'report') return 'None are needed: the task asks for a report.';
  return scope ? bullets(scope) : '';
}

/** What only a task of devops, of a review, of documentation or of a browser has. */
const ofRoleTexts = ({
  role,
  agent,
  depth,
  environment = '',
  document = '',
  audience = '',
  coverage = [],
  scenarios = [],
}: Task): string[] => [
  section('Where it takes effect', environment),
  section('How closely to look', depth && plainRole(role ?? agent ?? '') === REVIEWER ? DEPTH[depth] : ''),
  section('What is to be written', document),
  section('For whom', audience),
  section('What it is to cover', bullets(coverage)),
  section('What to try in the browser', bullets(scenarios)),
];

const boundsTexts = ({ mayChange = [], refused, asked }: Bounds = { refused: [], asked: [] }): string[] => [
  section('All that your role may change', bullets(mayChange)),
  section('Files to leave as they are', bullets(refused)),
  section('Files that a person must allow you to change', bullets(asked)),
];

function carriedText(carried: PromptParts['carried']): string {
  if (!carried) return '';
  if (carried.kind === 'applied')
    return 'Its change is already in the directory, on top of the latest state. Mend it rather than start anew.';
  return `Its change did not apply to the latest state. Use from it what still holds:\n\n${fenced('diff', carried.patch)}`;
}
