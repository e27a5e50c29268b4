import { defined } from '../../model/defined.ts';
import { gradeNamed } from '../../model/crew/grade.ts';
import { at, type Problem } from '../../model/text/problem.ts';
import { problem } from '../../model/text/yaml-text.ts';
import { type Draft, finishDraft } from '../draft.ts';
import { type Imported, type ImportOptions, nothingSaid, type SourceFile } from '../imported.ts';
import type { ImportedConfig } from '../imported-config.ts';
import { bodyOf, markdownLines, sectionNamed, sectionsOf } from '../text/markdown.ts';
import { orchestraSettings, readOrchestraConfig, withReview } from './config.ts';
import { readContext, type ResumeState } from './context.ts';
import { isLocked, LOCK_MINUTES, type Milestone, pipelineOf, readMilestone } from './milestone.ts';
import { type Phase, readPhase } from './phase.ts';
import { type Rfc, rfcFor, withRfc } from './rfc.ts';
import { type Scouted, scouted } from './scout.ts';

/** Of `.orchestra/milestones/M1-x/phases/phase-1.md` the folder of the milestone. */
export const milestoneFolder = (path: string): string | undefined =>
  /^(.*?(?:^|\/)M\d+[^/]*)\/(?:phases\/[^/]+|[\w-]+)\.md$/.exec(path)?.[1];

/**
 * Reads a milestone folder of Orchestra as a plan: each phase a task of its complexity, one after the
 * other unless the configuration says parallel. What context.md says is done is done.
 */
export function readOrchestraMilestone(files: readonly SourceFile[], options: ImportOptions): Imported {
  const base = { format: 'orchestra-milestone' as const, files: files.map(({ path }) => path), ...nothingSaid };
  const source = named(files, 'milestone.md') ?? files.find(({ path }) => milestoneFolder(path) !== undefined);
  const reading = source && readFolder(files, source, options);
  if (!reading) return base;
  if (reading.phases.length === 0) {
    const message = 'The milestone has no phases. Add phases/phase-1.md.';
    return { ...base, problems: [problem(reading.source.path, at(1), message)] };
  }
  sayLock(reading);
  const finished = finishDraft(
    toDraft(reading, files),
    `From ${milestoneFolder(reading.source.path) ?? ''} of Orchestra.`,
  );
  return {
    ...base,
    ...finished,
    config: withReview(reading.settings, pipelineFor(reading)),
    ...defined({ resume: reading.resume }),
    repairs: reading.phases.flatMap(({ repairs }) => repairs),
    problems: [...reading.phases.flatMap(({ problems }) => problems), ...reading.said, ...finished.problems],
  };
}

const named = (files: readonly SourceFile[], name: string): SourceFile | undefined =>
  files.find(({ path }) => path.endsWith(`/${name}`) || path === name);

function readFolder(files: readonly SourceFile[], source: SourceFile, options: ImportOptions): Reading {
  const folder = milestoneFolder(source.path) ?? 'milestone';
  const config = named(files, 'config.yml');
  const context = named(files, 'context.md');
  const settings = (config && readOrchestraConfig(config).config) ?? orchestraSettings();
  const found = {
    milestone: readMilestone(named(files, 'milestone.md')?.text ?? '', folder.split('/').at(-1) ?? folder),
    phases: files
      .filter(({ path }) => /\/phases\/[^/]+\.md$/.test(path))
      .map(readPhase)
      .toSorted((a, b) => a.order - b.order),
    settings,
    source,
    options,
    ...(context ? { resume: readContext(context.text), contextFile: context.path } : {}),
  };
  const approval = settings.settings['pipeline.rfc_approval'] ?? 'skip';
  const designed = withRfc(folder, { ...found, files, approval, pipeline: pipelineFor(found) });
  const { said, ...surveyed } = scouted(folder, { ...found, files });
  const phases = [...(surveyed.scout ? [surveyed.scout] : []), ...designed.phases];
  return { ...found, ...designed, ...surveyed, phases, said: [...said, ...designed.said] };
}

