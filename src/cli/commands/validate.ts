import { readFile } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { assign } from '../../engine/performing/assign.ts';
import { type Prepared, prepareRun } from '../../engine/runs.ts';
import { isAbsent, readTextFile } from '../../engine/text-file.ts';
import { fixText } from '../../formats/text/fix.ts';
import type { SourceFile } from '../../formats/imported.ts';
import { formatOf } from '../../formats/registry.ts';
import { type Beside, validateText } from '../../formats/validate.ts';
import { readHead, type Repository } from '../../git/repository.ts';
import { crewLines } from '../../model/crew/crew.ts';
import { describe, fail, ok, type Result } from '../../model/failure.ts';
import { effectiveWaves } from '../../model/schedule/graph.ts';
import { withContestants } from '../../model/plan/contest.ts';
import type { Plan } from '../../model/plan/plan.ts';
import { at, type Problem } from '../../model/text/problem.ts';
import { writeDurably } from '../../process/durable.ts';
import { type Call, type Command, inRepository } from '../call.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { planOf } from '../plan-file.ts';
import { problemLine } from '../shown/problem-line.ts';
import { count, plain } from '../shown/text.ts';

export const validate: Command = {
  summary: 'check a plan and orchestrate.yaml, or another file that is read, without running anything',
  more: `Problems are printed on standard error as file:line:column: text [rule]. Ends with 0, or 2 where there is an error.
Beside plans it checks PRD.yaml, .orchestra files, prompts and whatever else orchestrate import reads.`,
  places: ['[file|plan_id]'],
  options: ['json', 'fix'],
  run: (call) => inRepository(call, (repository) => check(call, repository)),
};

async function check(call: Call, repository: Repository): Promise<Result<ExitCode>> {
  const named = await planOf(call, repository.root);
  if (!named.ok) return named;
  const read = await readFileNamed(named.value, repository.root);
  if (!read.ok) return read;
  const beside: Beside = { prd: await prdOf(repository.root) };
  const fixed = call.options.fix ? await fix(read.value, beside) : ok(read.value);
  if (!fixed.ok) return fixed;
  return judge(call, repository, { file: fixed.value, problems: validateText(fixed.value, beside) });
}

/** A sound plan is looked at together with what lies beside it, once for all that is said of it. */
async function judge(
  call: Call,
  repository: Repository,
  { file, problems }: { file: SourceFile; problems: readonly Problem[] },
): Promise<Result<ExitCode>> {
  const isSound = formatOf(file)?.name === 'gem-plan' && !problems.some(isError);
  const prepared = isSound ? await prepare(repository, file.path) : undefined;
  if (!prepared) return tell(call, file, { problems });
  const more = problemsBeside(prepared, file.path);
  if (!more.ok) return more;
  const plan = prepared.ok ? prepared.value.plan : undefined;
  const exit = tell(call, file, { problems: [...problems, ...more.value], plan });
  if (prepared.ok && !call.options.json) await tellCrew(call, repository, prepared.value);
  return exit;
}

const isError = ({ severity }: Problem): boolean => severity === 'error';

interface Named extends SourceFile {
  /** Where it lies. */
  absolute: string;
}

async function readFileNamed(named: string, root: string): Promise<Result<Named>> {
  const candidates = isAbsolute(named) ? [named] : [join(root, 'docs', 'plan', named, 'plan.yaml')];
  for (const absolute of candidates) {
    const inside = relative(root, absolute);
    const path = (inside.startsWith('..') ? absolute : inside).split(sep).join('/');
    const read = await readTextFile(absolute, path);
    if (read.ok) return ok({ path, absolute, text: read.value });
    if (!isAbsent(read.failure)) return read;
  }
  return fail({ kind: 'notFound', what: 'plan', name: named });
}

async function prdOf(root: string): Promise<SourceFile | undefined> {
  const path = 'docs/PRD.yaml';
  const text = await readFile(join(root, path), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : { path, text };
}

async function fix(file: Named, beside: Beside): Promise<Result<Named>> {
  const text = fixText(file, beside);
  if (text === file.text) return ok(file);
  const written = await writeDurably(file.absolute, text);
  return written.ok ? ok({ ...file, text }) : written;
}

/** The plan with the orchestrate.yaml beside it; a plan that lies elsewhere is read alone. */
async function prepare(repository: Repository, planFile: string): Promise<Result<Prepared> | undefined> {
  return isAbsolute(planFile) ? undefined : prepareRun(repository, { planFile });
}

/** What only orchestrate.yaml beside it can say: gates and agents that nobody knows, and its own mistakes. */
function problemsBeside(prepared: Result<Prepared>, planFile: string): Result<readonly Problem[]> {
  if (prepared.ok) return ok(prepared.value.problems.filter(({ file }) => file !== planFile));
  const { failure } = prepared;
  if (failure.kind !== 'invalid') return prepared;
  return ok(
    failure.problems.map(({ file = failure.file, line, column, message }) => ({
      file,
      range: at(line, column),
      severity: 'error' as const,
      message,
      code: 'configuration',
    })),
  );
}

interface Judged {
  problems: readonly Problem[];
  /** Where it can be run. */
  plan?: Plan | undefined;
}

function tell({ terminal, options }: Call, file: SourceFile, { problems, plan }: Judged): Result<ExitCode> {
  const isBad = problems.some(isError);
  if (options.json)
    terminal.print(JSON.stringify({ file: file.path, ok: !isBad, problems: problems.map((one) => dataOf(one, file)) }));
  else {
    terminal.note(...problems.map((one) => problemLine(one, file.path) + (one.code ? ` [${plain(one.code)}]` : '')));
    const mendable = problems.filter((one) => one.fix?.isCertain).length;
    if (mendable > 0)
      terminal.note(`${count(mendable, 'problem')} can be mended: orchestrate validate --fix ${plain(file.path)}`);
    if (!isBad) terminal.print(`${plain(file.path)}: ${plan ? soundness(plan) : 'no error'}`);
  }
  return ok(isBad ? EXIT.invalid : EXIT.merged);
}

const dataOf = ({ code, file, range, severity, message, fix: cure }: Problem, { path }: SourceFile) => ({
  file: file ?? path,
  ...range,
  severity,
  rule: code,
  message,
  ...(cure ? { fix: cure } : {}),
});

function soundness(plan: Plan): string {
  const waves = new Set(effectiveWaves(plan).values()).size;
  return `${count(plan.tasks.length, 'task')} in ${count(waves, 'wave')}, ready to run`;
}

/** Who would do what. That nobody is here to do it makes the plan no worse: it may be run elsewhere. */
async function tellCrew({ terminal }: Call, repository: Repository, prepared: Prepared): Promise<void> {
  const head = await readHead(repository);
  if (!head.ok) return;
  const { plan, config } = prepared;
  const assigned = await assign(repository, { plan: withContestants(plan), config }, head.value.commit);
  if (assigned.ok) terminal.print(...crewLines(assigned.value).map(plain));
  else terminal.note(`warning: ${plain(describe(assigned.failure))}`);
}
