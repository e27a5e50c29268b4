import { type GrayArea, grayAreas } from '../model/plan/objective.ts';
import type { Planning } from '../model/plan/planning.ts';
import { PRD_FILE } from '../model/plan/prd.ts';
import { bullets, quoted, section } from './markdown.ts';

/** What a planner is told to do, as Markdown: the objective whole, the files, their form, and the rules they are held to. */
export function planningText(
  { id, file, complexity = 'medium', asks = complexity !== 'simple', research = [] }: Planning,
  objective: string,
  today: string,
): string {
  return `Make a plan for this objective. Do not begin to carry it out.

${quoted(objective)}

Look at the repository first: what is there already, how it is built and tested, which conventions it follows
(AGENTS.md, README.md).${research.length > 0 ? RESEARCHED : ''} Then write, and change no other file:

1. \`${file}\`: the plan, in the form below. Its plan_id is \`${id}\`.
2. \`${PRD_FILE}\`, only where the objective holds several requirements: what is to be true at the end. If the file is
   there, add to it and leave what it says.

${asks ? `${QUESTIONS}${openIn(objective)}` : PLAIN}

${planForm(id, today)}

${PRD_FORM}`;
}

/** What a plan is made anew from, beside its file, which lies in the planner's directory. */
export interface Former {
  /** What people asked to be different, oldest first. */
  comments: readonly string[];
  /** What reviewers, gates and the run of the plan found, a line or more each. */
  found: readonly string[];
}

/** What a planner is told whose plan is there and is to be different. */
export function replanningText({ id, file }: Planning, { comments, found }: Former, today: string): string {
  const [last = '', ...earlier] = comments.toReversed();
  const sections = [
    `Change the plan \`${file}\` so that it is as a person wants it. Do not begin to carry it out. They say:`,
    quoted(last),
    section('What they said before', bullets(earlier.toReversed())),
    section('What was found', bullets(found)),
    `# What to do

Read the plan as it is, \`${PRD_FILE}\` where it is there, and what of the repository they speak of. Then change the plan
in its file, and no other file but \`${PRD_FILE}\` where what is wanted is another. Its plan_id stays \`${id}\`. What
nobody spoke of stays as it is, and a task that stays keeps its id: by it people see what changed. Tasks that are merged
stay.`,
    QUESTIONS,
    planForm(id, today),
    PRD_FORM,
  ];
  return sections.filter((text) => text !== '').join('\n\n');
}

const RESEARCHED = ` Researchers looked into it: read tldr, confidence and
open_questions of the files below first, the rest where you need it, and do not find out again what they say.`;

const PLAIN = 'The objective is plain: ask nothing, and decide what is open yourself.';

/** What is usually open, by what an objective is about. */
const OPEN: Readonly<Record<GrayArea, string>> = {
  interface: 'of an API or a command line: the form of its answers, options, errors, how much it says',
  visual: 'of what is seen: layout, what can be done with it, what is shown when there is nothing',
  logic: 'of rules: edge cases, what is valid, which state follows which',
  data: 'of data: its form, how much of it, its limits and conventions',
};

function openIn(objective: string): string {
  const areas = grayAreas(objective);
  return areas.length === 0 ? '' : `\n\nHere look for what is open\n\n${bullets(areas.map((area) => OPEN[area]))}`;
}

const QUESTIONS = `# Questions

Where something that only a person can know would change the plan, ask before you write it: what a program or a
command line offers, what is seen on the screen, a rule of the business, which data is kept. Ask nothing that the
repository or the objective says, and nothing at all where the objective is plain. To ask, end with this alone:

{"status": "needs_revision", "summary": "what is open", "extra": {"questions": [
  {"id": "storage", "question": "Where are the notes kept?", "options": ["In a file (the simplest)", "In SQLite"]}
]}}

At most five questions, each with two to four options, the one you would take first. Where the answer holds for later
work too (a convention, a choice of architecture), add "lasting": true: it is then proposed for AGENTS.md. You are told
the answers, and write the plan then. What holds for this objective alone stands among the \`decisions\` of the
requirements where you write them, else in the description of the tasks that it concerns.`;

const planForm = (id: string, today: string): string => `# The plan's form

\`\`\`yaml
plan_id: ${id}
objective: what is to be true at the end, in a sentence
created_at: "${today}"
created_by: planner
status: pending_approval
tldr: the way it is done, in two or three sentences
pre_mortem:
  overall_risk_level: low # low, medium or high; from medium on also critical_failure_modes
  critical_failure_modes:
    - { scenario: what goes wrong, likelihood: low, impact: high, mitigation: what is done against it }
  assumptions: [what is taken for granted]
tasks:
  - id: short-name
    title: one line
    description: what is to be done, so that somebody who knows nothing else can do it
    wave: 1
    agent: implementer # or documentation, devops, reviewer, researcher, browser-tester
    priority: high # high, medium or low
    scope: [src/a.ts, test/a.test.ts] # globs of every file it may change
    dependencies: [] # ids of tasks whose result it needs
    conflicts_with: [] # ids of tasks that change the same files; each names the other
    covers: [AC-1] # what it fulfils of ${PRD_FILE}; leave it out where there is none
    acceptance_criteria: ["What can be seen to be true when it is done"]
    verification: ["npm test"]
    estimated_effort: small # small, medium or large
    estimated_files: 2 # at most 3
    estimated_lines: 80 # at most 300
    failure_modes:
      - { scenario: what goes wrong, likelihood: low, impact: medium, mitigation: what is done against it }
contracts: # only where one task builds on what another makes
  - { from_task: short-name, to_task: other-name, interface: what is handed over, format: its exact form }
\`\`\`

- Each task is small: at most three files and three hundred lines. Code and its tests are one task.
- A task's wave is one above the highest wave among its dependencies. As many tasks as possible need nothing.
- Tasks whose scopes overlap depend on each other, or name each other in conflicts_with.
- A browser-tester's task has validation_matrix, a list of { scenario: what, steps: [first, then], expected_result: what };
  one that is security sensitive has review_security_sensitive: true.
- Quote a text in which \`: \` or \` #\` stands.`;

const PRD_FORM = `# The requirements' form

\`\`\`yaml
prd_id: short-name
version: 1.0.0
user_stories:
  - { as_a: who, i_want: what, so_that: why }
scope: { in_scope: [this], out_of_scope: [that] }
acceptance_criteria: # the first is AC-1, the next AC-2, and so on
  - { criterion: what is true at the end, verification: how that is seen }
features:
  - { name: the feature, overview: in a sentence, status: planned }
\`\`\``;
