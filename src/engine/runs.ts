import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { usualTimes } from '../analysis/plan-times.ts';
import type { Config } from '../model/config/config.ts';
import { APPROVAL, asksPerson, type Baseline, type Gate } from '../model/gate.ts';
import { readConfig } from '../model/config/reader.ts';
import { defined } from '../model/defined.ts';
import { correlationId } from '../model/crew/correlation.ts';
import { type Event, JOURNAL_FORMAT, type Started } from '../model/run/event.ts';
import { fail, type Failure, ok, type Result } from '../model/failure.ts';
import { nameOf } from '../model/text/names.ts';
import { type Pattern, patterned } from '../model/crew/pattern.ts';
import { withContestants } from '../model/plan/contest.ts';
import type { Plan } from '../model/plan/plan.ts';
import type { Planning } from '../model/plan/planning.ts';
import type { Problem } from '../model/text/problem.ts';
import { tasksInFile } from '../model/run/contest.ts';
import type { RunState } from '../model/run/state.ts';
import { isAncestor, readAuthor, readHead, type Repository } from '../git/repository.ts';
import { ioFailure } from '../process/durable-now.ts';
import { syncFile } from '../process/durable.ts';
import { ownIdentity } from '../process/identity.ts';
import { anchor } from './performing/anchor.ts';
import { begunHere } from './elsewhere.ts';
import { agentWords, assign, unknownAgents } from './performing/assign.ts';
import { knownBaselines } from './performing/baselines.ts';
import { knownFootprints } from './past/footprints.ts';
import { readWhole } from './journal/fold.ts';
import { openPlan } from './plans/kept-plan.ts';
import { listLibrary } from './performing/library.ts';
import { prunedFolder, runsFolder, segmentFile } from './places.ts';
import { readRequirements } from './plans/requirements.ts';
import { unseenNotes } from './plans/unseen.ts';
import type { RunRef } from './session.ts';
import { isAbsent, readTextFile } from './text-file.ts';
import { measuredIn } from './past/took.ts';

export const CONFIG_FILE = 'orchestrate.yaml';

/** A plan and its configuration, read and checked, before there is a run of it. */
export interface Prepared {
  plan: Plan;
  /** Relative to the repository's root, `/` as separator. */
  planFile: string;
  /** SHA-256 of the plan file's text, hex: what an approval approves. */
  planHash: string;
  config: Config;
  /** Warnings of both files. */
  problems: readonly Problem[];
  /** It is a plan that makes a plan: whoever asks for that has approved it. */
  planning?: Planning;
  /** The commit it starts from, and no ref may hold yet; absent: the checkout's HEAD. */
  base?: string;
  /** Who the user is to git; absent: not asked yet. */
  author?: Started['author'];
}

/** All runs of a repository, oldest first. */
export async function listRuns(repository: Repository): Promise<RunRef[]> {
  const folder = runsFolder(repository);
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^[a-z0-9].*-\d+$/.test(name));
  const runs = await Promise.all(
    names.map(async (run) => {
      const journal = await readFile(segmentFile(join(folder, run), 1), 'utf8').catch(() => '');
      const at = /"at":(\d+)/.exec(journal)?.[1];
      return { ref: { repository, run, folder: join(folder, run) }, at: Number(at ?? 0) };
    }),
  );
  return runs
    .filter(({ at }) => at > 0)
    .toSorted((a, b) => a.at - b.at)
    .map(({ ref }) => ref);
}

/** The state of a run as its journal says, without driving or following it. */
export async function readRun(ref: RunRef): Promise<Result<RunState>> {
  const read = await readWhole(ref.folder);
  return read.ok ? ok(read.value.state) : read;
}

/** A plan, and what a person wants otherwise than it and orchestrate.yaml say. */
export interface Wanted extends Pattern {
  planFile: string;
  mode?: Config['mode'];
  agents?: number;
  /** What happens to a change outside a task's declared scope. */
  scope?: Config['scope'];
  /** Nobody is asked to look at results. */
  auto?: boolean;
}

/**
 * Reads a plan, by path or by id (`docs/plan/<id>/plan.yaml`), and orchestrate.yaml beside it.
 * Fails as invalid with every error's place, or unreadable.
 */
export async function prepareRun(
  repository: Repository,
  { planFile, mode, agents, scope, auto, ...pattern }: Wanted,
): Promise<Result<Prepared>> {
  const file = await locate(repository, planFile);
  if (!file.ok) return file;
  // git says who the user is, and lists the roles and skills that are asked for next, while the plan is read.
  const [author, , opened] = await Promise.all([
    readAuthor(repository),
    listLibrary(repository),
    openPlan(repository, file.value),
  ]);
  if (!opened.ok) return opened;
  const { plan, hash: planHash } = opened.value;
  const read = await readConfigured(repository);
  if (!read.ok) return read;
  const configured = read.value;
  const problems = [...opened.value.problems, ...configured.problems];
  if (!plan || !configured.config) return fail(invalid(file.value, problems));
  const limits = { ...configured.config.limits, ...(agents === undefined ? {} : { agents }) };
  const config = withApproval(
    plan,
    patterned({ ...configured.config, ...defined({ mode, scope }), limits }, { ...ofPlan(plan), ...pattern }),
  );
  const unknown = unknownNames(plan, config);
  if (unknown.length > 0) return fail(invalid(file.value, unknown));
  return ok({ plan, planFile: file.value, planHash, config: auto ? withoutPeople(config) : config, problems, author });
}

