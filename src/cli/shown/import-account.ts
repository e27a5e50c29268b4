import { type Account, isRefused } from '../../engine/plans/import.ts';
import type { Imported, Recomputed } from '../../formats/imported.ts';
import { configText } from '../../formats/imported-config.ts';
import { FORMATS } from '../../formats/registry.ts';
import { effectiveWaves } from '../../model/schedule/graph.ts';
import { problemLine } from './problem-line.ts';
import { count, plain } from './text.ts';

/** The account as lines for standard output; problems go to standard error by `problemLines`. */
export function accountLines({ imported, target }: Account): string[] {
  const [file = ''] = imported.files;
  const more = imported.files.length > 1 ? ` and ${count(imported.files.length - 1, 'more file')}` : '';
  if (isRefused(imported)) return [`${plain(file)}${more}: cannot be read`];
  const title = FORMATS.find(({ name }) => name === imported.format)?.title ?? imported.format;
  return [
    `${plain(file)}${more}: ${title}, ${whatOf(imported)}`,
    ...repairLines(imported.repairs, file),
    ...imported.recomputed.map(recomputedLine),
    ...keptLines(imported.kept),
    ...settingsLines(imported),
    ...(target ? [`  ${targetWords(target)}`] : []),
  ];
}

/** The same repair many times over is one line with all of its places. */
function repairLines(repairs: Imported['repairs'], fallback: string): string[] {
  const places = new Map<string, string>();
  for (const one of repairs) {
    const { file = fallback, range, message } = one;
    const key = `${file}\0${message}`;
    const known = places.get(key);
    const more = known?.includes(' Also at ') ? ', ' : ' Also at ';
    const line = `  repaired    ${problemLine({ ...one, severity: 'error' }, fallback)}`;
    places.set(key, known === undefined ? line : `${known}${more}${range.line}:${range.column}`);
  }
  return [...places.values()];
}

const recomputedLine = ({ what, stated, actual, place }: Recomputed): string =>
  `  recomputed  ${plain(place.file)}:${place.line}:${place.column}: ${what} says ${plain(stated)}, counted ${actual}`;

function keptLines(kept: Imported['kept']): string[] {
  if (kept.length === 0) return [];
  const names = kept.map(({ key }) => plain(key)).join(', ');
  return [`  kept        ${count(kept.length, 'key')} that ${kept.length === 1 ? 'is' : 'are'} not read: ${names}`];
}

function settingsLines({ config }: Imported): string[] {
  const lines = (config ? configText(config) : '').split('\n').filter((line) => line !== '');
  const shown = lines.map((line) => `    ${/^ */.exec(line)?.[0] ?? ''}${plain(line).trimStart()}`);
  return shown.length === 0 ? [] : ['  orchestrate.yaml could say:', ...shown];
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
  return imported.config ? count(imported.config.gates.length, 'gate') : 'nothing to take over';
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
