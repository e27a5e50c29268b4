import { newPlanId } from '../../formats/gem/plan-id.ts';
import { hotfixPlan } from '../../formats/orchestra/hotfix.ts';
import type { Repository } from '../../git/repository.ts';
import { fail, ok, type Result } from '../../model/failure.ts';
import { planningFor, thinking } from '../../model/plan/planning.ts';
import { headline } from '../../model/text/headline.ts';
import { takenIds } from './planning.ts';
import { CONFIG_FILE, invalid, readConfigured } from '../runs.ts';
import { writeNewInside } from '../text-file.ts';

/**
 * Writes the plan of one urgent change into the checkout, from what a person says is wrong; no agent plans it. Gives its
 * file, relative to the root. From then on it is a plan like any other: a person approves it, and every gate holds.
 */
export async function writeHotfix(repository: Repository, wrong: string): Promise<Result<string>> {
  if (wrong.trim() === '')
    return fail({ kind: 'refused', reason: 'There is nothing to put right: say what is wrong.' });
  const read = await readConfigured(repository);
  if (!read.ok) return read;
  const { config, problems } = read.value;
  if (!config) return fail(invalid(CONFIG_FILE, problems));
  const { default: usual } = config.agents;
  const agent = thinking(usual) === usual ? undefined : thinking(usual);
  for (;;) {
    const id = newPlanId(`hotfix ${headline(wrong)}`, Date.now(), await takenIds(repository));
    const { file } = planningFor(id);
    const written = await writeNewInside(file, repository.root, hotfixPlan(id, wrong, agent));
    if (!written.ok) return written;
    if (written.value) return ok(file);
  }
}