/** With the gate that a task may name without there being one of the name. */
const withApproval = ({ tasks }: Plan, config: Config): Config =>
  tasks.some(({ gates }) => gates?.includes(APPROVAL.name)) && !config.gates.some(({ name }) => name === APPROVAL.name)
    ? { ...config, gates: [...config.gates, APPROVAL] }
    : config;

/** Its gates but those of people. */
const withoutPeople = (config: Config): Config => ({
  ...config,
  gates: config.gates.filter((gate) => !asksPerson(gate)),
});

/**
 * Makes a run of a prepared plan at the checkout's HEAD. A run of the same plan that has not ended is given instead, unless
 * this repository is a copy of the one it began in: two starts at once are one run. Whoever opens a session on it drives it.
 */
export async function createRun(
  repository: Repository,
  prepared: Prepared,
  by: 'cli' | 'editor',
): Promise<Result<RunRef>> {
  const prefix = `${nameOf(prepared.plan.id)}-`;
  for (;;) {
    // Before it is looked which runs there are: another start that is placed meanwhile has this very name, or is seen.
    const run = `${prefix}${(await highest(repository, prefix)) + 1}`;
    const earlier = await listRuns(repository);
    const former = earlier.filter((one) => one.run.startsWith(prefix));
    const last = former.at(-1);
    if (last && (await goesOn(last))) return ok(last);
    const started = await startedEvent(repository, prepared, { run, earlier, former });
    if (!started.ok) return started;
    const ref = { repository, run, folder: join(runsFolder(repository), run) };
    const placed = await place(ref, started.value, by);
    if (!placed.ok) return placed;
    if (!placed.value) continue;
    const held = prepared.base === undefined ? ok(undefined) : await anchor(ref, prepared.base);
    return held.ok ? ok(ref) : held;
  }
}

/** It has not ended, and began here. */
async function goesOn(ref: RunRef): Promise<boolean> {
  const state = await readRun(ref);
  return state.ok && !state.value.ended && (await begunHere(ref, state.value)).ok;
}

/** The highest number a run of the plan ever had, whatever is left of it: no folder is used twice. */
async function highest(repository: Repository, prefix: string): Promise<number> {
  const folders = [runsFolder(repository), prunedFolder(repository)];
  const names = (await Promise.all(folders.map((folder) => readdir(folder).catch(() => [])))).flat();
  const numbers = names.filter((name) => name.startsWith(prefix)).map((name) => Number(name.slice(prefix.length)));
  return Math.max(0, ...numbers.filter(Number.isSafeInteger));
}

const ofPlan = ({ platform }: Plan): Pattern => (platform === undefined ? {} : { platform });

async function locate(repository: Repository, planFile: string): Promise<Result<string>> {
  const candidates = [planFile, join('docs', 'plan', planFile, 'plan.yaml')].map((path) =>
    resolve(repository.root, path),
  );
  for (const path of candidates) {
    const there = await stat(path).then(
      (stats) => !stats.isDirectory(),
      () => false,
    );
    if (!there) continue;
    const inside = relative(repository.root, path);
    if (!inside.startsWith('..') && !isAbsolute(inside)) return ok(inside.split(sep).join('/'));
    const reason = `${path} lies outside the repository ${repository.root}. Copy it to docs/plan/<plan_id>/plan.yaml there.`;
    return fail({ kind: 'refused', reason });
  }
  return fail({ kind: 'notFound', what: 'plan', name: planFile });
}

/** What orchestrate.yaml says. Where there is none, everything is as it is by default. */
export async function readConfigured({ root }: Repository): Promise<Result<ReturnType<typeof readConfig>>> {
  const read = await readTextFile(join(root, CONFIG_FILE), CONFIG_FILE);
  if (read.ok) return ok(readConfig(read.value, CONFIG_FILE));
  return isAbsent(read.failure) ? ok(readConfig(null, CONFIG_FILE)) : read;
}

/** The errors among problems, each with its place. */
export const invalid = (file: string, problems: readonly Problem[]): Failure => ({
  kind: 'invalid' as const,
  file,
  problems: problems
    .filter(({ severity }) => severity === 'error')
    .map(({ file: in_ = file, range, message }) => ({ file: in_, line: range.line, column: range.column, message })),
});

