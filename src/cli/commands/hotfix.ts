import { writeHotfix } from '../../engine/plans/hotfix.ts';
import type { Repository } from '../../git/repository.ts';
import type { Result } from '../../model/failure.ts';
import { type Call, type Command, inRepository } from '../call.ts';
import type { ExitCode } from '../exit.ts';
import { runPlan } from './run.ts';
import { plain } from '../shown/text.ts';

export const hotfix: Command = {
  summary: 'make one urgent change without planning it; every gate holds',
  more: `What is wrong is said as a text, or - for standard input. It becomes a plan of one task in docs/plan, which the agent of
tasks that name none does once you approve it (--yes says so beforehand). No planner, no researcher and no gate of plans
is asked; every other gate of orchestrate.yaml holds, and the result is a branch as ever, pushed where \`push\` says so.

Ends with 0 merged, 1 the fix failed, 2 invalid input, 3 waits for a person, 130 cancelled.`,
  places: ['<what is wrong|->'],
  options: ['yes', 'baseline', 'json', 'wait', 'on-interrupt'],
  run: (call) => inRepository(call, (repository) => fixIt(call, repository)),
};

async function fixIt(call: Call, repository: Repository): Promise<Result<ExitCode>> {
  const { terminal, positionals } = call;
  const [said = ''] = positionals;
  const planFile = await writeHotfix(repository, said === '-' ? await terminal.read() : said);
  if (!planFile.ok) return planFile;
  terminal.note(`wrote ${plain(planFile.value)}`);
  return runPlan(call, repository, { planFile: planFile.value });
}
