import { uncommitted } from '../../git/uncommitted.ts';
import type { Repository } from '../../git/repository.ts';
import { describe } from '../../model/failure.ts';
import type { Plan } from '../../model/plan/plan.ts';
import { coverage } from '../../model/schedule/scope.ts';
import { listed } from '../../model/text/listed.ts';
import { PRD_FILE } from '../../model/plan/prd.ts';
import { ownFiles } from './own-files.ts';

/** What no task sees, because each starts from the last commit: in words, for whoever is about to say yes. */
export async function unseenNotes(
  repository: Repository,
  of: { plan: Plan; planFile: string; config: string },
): Promise<string[]> {
  const besides = [...ownFiles(of), of.config, PRD_FILE, PLANS];
  const told = await uncommitted(repository, { besides, fresh: 'files' });
  if (!told.ok) return [`What is not committed, no task sees; it is not known what that is: ${describe(told.failure)}`];
  return told.value.length === 0 ? [] : [words(told.value, of.plan)];
}

/** Of no matter to a task: what it is to do stands in its prompt. */
const PLANS = 'docs/plan';

function words(paths: readonly string[], { tasks }: Plan): string {
  const inScope = tasks.map(({ scope = [] }) => coverage(scope));
  const changed = paths.filter((path) => inScope.some((covers) => covers(path)));
  const [files, them] =
    paths.length === 1 ? ['1 file of the checkout is', 'it'] : [`${paths.length} files of the checkout are`, 'them'];
  const which = changed.length === 0 ? ` (${listed(paths)}).` : `. Tasks may change ${listed(changed)}.`;
  return `${files} not committed: tasks start from the last commit and do not see ${them}${which}`;
}
