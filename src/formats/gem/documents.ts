import { stringify } from 'yaml';
import { at as place, type Path } from '../../model/text/problem.ts';
import { problem } from '../../model/text/yaml-text.ts';
import { placeIn } from '../draft.ts';
import type { FailureLog } from '../documents.ts';
import { type Imported, nothingSaid, type SourceFile } from '../imported.ts';
import { readRepaired } from '../text/repair-yaml.ts';
import { isMapping, listOf, mappingAt, sentenceOf, textOf, textsOf } from '../../model/text/values.ts';

export function readFindings(source: SourceFile): Imported {
  return readMapping('gem-findings', source, (top) => {
    if (FOUND.every((key) => !(key in top))) return { problems: [nothingFound(source.path)] };
    const metadata = mappingAt(top, 'research_metadata');
    const confidence = (textOf(metadata['confidence']) ?? textOf(top['confidence']))?.toLowerCase();
    return {
      findings: {
        planId: textOf(top['plan_id']) ?? '',
        focusArea: textOf(top['focus_area']) ?? '',
        tldr: sentenceOf(top['tldr'] ?? '').trim(),
        confidence: confidence === 'high' || confidence === 'medium' || confidence === 'low' ? confidence : 'unknown',
        openQuestions: listOf(top['open_questions']).map((one) =>
          isMapping(one) ? sentenceOf(one['question'] ?? one) : sentenceOf(one),
        ),
        gaps: listOf(top['gaps']).map((one) => (isMapping(one) ? sentenceOf(one['area'] ?? one) : sentenceOf(one))),
        filesAnalyzed: listOf(top['files_analyzed']).flatMap((one) =>
          isMapping(one) ? textsOf(one['path'] ?? one['file']) : textsOf(one),
        ),
      },
    };
  });
}

/** Where findings stand; one of them at the least. */
const FOUND = ['tldr', 'files_analyzed', 'patterns_found', 'open_questions', 'gaps'] as const;

const nothingFound = (file: string) =>
  problem(file, place(1, 1), `These are no findings: none of ${FOUND.join(', ')} is here.`);

export function readFailureLog(source: SourceFile): Imported {
  return readMapping('gem-failure-log', source, (top) => {
    const { plan_id, task_id, agent, timestamp, failure_type, summary, status: _, ...more } = top;
    const [, named = '', at = ''] =
      /(?:^|\/)(gem-[a-z-]+)_[^/]*?(?:_(\d{8}(?:T\d{6}Z?)?)[^/]*)?\.ya?ml$/.exec(source.path) ?? [];
    return {
      log: {
        planId: wordOf(plan_id),
        taskId: wordOf(task_id),
        agent: wordOf(agent) || named,
        timestamp: wordOf(timestamp) || at,
        failureType: wordOf(failure_type),
        summary: sentenceOf(summary ?? '').trim(),
        more,
      },
    };
  });
}

const wordOf = (value: unknown): string => textOf(value) ?? '';

/** `.gem-team.yaml`: what it says about how many agents work at once, and every other setting as it is. */
export function readGemConfig(source: SourceFile): Imported {
  return readMapping('gem-config', source, (top) => {
    const settings = flat(top);
    const agents = Number(settings['orchestrator.max_concurrent_agents'] ?? '2');
    return { config: { gates: [], limits: { agents: Number.isInteger(agents) && agents > 0 ? agents : 2 }, settings } };
  });
}

/** `a: {b: 1}` → `a.b` → `1`. */
export function flat(value: unknown, prefix = ''): Record<string, string> {
  if (!isMapping(value)) return { [prefix]: sentenceOf(value) };
  return Object.assign(
    {},
    ...Object.entries(value).map(([key, part]) => flat(part, prefix ? `${prefix}.${key}` : key)),
  );
}

function readMapping(
  format: Imported['format'],
  { path: file, text }: SourceFile,
  read: (top: Record<string, unknown>) => Partial<Imported>,
): Imported {
  const base = { format, files: [file], ...nothingSaid };
  const { yaml, repairs, problems } = readRepaired(text, file);
  if (!yaml) return { ...base, problems };
  if (!isMapping(yaml.value))
    return { ...base, problems: [problem(file, yaml.rangeAt([]), 'This is not a mapping of keys to values.')] };
  return { ...base, ...read(yaml.value), origin: (path: Path) => placeIn(file, yaml.rangeAt(path)), repairs };
}

/** Where gem-team's own tools look for the log, and what they read there. */
export function failureLogFile(log: FailureLog): { path: string; text: string } {
  const name = [log.agent, log.taskId, log.timestamp.replaceAll(/[-:]|\.\d+/g, '')].map(fileName).join('_');
  const text = stringify(
    {
      timestamp: log.timestamp,
      plan_id: log.planId,
      task_id: log.taskId,
      agent: log.agent,
      status: 'failed',
      failure_type: log.failureType,
      summary: log.summary,
      ...log.more,
    },
    { lineWidth: 0 },
  );
  return { path: `docs/plan/${fileName(log.planId)}/logs/${name}.yaml`, text };
}

/** Where what belongs to a plan lies, with `/`: beside its file, or where its file would be. */
export const planFolder = ({ plan, planFile }: { plan: { id: string }; planFile: string }): string =>
  /^docs\/plan\/[^/]+(?=\/)/.exec(planFile)?.[0] ?? `docs/plan/${fileName(plan.id)}`;

/** Ids may hold anything; a file name may not. */
export const fileName = (id: string): string => id.replaceAll(/[^\w.-]+/g, '-').replace(/^\.+/, '') || 'x';