interface Reading extends Scouted {
  milestone: Milestone;
  phases: readonly Phase[];
  rfc: Rfc;
  settings: ImportedConfig;
  resume?: ResumeState;
  contextFile?: string;
  said: Problem[];
  source: SourceFile;
  options: ImportOptions;
}

function sayLock({ milestone, said, source, options }: Reading): void {
  if (!milestone.lock) return;
  const isHeld = isLocked(milestone, options.now ?? Date.now());
  const message = isHeld
    ? `The milestone is locked since ${milestone.lock.text}: another lead may be at work on it.`
    : `The lock of ${milestone.lock.text} is older than ${LOCK_MINUTES} minutes and counts for nothing.`;
  said.push(problem(source.path, at(milestone.lock.line), message, isHeld ? 'warning' : 'info'));
}

function toDraft(reading: Reading, files: readonly SourceFile[]): Draft {
  const { milestone, phases, source, resume } = reading;
  const waves = new Map<string, number>();
  const draft: Draft = { data: {}, places: new Map([['', { file: source.path, line: milestone.line, column: 1 }]]) };
  const order = dependenciesOf(reading);
  const tasks = phases.map((phase, i) => {
    const dependencies = order[i] ?? [];
    const wave = 1 + Math.max(0, ...dependencies.map((id) => waves.get(id) ?? 0));
    waves.set(phase.id, wave);
    draft.places.set(`tasks/${i}`, { file: phase.file, line: 1, column: 1 });
    draft.places.set(`tasks/${i}/status`, { file: phase.file, line: phase.statusLine, column: 1 });
    draft.places.set(`tasks/${i}/scope`, { file: phase.file, line: phase.scopeLine, column: 1 });
    return toTask(reading, phase, { dependencies, wave });
  });
  const prd = files.find(({ path }) => path.endsWith('/prd.md'));
  draft.data = {
    plan_id: milestone.id,
    objective: objectiveOf(milestone, prd),
    ...(milestone.status === '' ? {} : { status: STATUSES[milestone.status] ?? milestone.status }),
    pipeline: pipelineFor(reading),
    ...(milestone.priority === '' ? {} : { priority: milestone.priority }),
    ...(milestone.complexity === '' ? {} : { complexity: milestone.complexity }),
    ...(milestone.created === '' ? {} : { created_at: milestone.created }),
    ...fieldsKept(milestone),
    origin: { format: 'orchestra-milestone', file: `${milestoneFolder(source.path) ?? ''}/milestone.md` },
    ...(resume && resume.decisions.length > 0 ? { decisions: resume.decisions } : {}),
    tasks,
  };
  return draft;
}

/** The steps it is done in: as it was begun, else by how hard it is. */
const pipelineFor = ({ resume, milestone, settings }: Pick<Reading, 'resume' | 'milestone' | 'settings'>): string =>
  resume?.pipeline || pipelineOf(milestone.complexity, settings.settings['pipeline.default_pipeline'] ?? 'full');

const FIELDS = new Set(['status', 'priority', 'complexity', 'created', 'prd', 'locked-by']);

function fieldsKept({ fields }: Milestone): Record<string, unknown> {
  const others = Object.entries(fields).filter(([name]) => !FIELDS.has(name));
  return others.length === 0
    ? {}
    : { milestone_fields: Object.fromEntries(others.map(([name, { value }]) => [name, value])) };
}

function objectiveOf(milestone: Milestone, prd: SourceFile | undefined): string {
  const problemStatement = prd && sectionNamed(sectionsOf(markdownLines(prd.text)), /^problem statement$/i);
  const more = problemStatement ? bodyOf(problemStatement.lines) : '';
  return more === '' ? milestone.title : `${milestone.title}\n\n${more}`;
}

/** Nothing that comes after the scout, or the RFC, begins before it. */
function dependenciesOf(reading: Reading): readonly (readonly string[])[] {
  const { phases, scout, rfc } = reading;
  const openers = new Set([scout?.id, rfc.writer]);
  return orderOf(reading).map((ids, i) => {
    const before = phases.slice(0, i).filter(({ id }) => openers.has(id));
    return ids.length > 0 ? ids : before.slice(-1).map(({ id }) => id);
  });
}

