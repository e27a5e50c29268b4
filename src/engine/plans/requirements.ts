import { join } from 'node:path';
import type { Plan } from '../../model/plan/plan.ts';
import { PRD_FILE, type Requirement, requirementsOf } from '../../model/plan/prd.ts';
import { readTextFile } from '../text-file.ts';

/** What the PRD of a checkout asks for, if the plan says what of it is covered; none where no PRD can be read. */
export async function readRequirements(root: string, plan: Plan): Promise<readonly Requirement[]> {
  if (!plan.tasks.some(({ covers }) => covers !== undefined)) return [];
  const text = await readTextFile(join(root, PRD_FILE), PRD_FILE);
  if (!text.ok) return [];
  // The reader of other systems' files is loaded by few runs.
  const { readGemPrd } = await import('../../formats/gem/prd.ts');
  const { prd } = readGemPrd({ path: PRD_FILE, text: text.value });
  return prd ? requirementsOf(prd) : [];
}
