import { prepareRun } from '../engine/runs.ts';
import { effectiveWaves } from '../model/graph.ts';
import { ok, type Result } from '../model/failure.ts';
import { type Call, type Command, inRepository } from './call.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { planOf } from './plan-file.ts';
import { problemLine } from './problem-line.ts';
import { count, plain } from './text.ts';

export const validate: Command = {
  summary: 'check a plan and orchestrate.yaml without running anything',
  more: 'Problems are printed as file:line:column: text. Ends with 0, or 2 where there is an error.',
  places: ['[plan.yaml|plan_id]'],
  options: [],
  run: checkPlan,
};

function checkPlan(call: Call): Promise<Result<ExitCode>> {
  return inRepository(call, async (repository) => {
    const planFile = await planOf(call, repository.root);
    if (!planFile.ok) return planFile;
    const prepared = await prepareRun(repository, { planFile: planFile.value });
    if (!prepared.ok) return prepared;
    const { plan, problems, planFile: file } = prepared.value;
    call.terminal.note(...problems.map((problem) => problemLine(problem, file)));
    const waves = new Set(effectiveWaves(plan).values()).size;
    call.terminal.print(`${plain(file)}: ${count(plan.tasks.length, 'task')} in ${count(waves, 'wave')}, ready to run`);
    return ok(EXIT.merged);
  });
}
