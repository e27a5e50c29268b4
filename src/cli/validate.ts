import { readFile } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { assign } from '../engine/assign.ts';
import { prepareRun } from '../engine/runs.ts';
import { readTextFile } from '../engine/text-file.ts';
import { fixText } from '../formats/text/fix.ts';
import type { SourceFile } from '../formats/imported.ts';
import { formatOf } from '../formats/registry.ts';
import { type Beside, validateText } from '../formats/validate.ts';
import { readHead, type Repository } from '../git/repository.ts';
import { crewLines } from '../model/crew/crew.ts';
import { describe, fail, ok, type Result } from '../model/failure.ts';
import { effectiveWaves } from '../model/schedule/graph.ts';
import type { Plan } from '../model/plan/plan.ts';
import { readPlan } from '../model/plan/reader.ts';
import { at, type Problem } from '../model/text/problem.ts';
import { writeDurably } from '../process/durable.ts';
import { type Call, type Command, inRepository } from './call.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { planOf } from './plan-file.ts';
import { problemLine } from './problem-line.ts';
import { count, plain } from './text.ts';

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
  const file = fixed.value;
  const problems = validateText(file, beside);
  const isPlan = formatOf(file)?.name === 'gem-plan';
  const more = isPlan && !problems.some(isError) ? await withConfig(repository, file.path) : ok([]);
  if (!more.ok) return more;
  const exit = tell(call, file, [...problems, ...more.value]);
  if (isPlan && exit.ok && exit.value === EXIT.merged) await tellCrew(call, repository, file);
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
    if (read.failure.kind !== 'io' || read.failure.code !== 'ENOENT') return read;
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

/** What only orchestrate.yaml beside it can say: gates and agents that nobody knows, and its own mistakes. */
async function withConfig(repository: Repository, planFile: string): Promise<Result<readonly Problem[]>> {
  if (isAbsolute(planFile)) return ok([]);
  const prepared = await prepareRun(repository, { planFile });
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

function tell({ terminal, options }: Call, file: SourceFile, problems: readonly Problem[]): Result<ExitCode> {
  const isBad = problems.some(isError);
  if (options.json)
    terminal.print(JSON.stringify({ file: file.path, ok: !isBad, problems: problems.map((one) => dataOf(one, file)) }));
  else {
    terminal.note(...problems.map((one) => problemLine(one, file.path) + (one.code ? ` [${plain(one.code)}]` : '')));
    const mendable = problems.filter((one) => one.fix?.isCertain).length;
    if (mendable > 0)
      terminal.note(`${count(mendable, 'problem')} can be mended: orchestrate validate --fix ${plain(file.path)}`);
    if (!isBad) terminal.print(`${plain(file.path)}: ${soundness(file)}`);
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

function soundness(file: SourceFile): string {
  const plan: Plan | undefined = formatOf(file)?.name === 'gem-plan' ? readPlan(file.text, file.path).plan : undefined;
  if (!plan) return 'no error';
  const waves = new Set(effectiveWaves(plan).values()).size;
  return `${count(plan.tasks.length, 'task')} in ${count(waves, 'wave')}, ready to run`;
}

/** Who would do what. That nobody is here to do it makes the plan no worse: it may be run elsewhere. */
async function tellCrew({ terminal, options }: Call, repository: Repository, { path }: SourceFile): Promise<void> {
  const prepared = await prepareRun(repository, { planFile: path });
  const head = await readHead(repository);
  if (options.json || !prepared.ok || !head.ok) return;
  const assigned = await assign(repository, prepared.value, head.value.commit);
  if (assigned.ok) terminal.print(...crewLines(assigned.value).map(plain));
  else terminal.note(`warning: ${plain(describe(assigned.failure))}`);
}
