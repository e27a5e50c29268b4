import type { Focus } from '../model/plan/objective.ts';
import { type Planning, researchFile } from '../model/plan/planning.ts';
import { quoted } from './markdown.ts';

/** What there is to find out in each area. */
const LOOK: Readonly<Record<Focus, string>> = {
  architecture: 'which parts there are, which of them this touches, and what depends on what',
  interface: 'which programs, commands, routes or functions are offered, with which answers, options and errors',
  visual: 'what is seen now, of which pieces it is made, how it looks while loading, when empty and when broken',
  logic: 'which rules and states there are, where they are held to, and what happens at their edges',
  data: 'what is kept, where and in which form, who reads and writes it, and its limits',
  security: 'who may do what, how it is checked, which secrets and personal data there are',
  tests: 'how it is built and tested, what is covered, and how a test is written here',
};

/** What one researcher is told, as Markdown: its area, the file it writes and the form of that. */
export function researchText(
  planning: Planning,
  focus: Focus,
  { objective, today }: { objective: string; today: string },
): string {
  return `Find out what somebody has to know who plans this objective, in one area: **${focus}**: ${LOOK[focus]}.

${quoted(objective)}

Others look into the other areas, and somebody else plans. Facts with their places, no recommendations, no plan, no code.
Write one file, \`${researchFile(planning, focus)}\`, in this form, and change no other:

\`\`\`yaml
plan_id: ${planning.id}
objective: the objective in a sentence
focus_area: ${focus}
created_at: "${today}"
created_by: researcher
status: completed
tldr: what a planner must know, in three sentences
research_metadata: { methodology: how you looked, scope: where, confidence: medium, coverage: 80 }
files_analyzed:
  - { file: a.ts, path: src/a.ts, purpose: what it is for, key_elements: [{ element: run, type: function, location: "src/a.ts:12", description: what it does }] }
patterns_found:
  - { category: structure, pattern: the pattern, description: where it is followed, prevalence: common }
open_questions: # what only a person can say
  - { question: what is open, context: why it matters }
gaps:
  - { area: what you did not look at, description: why, impact: what may follow }
\`\`\`

At most 120 lines. Quote a text in which \`: \` or \` #\` stands.`;
}
