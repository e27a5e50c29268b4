import type { Imported } from '../formats/imported.ts';
import { configText } from '../formats/imported-config.ts';
import { FORMATS } from '../formats/registry.ts';
import { effectiveWaves } from '../model/graph.ts';
import { problemLine } from './problem-line.ts';
import { count, plain } from './text.ts';

/** What became of a plan that was read. */
export type Written = 'wrote' | 'would write' | 'same' | 'differs' | 'taken';

/** One import with where its plan went. */
export interface Account {
  imported: Imported;
  target?: { file: string; written: Written };
}

export const isRefused = ({ problems }: Imported): boolean => problems.some(({ severity }) => severity === 'error');

/** The account as lines for standard output; problems go to standard error by `problemLines`. */
export function accountLines({ imported, target }: Account): string[] {
  const [file = ''] = imported.files;
  const more = imported.files.length > 1 ? ` and ${count(imported.files.length - 1, 'more file')}` : '';
  const title = FORMATS.find(({ name }) => name === imported.format)?.title ?? imported.format;
  const lines = [`${plain(file)}${more}: ${isRefused(imported) ? 'cannot be read' : `${title}, ${whatOf(imported)}`}`];
  if (isRefused(imported)) return lines;
  for (const one of imported.repairs) lines.push(`  repaired    ${problemLine({ ...one, severity: 'error' }, file)}`);
  for (const { what, stated, actual, place } of imported.recomputed)
    lines.push(
      `  recomputed  ${plain(place.file)}:${place.line}:${place.column}: ${what} says ${plain(stated)}, counted ${actual}`,
    );
  if (imported.kept.length > 0)
    lines.push(
      `  kept        ${count(imported.kept.length, 'key')} that ${imported.kept.length === 1 ? 'is' : 'are'} not read: ${imported.kept.map(({ key }) => plain(key)).join(', ')}`,
    );
  const settings = imported.config ? configText(imported.config) : '';
  if (settings !== '')
    lines.push(
      '  orchestrate.yaml could say:',
      ...settings
        .trimEnd()
        .split('\n')
        .map((line) => `    ${plain(line)}`.replace(/^ {4}/, line.startsWith('  ') ? '      ' : '    ')),
    );
  if (target) lines.push(`  ${targetWords(target)}`);
  return lines;
}

function whatOf(imported: Imported): string {
  const { plan, prd, findings, log, blueprint, knowledge, state } = imported;
  if (plan)
    return `${count(plan.tasks.length, 'task')} in ${count(new Set(effectiveWaves(plan).values()).size, 'wave')}`;
  if (prd)
    return `version ${plain(prd.version) || 'unknown'}, ${count(prd.features.length, 'feature')}, ${count(prd.userStories.length, 'user story', 'user stories')}`;
  if (findings) return `confidence ${findings.confidence}, ${count(findings.openQuestions.length, 'open question')}`;
  if (log) return `task ${plain(log.taskId) || 'unknown'}, ${plain(log.failureType) || 'no type'}`;
  if (blueprint) return count(blueprint.milestones.length, 'milestone');
  if (knowledge) return count(knowledge.entries.length, 'entry', 'entries');
  if (state)
    return `${count(state.entries.length, 'entry', 'entries')}, ${state.entries.filter(({ doubt }) => doubt !== undefined).length} not believed`;
  return imported.config ? `${count(imported.config.gates.length, 'gate')}` : 'nothing to take over';
}

function targetWords({ file, written }: NonNullable<Account['target']>): string {
  switch (written) {
    case 'wrote':
      return `wrote ${plain(file)}`;
    case 'would write':
      return `would write ${plain(file)}`;
    case 'same':
      return `${plain(file)} says the same already`;
    case 'differs':
      return `${plain(file)} is there and differs: it was left as it is. --force writes over it.`;
    case 'taken':
      return `${plain(file)} was just written from another file: it was left as it is. Give the plans ids of their own.`;
  }
}

export const problemLines = ({ problems, files }: Imported): string[] =>
  problems.map((problem) => problemLine(problem, files[0] ?? ''));

/** The account as data, one object for each thing that was read. */
export function accountData({ imported, target }: Account): unknown {
  const {
    format,
    files,
    plan,
    prd,
    findings,
    log,
    config,
    resume,
    blueprint,
    knowledge,
    state,
    repairs,
    recomputed,
    kept,
    problems,
  } = imported;
  return {
    format,
    files,
    ok: !isRefused(imported),
    ...(plan
      ? {
          plan: {
            id: plan.id,
            objective: plan.objective,
            tasks: plan.tasks.map(({ id, title, wave, status }) => ({ id, title, wave, status })),
          },
        }
      : {}),
    ...Object.fromEntries(
      Object.entries({ prd, findings, log, config, resume, blueprint, knowledge, state }).filter(
        ([, value]) => value !== undefined,
      ),
    ),
    ...(target ? { target } : {}),
    repairs,
    recomputed,
    kept,
    problems,
  };
}
