import { at } from '../model/text/problem.ts';
import { problem } from '../model/text/yaml-text.ts';
import { readGadugiState } from './gadugi/state.ts';
import { readFailureLog, readFindings, readGemConfig } from './gem/documents.ts';
import { readGemPlan } from './gem/plan.ts';
import { readGemPrd } from './gem/prd.ts';
import { selectVariant, VARIANT } from './gem/variants.ts';
import { type Format, type Imported, type ImportOptions, nothingSaid, type SourceFile } from './imported.ts';
import { readLlmPlan } from './llm/plan.ts';
import { readBlueprint } from './orchestra/blueprint.ts';
import { readOrchestraConfig } from './orchestra/config.ts';
import { readKnowledge } from './orchestra/knowledge.ts';
import { milestoneFolder, readOrchestraMilestone } from './orchestra/plan.ts';
import { readPrompts } from './gadugi/prompts.ts';
import { isWorkItems, readWorkItems } from './llm/work-items.ts';
import {
  byFolder,
  byMilestone,
  isBlueprint,
  isGemPlan,
  isKnowledge,
  isLlmPlan,
  isOrchestraConfig,
  isPrompt,
  planWithGates,
  variantsTogether,
} from './recognise.ts';

const one =
  (read: (file: SourceFile) => Imported): Format['read'] =>
  (files) =>
    read(files[0] ?? { path: '', text: '' });

/** Every format that is read, the more special ones first: the first that recognises a file has it. */
export const FORMATS: readonly Format[] = [
  {
    name: 'gadugi-state',
    title: 'gadugi state',
    recognises: (path) => /(?:^|\/)(?:worktree_state|process_registry)\.json$/.test(path),
    read: one(readGadugiState),
  },
  { name: 'work-items', title: 'work items', recognises: isWorkItems, read: one(readWorkItems) },
  { name: 'llm-plan', title: 'LLM-native plan', recognises: isLlmPlan, group: planWithGates, read: readLlmPlan },
  {
    name: 'gem-config',
    title: 'gem-team settings',
    recognises: (path) => /(?:^|\/)\.gem-team\.ya?ml$/.test(path),
    read: one(readGemConfig),
  },
  {
    name: 'gem-prd',
    title: 'PRD',
    recognises: (path) => /(?:^|\/)PRD[^/]*\.ya?ml$/i.test(path),
    read: one(readGemPrd),
  },
  {
    name: 'gem-findings',
    title: 'research findings',
    recognises: (path) => /(?:^|\/)research_findings[^/]*\.ya?ml$/i.test(path),
    read: one(readFindings),
  },
  {
    name: 'gem-failure-log',
    title: 'failure log',
    recognises: (path) => /(?:^|\/)(?:logs|evidence)\/.*\.ya?ml$/.test(path),
    read: one(readFailureLog),
  },
  {
    name: 'orchestra-config',
    title: 'Orchestra settings',
    recognises: isOrchestraConfig,
    read: one(readOrchestraConfig),
  },
  { name: 'gem-plan', title: 'gem-team plan', recognises: isGemPlan, group: variantsTogether, read: readGem },
  { name: 'orchestra-blueprint', title: 'Orchestra blueprint', recognises: isBlueprint, read: one(readBlueprint) },
  { name: 'orchestra-knowledge', title: 'Orchestra knowledge', recognises: isKnowledge, read: one(readKnowledge) },
  {
    name: 'orchestra-milestone',
    title: 'Orchestra milestone',
    recognises: (path) => milestoneFolder(path) !== undefined,
    group: byMilestone,
    read: readOrchestraMilestone,
  },
  { name: 'prompts', title: 'prompts', recognises: isPrompt, group: byFolder, read: readPrompts },
];

function readGem(files: readonly SourceFile[]): Imported {
  const chosen = files.find(({ path }) => !VARIANT.test(path));
  if (!chosen) return files.length === 1 && files[0] ? readGemPlan(files[0]) : selectVariant(files);
  const imported = readGemPlan(chosen);
  if (files.length === 1) return imported;
  const message = 'The variants beside it are not read: this is the one that was chosen.';
  return {
    ...imported,
    files: files.map(({ path }) => path),
    problems: [problem(chosen.path, at(1), message, 'info'), ...imported.problems],
  };
}

/** The format of a file; undefined when none recognises it. */
export const formatOf = ({ path, text }: SourceFile): Format | undefined =>
  FORMATS.find((format) => format.recognises(path, text));

/** Everything that was read from some files, and the paths that no format recognised. */
export interface ImportedAll {
  imported: readonly Imported[];
  ignored: readonly string[];
}

const LONGEST_FILE = 10_000_000;

/**
 * Reads all files that belong to one of the formats. `named` are files that were asked for by name: a Markdown file
 * among them that no format recognises is a prompt, anything else is refused instead of passed over.
 */
export function importFiles(
  files: readonly SourceFile[],
  options: ImportOptions & { named?: boolean } = {},
): ImportedAll {
  const groups = new Map<Format, SourceFile[]>();
  const ignored: string[] = [];
  const refused: Imported[] = [];
  for (const file of files) {
    const format = formatFor(file, options);
    const fault = faultOf(file, format, options.named === true);
    if (fault) refused.push(fault);
    else if (format) groups.set(format, [...(groups.get(format) ?? []), file]);
    else ignored.push(file.path);
  }
  const imported = [...groups].flatMap(([format, own]) =>
    (format.group?.(own, files) ?? own.map((file) => [file])).map((group) => format.read(group, options)),
  );
  return { imported: [...refused, ...imported], ignored };
}

function formatFor(file: SourceFile, { invocation, named }: ImportOptions & { named?: boolean }): Format | undefined {
  if (file.path === invocation) return PROMPTS;
  if (file.text.length > LONGEST_FILE) return undefined;
  return formatOf(file) ?? (named && /\.(?:md|txt)$/i.test(file.path) ? PROMPTS : undefined);
}

/** Why a file is refused before any format looks at it. */
function faultOf(file: SourceFile, format: Format | undefined, isNamed: boolean): Imported | undefined {
  if (file.text.length > LONGEST_FILE) return refusal(file, 'The file is longer than 10 MB. Split it.');
  if (file.fault && (format || isNamed)) return refusal(file, file.fault.message, file.fault);
  if (format || !isNamed) return undefined;
  const message =
    'No format that Orchestrate knows looks like this. It reads plans of gem-team, LLM-native plans, prompts and .orchestra folders.';
  return refusal(file, message);
}

const PROMPTS = FORMATS.find(({ name }) => name === 'prompts');

const refusal = ({ path }: SourceFile, message: string, { line, column } = { line: 1, column: 1 }): Imported => ({
  format: 'gem-plan',
  files: [path],
  ...nothingSaid,
  problems: [problem(path, at(line, column), message)],
});
