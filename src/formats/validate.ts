import { readConfig } from '../model/config/reader.ts';
import { planFixes } from '../model/plan/fixes.ts';
import { readPlan, sayIn } from '../model/plan/reader.ts';
import { reviewPlan } from '../model/plan/review.ts';
import type { Edit, Fix, Problem } from '../model/text/problem.ts';
import type { YamlMemory } from '../model/text/yaml-pieces.ts';
import { inOrderOfText } from '../model/text/yaml-text.ts';
import { readGemPrd } from './gem/prd.ts';
import type { SourceFile } from './imported.ts';
import { checkAgainstPrd, missPrd } from './plan-prd.ts';
import { formatOf, importFiles } from './registry.ts';
import { readRepaired } from './text/repair-yaml.ts';
import { isMapping, listOf } from '../model/text/values.ts';

/** What lies beside a file and helps to judge it. */
export interface Beside {
  /** `docs/PRD.yaml`. */
  prd?: SourceFile | undefined;
}

/**
 * Everything there is to say about a file of Orchestrate or of one of the systems it reads, in the order of the text:
 * each problem with its place, the name of its rule as `code`, and a fix where one is known. Pure; never throws.
 */
export function validateText(file: SourceFile, beside: Beside = {}): Problem[] {
  if (/(?:^|\/)orchestrate\.ya?ml$/.test(file.path)) return readConfig(file.text, file.path).problems;
  if (formatOf(file)?.name === 'gem-plan') return validatePlan(file, beside);
  const { imported } = importFiles([file], { named: true });
  return inOrderOfText(
    imported.flatMap(({ format, problems, repairs }) =>
      [...problems, ...repairs].map((one) => ({ ...one, code: one.code ?? format })),
    ),
  );
}

/** A plan against every rule of `PLAN_RULES`; those of the reviewer once it can be run at all. */
export function validatePlan(file: SourceFile, beside: Beside = {}): Problem[] {
  const problems = judgePlan(file, beside);
  return problems.some(({ code, severity }) => code === 'yaml' && severity === 'error')
    ? withRepair(file, problems)
    : problems;
}

/** The same for a text that is being written: how to make it YAML is left for when somebody asks. */
export function judgePlan({ text, path }: SourceFile, { prd }: Beside = {}, memory?: YamlMemory): Problem[] {
  const { plan, yaml, problems } = readPlan(text, path, memory);
  if (!yaml || !plan || !isMapping(yaml.value)) return problems;
  const telling = { say: sayIn(path, yaml), fixes: planFixes(text, yaml) };
  const top = yaml.value;
  const tasks = listOf(top['tasks']).map((task) => (isMapping(task) ? task : {}));
  const compared = { ...telling, plan, tasks, text };
  return inOrderOfText([
    ...problems,
    ...reviewPlan({ ...telling, plan, top, tasks }),
    ...(prd ? besidePrd(compared, prd) : []),
  ]);
}

function besidePrd(compared: Parameters<typeof checkAgainstPrd>[0], file: SourceFile): Iterable<Problem> {
  const { prd, problems } = readGemPrd(file);
  return prd ? checkAgainstPrd(compared, prd) : missPrd(compared, { path: file.path, problems });
}

/** A text that can be made YAML is offered to be; what else is wrong with the plan is said once it is. */
function withRepair(file: SourceFile, problems: readonly Problem[]): Problem[] {
  const { fix, refused } = repairPlan(file);
  return fix ? problems.map((one, i) => (i === 0 ? { ...one, fix } : one)) : refused;
}

/** What makes a text YAML, or what is still none of it then. */
export function repairPlan({ text, path }: SourceFile): { fix?: Fix; refused: Problem[] } {
  const repaired = readRepaired(text, path);
  if (!repaired.yaml) return { refused: repaired.problems.map((one) => ({ ...one, code: 'yaml' })) };
  return { fix: { title: 'Make it YAML', edits: lineEdits(text, repaired.text), isCertain: true }, refused: [] };
}

/** Repairs keep every line where it is. */
function lineEdits(before: string, after: string): Edit[] {
  const instead = after.split('\n');
  return before.split('\n').flatMap((line, i): Edit[] => {
    const text = instead[i] ?? '';
    const range = { line: i + 1, column: 1, endLine: i + 1, endColumn: line.length + 1 };
    return line === text ? [] : [{ range, text }];
  });
}
