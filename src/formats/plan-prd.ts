import { meant, nearest } from '../model/text/nearest.ts';
import type { Telling } from '../model/plan/checks.ts';
import { fixOf } from '../model/plan/fixes.ts';
import type { Plan } from '../model/plan/plan.ts';
import { type Prd, requirementsOf } from '../model/plan/prd.ts';
import type { Path, Problem } from '../model/text/problem.ts';
import { textsOf } from '../model/text/values.ts';

/** A plan and the fields of its tasks, to be held against a PRD. */
interface Compared extends Telling {
  plan: Plan;
  tasks: readonly Record<string, unknown>[];
  text: string;
}

/** Does the plan do what the PRD asks for? As far as ids and names can tell. */
export function* checkAgainstPrd(compared: Compared, prd: Prd): Generator<Problem> {
  const claims = claimsOf(compared.tasks);
  const requirements = askedFor(prd, claims);
  const covered = new Set(claims.map(({ id }) => id));
  for (const claim of claims)
    if (requirements.length > 0 && !requirements.includes(claim.id)) yield unknownClaim(compared, claim, requirements);
  for (const id of covered.size > 0 ? requirements : []) {
    if (covered.has(id)) continue;
    const message = `No task covers "${id}" of the PRD. Add one, or "covers: [${id}]".`;
    yield compared.say('requirement-uncovered', ['tasks'], message);
  }
  yield* checkNames(compared, prd);
}

/** Nothing is traced to a PRD that cannot be read; a plan that says what it covers counts on it. */
export function* missPrd({ tasks, say }: Compared, { path, problems }: UnreadPrd): Generator<Problem> {
  const [claim] = claimsOf(tasks);
  if (claim === undefined) return;
  const [first] = problems;
  const why = first ? ` (${path}:${first.range.line}:${first.range.column}: ${first.message})` : '';
  yield say('requirements-unread', claim.path, `What this plan covers is not traced: ${path} cannot be read${why}.`);
}

interface UnreadPrd {
  path: string;
  problems: readonly Problem[];
}

/** Acceptance criteria are counted only where the plan does so as well; other ids may be of user stories. */
function askedFor(prd: Prd, claims: readonly Claim[]): string[] {
  const isCounted = prd.requirements.length > 0 || claims.some(({ id }) => /^AC-\d+$/.test(id));
  return isCounted ? requirementsOf(prd).map(({ id }) => id) : [];
}

interface Claim {
  id: string;
  task: number;
  path: Path;
}

const claimsOf = (tasks: Compared['tasks']): Claim[] =>
  tasks.flatMap((task, i) =>
    ['covers', 'requirement_ids'].flatMap((key) =>
      textsOf(task[key]).map((id, at) => ({ id, task: i, path: ['tasks', i, key, at] })),
    ),
  );

function unknownClaim(
  { plan, say, fixes }: Compared,
  { id, task, path }: Claim,
  requirements: readonly string[],
): Problem {
  const near = nearest(id, requirements);
  const fix = near === undefined ? undefined : fixOf(`Change to "${near}"`, fixes.replace(path, id, near), false);
  const who = plan.tasks[task]?.id ?? '';
  const message = `Task "${who}" covers "${id}", which the PRD does not have.${meant(id, requirements)}`;
  return say('requirement-unknown', path, message, { fix });
}

function* checkNames({ text, say }: Compared, prd: Prd): Generator<Problem> {
  const plain = text.toLowerCase();
  for (const { name, status } of prd.features) {
    if (status === 'complete' || name === '' || plain.includes(name.toLowerCase())) continue;
    yield say('feature-unmentioned', ['tasks'], `The PRD plans "${name}", and nothing in this plan names it.`);
  }
  const codes = new Set(prd.errors.map(({ code }) => code));
  const named = new Set(text.match(/\bERR_[A-Z0-9]+(?:_[A-Z0-9]+)*\b/g));
  for (const code of codes.size === 0 ? [] : named)
    if (!codes.has(code))
      yield say('error-code-unknown', ['tasks'], `"${code}" is no error code of the PRD.${meant(code, codes)}`);
}
