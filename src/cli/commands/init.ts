import { join } from 'node:path';
import { exampleConfig, examplePlan } from '../../engine/plans/example.ts';
import { writeNewInside } from '../../engine/text-file.ts';
import type { Repository } from '../../git/repository.ts';
import { ok, type Result } from '../../model/failure.ts';
import { type Call, type Command, inRepository } from '../call.ts';
import { EXIT, type ExitCode } from '../exit.ts';

export const init: Command = {
  summary: 'write an example plan and an orchestrate.yaml, never over a file that is there',
  places: [],
  options: [],
  run: (call) => inRepository(call, (repository) => writeExamples(call, repository)),
};

const PLAN_FILE = join('docs', 'plan', 'example', 'plan.yaml');

async function writeExamples({ terminal }: Call, { root }: Repository): Promise<Result<ExitCode>> {
  const files = [
    ['orchestrate.yaml', await exampleConfig(root)],
    [PLAN_FILE, examplePlan('example')],
  ] as const;
  for (const [file, text] of files) {
    const written = await writeNewInside(file, root, text);
    if (!written.ok) return written;
    terminal.print(written.value ? `wrote ${file}` : `${file} is there already and was left as it is`);
  }
  terminal.print('', 'Next: look at both, then', `  orchestrate run ${PLAN_FILE}`);
  return ok(EXIT.merged);
}