/** Agents and gates that a task names and nobody knows. */
export function unknownNames(plan: Plan, config: Config): Problem[] {
  const gates = new Set(config.gates.map(({ name }) => name));
  const says = (message: string): Problem => ({
    range: { line: 1, column: 1, endLine: 1, endColumn: 2 },
    severity: 'error',
    message,
  });
  const wrongGates = plan.tasks.flatMap(({ id, gates: named = [] }) =>
    named
      .filter((gate) => !gates.has(gate))
      .map((gate) => says(`task "${id}" names gate "${gate}", which ${CONFIG_FILE} does not have`)),
  );
  return [
    ...wrongGates,
    ...unknownAgents(config).map((name) => ({
      ...says(`there is no agent "${name}"; known are ${agentWords()}`),
      file: CONFIG_FILE,
    })),
  ];
}

/** How the journal of a run of it begins; `earlier`: runs of any plan, `former`: those of this one. */
export async function startedEvent(
  repository: Repository,
  { plan: written, planFile, planHash, config, planning, base: given, author: known }: Prepared,
  { run, earlier = [], former = [] }: { run: string; earlier?: readonly RunRef[]; former?: readonly RunRef[] },
): Promise<Result<Event & Started>> {
  const head = await readHead(repository);
  if (!head.ok) return head;
  const { commit, branch: baseBranch } = head.value;
  const base = given ?? commit;
  const plan = withContestants(written);
  const [assigned, unseen, author, requirements, footprints, past] = await Promise.all([
    assign(repository, { plan, config }, base),
    given === undefined ? unseenNotes(repository, { plan, planFile, config: CONFIG_FILE }) : [],
    known ?? readAuthor(repository),
    readRequirements(repository.root, plan),
    knownFootprints(repository),
    measuredIn(earlier),
  ]);
  if (!assigned.ok) return assigned;
  const times = usualTimes({ plan, agents: assigned.value.agents }, past);
  return ok({
    at: Date.now(),
    type: 'run.started',
    run,
    plan,
    planFile,
    planHash,
    config,
    base,
    root: repository.root,
    author,
    ...assigned.value,
    notes: [...assigned.value.notes, ...unseen],
    requirements,
    times,
    footprints,
    ...defined({ planning, baseBranch }),
    ...(config.correlation ? { agents: withCorrelation(run, assigned.value.agents) } : {}),
    baselines: planning
      ? config.gates.map(nothingYet)
      : await knownBaselines(repository, config.gates, { config, base }),
    completed: await proofs(repository, plan, { base, former }),
  });
}

/** Before there is a plan nothing is wrong with it. */
const nothingYet = ({ name }: Gate): Baseline => ({ gate: name, result: 'passed', problems: [], tail: '' });

const withCorrelation = (run: string, agents: Started['agents']): Started['agents'] =>
  Object.fromEntries(
    Object.entries(agents).map(([id, agent]) => [id, { ...agent, correlation: correlationId(run, id) }]),
  );

/** For each task that the file calls completed, the merged commit of a former run that the base contains, or null. */
async function proofs(
  repository: Repository,
  plan: Plan,
  { base, former }: { base: string; former: readonly RunRef[] },
): Promise<Record<string, string | null>> {
  const claimed = plan.tasks.filter(({ status }) => status === 'completed');
  if (claimed.length === 0) return {};
  const states = await Promise.all(former.map(readRun));
  const found = claimed.map(async ({ id, contest = id }): Promise<[string, string | null]> => {
    for (const state of states.toReversed()) {
      const settled = state.ok ? tasksInFile(state.value).get(contest)?.settled : undefined;
      if (settled?.kind !== 'done' || settled.commit === null) continue;
      const inside = await isAncestor(repository, settled.commit, base);
      if (inside.ok && inside.value) return [id, settled.commit];
    }
    return [id, null];
  });
  return Object.fromEntries(await Promise.all(found));
}

/** The whole first segment appears in one step; false where another start was faster. */
async function place(ref: RunRef, started: Event & Started, by: 'cli' | 'editor'): Promise<Result<boolean>> {
  const draft = join(runsFolder(ref.repository), `.draft-${randomUUID()}`);
  const header = { journal: JOURNAL_FORMAT, run: ref.run, epoch: 1, writer: { ...(await ownIdentity()), by } };
  const { at, planHash } = started;
  const order = { id: randomUUID(), type: 'approve', planHash };
  const approved = started.planning ? [{ at, type: 'order.accepted', order }] : [];
  const lines = [header, started, ...approved, { at, type: 'writer.released' }];
  try {
    await mkdir(draft, { recursive: true, mode: 0o700 });
    await writeFile(segmentFile(draft, 1), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    await syncFile(segmentFile(draft, 1));
    await rename(draft, ref.folder);
    return ok(true);
  } catch (error) {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined); // `error` says what resists
    return existsSync(ref.folder) ? ok(false) : fail(ioFailure(ref.folder, error));
  }
}
