import type { Plan, Task } from '../model/plan/plan.ts';
import { readGemPrd } from './gem/prd.ts';
import { updatePrd } from './prd-writer.ts';

/**
 * A PRD after a plan has come to its end: the features that the plan names are complete where each task that names one
 * is done, and a change says so. Nothing is added that the PRD does not plan, and saying it again changes nothing.
 */
export function prdAfter(text: string, { plan, done }: { plan: Plan; done: ReadonlySet<string> }): string {
  const { prd } = readGemPrd({ path: 'docs/PRD.yaml', text });
  const complete = (prd?.features ?? []).filter(
    ({ name, status }) => status !== 'complete' && isDone(name, plan, done),
  );
  // A feature without a status of its own has nothing to be changed.
  const names = complete.map(({ name }) => name).filter((name) => marked(text, [name]) !== text);
  if (!prd || names.length === 0) return text;
  const change = `Complete: ${names.join(', ')} (plan ${plan.id})`;
  return updatePrd(marked(text, names), { changes: [{ version: prd.version || '1.0.0', change }] });
}

const marked = (text: string, names: readonly string[]): string =>
  updatePrd(text, { featureStatuses: new Map(names.map((name) => [name, 'complete'])) });

/** A feature that only the plan's objective names needs all of its tasks. */
function isDone(feature: string, { tasks, objective }: Plan, done: ReadonlySet<string>): boolean {
  const named = tasks.filter((task) => says(wordsOf(task), feature));
  const needed = named.length > 0 ? named : says(objective, feature) ? tasks : [];
  return needed.length > 0 && needed.every(({ id }) => done.has(id));
}

const wordsOf = ({ title, description, acceptanceCriteria, covers = [] }: Task): string =>
  [title, description, ...acceptanceCriteria, ...covers].join('\n');

/** As whole words: "Search" is not named by "Research". */
function says(text: string, feature: string): boolean {
  const [plain, word] = [text.toLowerCase(), feature.trim().toLowerCase()];
  if (word === '') return false;
  for (let at = plain.indexOf(word); at !== -1; at = plain.indexOf(word, at + 1))
    if (!isLetter(plain[at - 1]) && !isLetter(plain[at + word.length])) return true;
  return false;
}

const isLetter = (character: string | undefined): boolean => /[\p{L}\p{N}]/u.test(character ?? '');
