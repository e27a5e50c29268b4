import { join } from 'node:path';
import { importFrom } from '../../engine/plans/import.ts';
import { listRuns, readConfigured, readRun } from '../../engine/runs.ts';
import { readTextFile } from '../../engine/text-file.ts';
import { exists } from '../../git/files.ts';
import type { Repository } from '../../git/repository.ts';
import { describe, ok, type Result } from '../../model/failure.ts';
import { asksPerson } from '../../model/gate.ts';
import type { Plan } from '../../model/plan/plan.ts';
import { readPlan } from '../../model/plan/reader.ts';
import { attend } from '../asking/attend.ts';
import type { Call } from '../call.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { planOf, plansIn } from '../plan-file.ts';
import { openPlanRun, type Overrides } from '../plan-run.ts';
import { plain } from '../shown/text.ts';

/**
 * Runs the plan that is named, or milestone after milestone, without asking anybody. Each milestone starts from the result
 * of the last one that was merged; one that fails, or waits for a person, is left as it is and the next one begins. Before
 * each the folder of Orchestra is read again, so that what was planned meanwhile is found.
 */
export async function runByItself(call: Call, repository: Repository, overrides: Overrides): Promise<Result<ExitCode>> {
  await warn(call, repository);
  const worker: Call = { ...call, options: { ...call.options, yes: true } };
  const named = call.positionals.length > 0 || !(await exists(join(repository.root, MILESTONES)));
  if (named) {
    const file = await planOf(call, repository.root);
    if (!file.ok) return file;
    return (await runOne(worker, repository, { file: file.value, overrides })).code;
  }
  return chain(worker, repository, overrides);
}

const MILESTONES = '.orchestra/milestones';

/** Once, however many milestones follow. */
async function warn({ terminal }: Call, repository: Repository): Promise<void> {
  const read = await readConfigured(repository);
  const people = read.ok ? (read.value.config?.gates.filter(asksPerson) ?? []) : [];
  const left = people.length > 0 ? ` Left out: ${people.map(({ name }) => plain(name)).join(', ')}.` : '';
  terminal.note(`Warning: nobody is asked (--auto): plans count as approved, and no gate of a person is kept.${left}`);
}

async function chain(call: Call, repository: Repository, overrides: Overrides): Promise<Result<ExitCode>> {
  const codes: ExitCode[] = [];
  const tried = new Set<string>();
  for (let base: string | undefined; ;) {
    const next = await nextMilestone(call, repository, tried);
    if (next === undefined) break;
    tried.add(next);
    call.terminal.note('', `milestone ${codes.length + 1}: ${plain(next)}`);
    const { code, merged } = await runOne(call, repository, { file: join(repository.root, next), overrides, base });
    if (code.ok && code.value === EXIT.cancelled) return code;
    if (!code.ok) call.terminal.note(describe(code.failure));
    base = merged ?? base;
    codes.push(code.ok ? code.value : EXIT.failed);
  }
  const done = codes.filter((code) => code === EXIT.merged).length;
  call.terminal.note('', `${done} of ${codes.length} milestones merged.`);
  return ok(codes.find((code) => code === EXIT.failed) ?? codes.find((code) => code !== EXIT.merged) ?? EXIT.merged);
}

interface One {
  file: string;
  overrides: Overrides;
  base?: string | undefined;
}

/** How it ended, and the commit that it came to where it was merged. */
async function runOne(
  call: Call,
  repository: Repository,
  { file, overrides, base }: One,
): Promise<{ code: Result<ExitCode>; merged?: string }> {
  const session = await openPlanRun(call, repository, { planFile: file, ...overrides, auto: true }, base);
  if (!session.ok) return { code: session };
  const code = await attend(session.value, call.terminal, call.options);
  const { ended, integration } = session.value.state;
  return ended?.outcome === 'merged' ? { code, merged: integration } : { code };
}

/** The first milestone, by number, that is not done and was not tried; the folder is read again for it. */
async function nextMilestone(
  call: Call,
  repository: Repository,
  tried: ReadonlySet<string>,
): Promise<string | undefined> {
  const { root } = repository;
  await findNew(call, root);
  const done = await mergedPlans(repository);
  const open: [string, string][] = [];
  for (const file of await plansIn(root)) {
    const plan = tried.has(file) ? undefined : await planIn(root, file);
    if (plan?.origin?.format === 'orchestra-milestone' && !done.has(plan.id) && !isDone(plan))
      open.push([plan.origin.file, file]);
  }
  return open.toSorted(([a], [b]) => numberOf(a) - numberOf(b))[0]?.[1];
}

/** Milestones without a plan get one; a plan that is there stays as it is. */
async function findNew({ terminal }: Call, root: string): Promise<void> {
  const read = await importFrom(join(root, '.orchestra'), { root, dry: false, force: false });
  if (!read.ok) return terminal.note(describe(read.failure));
  for (const { target } of read.value.accounts)
    if (target?.written === 'wrote') terminal.note(`found ${plain(target.file)}`);
}

const numberOf = (path: string): number => Number(/(?:^|\/)M(\d+)/.exec(path)?.[1] ?? Infinity);

/** Nothing is left of it but what it does without. */
const isDone = ({ tasks }: Plan): boolean =>
  tasks.every(({ status, onFailure }) => status === 'completed' || onFailure === 'skip');

async function planIn(root: string, file: string): Promise<Plan | undefined> {
  const text = await readTextFile(join(root, file), file);
  return text.ok ? readPlan(text.value, file).plan : undefined;
}

async function mergedPlans(repository: Repository): Promise<ReadonlySet<string>> {
  const states = await Promise.all((await listRuns(repository)).map(readRun));
  return new Set(
    states.flatMap((state) => (state.ok && state.value.ended?.outcome === 'merged' ? [state.value.plan.id] : [])),
  );
}