/** One after the other, unless phases may be parallel and say themselves what they depend on. */
function orderOf({ phases, settings }: Reading): readonly (readonly string[])[] {
  const ids = new Set(phases.map(({ id }) => id));
  const isParallel =
    settings.settings['pipeline.parallel'] === 'enabled' && phases.some(({ dependsOn }) => dependsOn !== undefined);
  return phases.map(({ dependsOn }, i) => {
    const before = phases[i - 1]?.id;
    const chained = before === undefined ? [] : [before];
    if (isParallel && dependsOn !== undefined) return dependsOn;
    const isWide = isParallel ? chained : [...new Set([...chained, ...(dependsOn ?? []).filter((id) => ids.has(id))])];
    const unknown = (dependsOn ?? []).filter((id) => !ids.has(id));
    return [...isWide, ...unknown];
  });
}

const STATUSES: Readonly<Record<string, string>> = {
  'in-progress': 'in_progress',
  done: 'completed',
  failed: 'failed',
  pending: 'pending',
};

function toTask(reading: Reading, phase: Phase, { dependencies, wave }: Order): unknown {
  const { settings } = reading;
  const { text, reads, ...openers } = openersFor(reading, phase);
  const complexity = phase.complexity || (settings.settings['pipeline.default_complexity'] ?? 'standard');
  const { status, isFromContext } = statusOf(reading, phase);
  return defined({
    id: phase.id,
    title: phase.title,
    description: phase.body + text + (status === 'completed' ? '' : passedOn(reading.resume)),
    wave,
    status,
    dependencies,
    // The table of models by complexity goes into orchestrate.yaml: a model in a task would stand above it for good,
    // also where another agent does the task.
    model: gradeNamed(complexity) === undefined ? settings.models?.[complexity] : undefined,
    scope: phase.scope,
    acceptance_criteria: orUndefined(phase.acceptanceCriteria),
    ...openers,
    context_files: orUndefined([...reads, ...phase.references]),
    complexity,
    skills: orUndefined(phase.skills),
    role: phase.role,
    status_from: isFromContext ? 'context.md' : undefined,
    // What writes a missing RFC or map is no phase.
    source: phase.file.includes('/phases/') ? phase.file : undefined,
    front_matter: Object.keys(phase.more).length > 0 ? phase.more : undefined,
  });
}

/** What the scout and the RFC mean for a phase; the scout comes before all, and is done without where it fails. */
function openersFor({ scout, map, rfc }: Reading, phase: Phase): { text: string; reads: readonly unknown[] } {
  if (phase === scout) return { text: '', reads: [], ...SCOUTING };
  const { reads, ...more } = rfcFor(phase, rfc);
  return { reads: [...(map ? [map] : []), ...reads], ...more };
}

/** What is looked at and not built needs no gate. */
const SCOUTING = { produces: 'change', gates: [], on_failure: 'skip' };

interface Order {
  dependencies: readonly string[];
  wave: number;
}

const orUndefined = <T>(list: readonly T[]): readonly T[] | undefined => (list.length > 0 ? list : undefined);

/** What was decided before, and where a scout found what, is told to whoever goes on. */
function passedOn({ decisions = [], codebaseMap = '' }: Partial<ResumeState> = {}): string {
  const decided = decisions.map((one) => `- ${one}`).join('\n');
  return [
    ...(decided === '' ? [] : [`\n\nDecided so far:\n${decided}`]),
    ...(codebaseMap === '' ? [] : [`\n\nWhat is where:\n${codebaseMap}`]),
  ].join('');
}

/** Where context.md and a phase say different things, context.md was written last. */
function statusOf({ resume, said, contextFile }: Reading, phase: Phase): { status: string; isFromContext: boolean } {
  const known = resume?.phases.find(({ id }) => id === phase.id);
  if (!known || known.status === phase.status)
    return { status: STATUSES[phase.status] ?? phase.status, isFromContext: false };
  const message = `${phase.id} is "${known.status}" here and "${phase.status}" in ${phase.file}; what stands here counts.`;
  said.push(problem(contextFile ?? '', at(known.line), message, 'info'));
  return { status: STATUSES[known.status] ?? known.status, isFromContext: true };
}
