import { APPROVAL } from '../../model/gate.ts';
import { at, type Problem } from '../../model/text/problem.ts';
import { problem } from '../../model/text/yaml-text.ts';
import type { SourceFile } from '../imported.ts';
import type { Milestone } from './milestone.ts';
import { type Begun, mayOpen, opener } from './opener.ts';
import type { Phase } from './phase.ts';

/**
 * The RFC of a milestone, `rfc.md` in its folder: how it is to be built, before anything is. `pipeline.rfc_approval` says
 * who has a word on it:
 *
 * - `required`: there must be one, and a person approves it. Where a full pipeline has no phase that writes it, a task does.
 * - `optional`: a person approves it where a phase writes one.
 * - `skip`: nobody is asked.
 *
 * Who writes it also grooms the phases: goes through them, and says in it where they are to be sharper.
 */
export interface Rfc {
  file: string;
  isThere: boolean;
  /** The first phase that writes it. */
  writer?: string;
  /** Whether its writers wait for a person. */
  isApproved: boolean;
  /** What else its writers are told, and read. */
  grooming: { text: string; reads: readonly string[] };
}

/** What a milestone's phases are found in. */
export interface OfMilestone extends Begun {
  milestone: Milestone;
  source: SourceFile;
  files: readonly SourceFile[];
  /** `pipeline.rfc_approval`. */
  approval: string;
  pipeline: string;
}

/** The phases with the one that writes the RFC, and what is to be said of it. */
export function withRfc(folder: string, reading: OfMilestone): { phases: Phase[]; rfc: Rfc; said: Problem[] } {
  const { approval, source, files } = reading;
  const file = `${folder}/rfc.md`;
  const own = reading.phases.map((phase) => atHome(phase, file));
  const isThere = files.some(({ path }) => path === file);
  const isAdded = !isThere && !own.some((phase) => writes(phase, file)) && mustBeWritten(reading);
  const phases = isAdded ? [rfcPhase(file, reading), ...own] : own;
  const writer = phases.find((phase) => writes(phase, file))?.id;
  const grooming = groomingOf(folder, { files, phases: own.filter((phase) => !writes(phase, file)) });
  const rfc = { file, isThere, isApproved: approval !== 'skip', grooming, ...(writer === undefined ? {} : { writer }) };
  const words = rfc.isApproved ? wordsOf(rfc, isAdded) : undefined;
  return { phases, rfc, said: words === undefined ? [] : [problem(source.path, at(1), words, 'info')] };
}

/** In a phase's own words it is `rfc.md`. */
const atHome = (phase: Phase, file: string): Phase =>
  phase.scope ? { ...phase, scope: phase.scope.map((path) => (path === 'rfc.md' ? file : path)) } : phase;

const writes = ({ scope }: Phase, file: string): boolean => scope?.includes(file) === true;

const mustBeWritten = ({ approval, pipeline, ...begun }: OfMilestone): boolean =>
  approval === 'required' && pipeline === 'full' && mayOpen(RFC, begun);

function wordsOf({ writer, isThere }: Rfc, isAdded: boolean): string | undefined {
  if (isAdded)
    return 'The RFC is required and no phase writes it: a task does, and nothing begins before you approve it.';
  if (writer !== undefined) return `What ${writer} writes into rfc.md waits for your approval.`;
  return isThere ? 'rfc.md is there and read by each phase: whoever approves the plan approves it.' : undefined;
}

const RFC = 'rfc';

const rfcPhase = (file: string, { milestone }: OfMilestone): Phase =>
  opener(file.slice(0, file.lastIndexOf('/')), milestone, {
    id: RFC,
    title: `Write the RFC: ${milestone.title}`,
    complexity: 'complex',
    role: 'architect',
    scope: [file],
    acceptanceCriteria: [
      'It says for each phase how it is to be built',
      'Each decision stands with its reason, and none is left open as "this or that"',
    ],
    references: [],
    body: `Write ${file}: how the milestone is to be built, before anything is. The problem, the design, what else was
weighed and why it was not taken, what it means for each phase, what may go wrong. A person reads it and approves it, or
sends it back with what is to be different. Write no code.`,
  });

function groomingOf(folder: string, { files, phases }: Pick<OfMilestone, 'files' | 'phases'>): Rfc['grooming'] {
  const before = ['prd.md', 'grooming.md'].map((name) => `${folder}/${name}`);
  const reads = [
    ...before.filter((path) => files.some((one) => one.path === path)),
    ...phases.map((phase) => phase.file),
  ];
  return { reads, text: phases.length === 0 ? '' : `\n\n${groomingText(phases)}` };
}

const groomingText = (
  phases: readonly Phase[],
): string => `Then go through the phases that are to be done by it, and say
under \`## Phases\` of the RFC, phase by phase, what is to be sharper, with its reason; nothing where a phase is as it
should be:

- a criterion that no command and no look can check, in words that can be checked: not "works well" but "returns 200";
- a choice that is left open, decided;
- a file that two phases change, a dependency that is missing, or one that is not needed;
- what must not happen, where a phase says only what must;
- a phase that is too much for one, and where it falls apart.

Each phase is told to read the RFC. Change none of their files: to split or move a phase is for a person.

${phases.map(({ id, title }) => `- ${id}: ${title}`).join('\n')}`;

/** What the RFC means for the task that a phase becomes. */
export function rfcFor(phase: Phase, { file, isThere, writer, isApproved, grooming }: Rfc): OfRfc {
  if (writes(phase, file)) return { ...(isApproved ? { gates: [APPROVAL.name] } : {}), ...grooming };
  const isRead = isThere || writer !== undefined;
  return { text: '', reads: isRead ? [{ path: file, description: READ }] : [] };
}

const READ = 'how the milestone is to be built, and where its phases are sharper';

interface OfRfc {
  gates?: string[];
  /** What stands behind its own text. */
  text: string;
  reads: readonly (string | object)[];
}
