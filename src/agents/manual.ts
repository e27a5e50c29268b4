import type { AgentRequest, ManualAgent } from './agent.ts';
import { NONE } from './capabilities.ts';
import { shellWord } from '../model/text/shell-word.ts';

/** Nobody is started: a person does the task, with any tool, and says when it is done. */
export const manual: ManualAgent = {
  kind: 'manual',
  name: 'manual',
  title: 'By hand',
  capabilities: NONE,
  instructions,
};

/** Numbered, so that several can be told apart; then what the LLM-native orchestrator asks of agents that run together. */
function instructions({ task, attempt, cwd, branch, prompt, run, place = { number: 1 } }: AgentRequest): string {
  const again = attempt > 1 ? ` (attempt ${attempt}: what failed before stands at the end)` : '';
  const which = `${shellWord(task.id)} --run ${shellWord(run)}`;
  const criteria = task.acceptanceCriteria.map((criterion) => `   - [ ] ${criterion}`);
  const steps = [
    `1. Open the directory \`${cwd}\`. The branch \`${branch}\` is checked out there; stay on it.`,
    '2. Do the task described below, by hand or with any tool. Change nothing outside that directory.',
    criteria.length === 0 ? '3. See that it works.' : ['3. See that all of this holds:', ...criteria].join('\n'),
    '4. Save every file. A commit is welcome and not needed: what is in the directory is taken.',
    `5. Report it: choose "Mark Done" at the task, or run \`orchestrate done ${which}\`. If it cannot be done, skip it there, or run \`orchestrate skip ${which} --comment "why"\`.`,
  ];
  const card = [
    `**[AGENT-${place.number}: ${task.id}]**`,
    '',
    `- Task: ${task.title}`,
    `- Working Directory: ${cwd}`,
    `- Branch: ${branch}`,
    `- Report Status: ${place.reportEvery === undefined ? 'at the end' : every(place.reportEvery)} to the orchestrator`,
  ];
  return [`# ${task.title}${again}`, '', ...card, '', ...steps, '', RULES, '', '---', '', prompt.trim(), ''].join('\n');
}

/** The five coordination rules of the generic pattern. */
const RULES = `## Coordination rules

1. All agents start simultaneously: do not wait for another one.
2. No shared file modifications: keep to the files of this task.
3. Report progress using STATUS markers, e.g. \`[STATUS: PROGRESS-50%]\`.
4. On completion, mark as [COMPLETE], and report it as above.
5. On failure, mark as [FAILED] with the reason, and skip the task as above.`;

const every = (milliseconds: number): string => {
  const minutes = Math.round(milliseconds / 60_000);
  return minutes < 1 ? 'every minute' : `every ${minutes} minutes`;
};
