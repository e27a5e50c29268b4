import { defined } from '../../model/defined.ts';
import { spentInRun } from '../../model/crew/spending.ts';
import { autoLines, crewLine, crewOf } from '../../model/crew/crew.ts';
import { failingIds, isUnusable, type Gate } from '../../model/gate.ts';
import { changeLines } from '../../model/run/revision-words.ts';
import { verdict } from '../../model/decide/finish.ts';
import type { RunState, TaskState } from '../../model/run/state.ts';
import { beginningOf } from '../../model/shown/measure.ts';
import { heldLines } from '../../model/crew/admission.ts';
import { type Attention, attention, hashInQuestion, limitWords, rest } from '../../model/run/view.ts';
import type { GateCard, Page, Todo } from '../../webview/protocol.ts';
import { requirementsIn, spentOf, tasksOf } from './page-tasks.ts';
import { clock, gateWords, short, titleIn } from '../words.ts';

/** What the review page shows of a run; `open` has the groups of tasks that a person opened. */
export function pageOf(state: RunState, open: ReadonlySet<string> = new Set()): Page {
  const { ended, branch } = state;
  const phase = phaseOf(state);
  return {
    run: state.run,
    planId: state.plan.id,
    planFile: state.planFile,
    planHash: state.planHash,
    objective: state.plan.objective || state.plan.id,
    phase,
    base: `${state.baseBranch ?? 'detached'}@${short(state.base)}`,
    startedAt: beginningOf(state),
    limits: { agents: state.config.limits.agents, retries: state.config.limits.retries },
    mode: state.config.mode,
    crew: phase === 'approval' ? crewLines(state) : [],
    warnings: ended ? [] : warningsOf(state),
    waiting: attention(state).map((item) => waitingOf(item)),
    gates: state.config.gates.map((gate) => gateCard(state, gate)),
    ...tasksOf(state, open),
    ...requirementsIn(state),
    ...spentOf(spentInRun(state)),
    ...revisionOf(state),
    ...(phase === 'approval' && state.changed ? { changed: state.changed.flatMap(changeLines) } : {}),
    ...(ended ? { outcome: { kind: ended.outcome, reason: reasonOf(state, ended) }, endedAt: ended.at } : {}),
    ...(ended && branch !== undefined && state.integration !== state.base ? { branch } : {}),
  };
}

/** The journal has it with the ids of tasks, which people know by their titles. */
const reasonOf = (state: RunState, { outcome, reason }: NonNullable<RunState['ended']>): string =>
  outcome === 'failed' ? verdict(state, titleIn(state)).reason : reason;

const crewLines = (state: RunState): Page['crew'] => [
  ...crewOf(state).map((member) => ({ text: crewLine(member), loose: member.containment?.kind === 'none' })),
  ...autoLines(state).map((text) => ({ text, loose: false })),
];

function revisionOf(state: RunState): Pick<Page, 'revision'> {
  const item = state.proposal && attention(state).find(({ kind }) => kind === 'approval');
  if (!item) return {};
  return { revision: { planHash: hashInQuestion(state), text: item.text, changes: item.detail?.split('\n') ?? [] } };
}

/** What waits, with the buttons that answer it; `plan`: what is done about a plan, where the page does not show it. */
export function waitingOf({ id, text, detail, since, kind, choices }: Attention, plan?: Todo): Page['waiting'][number] {
  const isAlways = choices.some((choice) => choice.id === 'always');
  const usual = kind === 'approval' && plan ? [plan] : (TODO[kind] ?? ['answer']);
  const todo = usual.filter((one) => one !== 'allowAlways' || isAlways);
  // One line says no more than the text does, but where it says how to look.
  return { id, text, since, todo, ...(detail?.includes('\n') || kind === 'look' ? defined({ detail }) : {}) };
}

/** What the buttons beside it do; a plan is answered where it is shown. */
const TODO: Partial<Record<Attention['kind'], readonly Todo[]>> = {
  approval: [],
  permission: ['allowOnce', 'allowAlways', 'deny'],
  manual: ['showInstructions', 'done'],
  taken: ['handBack'],
  held: ['tell'],
  paused: ['resume'],
};

/** Where a run stands. */
export function phaseOf(state: RunState): Page['phase'] {
  if (state.ended) return 'ended';
  if (state.approval.kind === 'awaited') return 'approval';
  if (state.paused) return 'paused';
  if (state.cancelled) return 'stopping';
  return rest(state) === 'waiting' ? 'waiting' : 'working';
}

function warningsOf(state: RunState): string[] {
  const tasks = [...state.tasks.values()];
  const unknown = tasks.filter(({ task }) => task.scope === undefined);
  const moved = tasks.filter(({ task, wave }) => wave !== task.wave);
  const gates = state.config.gates;
  return [
    ...limitWords(state, clock),
    ...heldLines(state),
    ...state.notes,
    ...(gates.some(({ on }) => on.some((moment) => moment !== 'task' && moment !== 'plan'))
      ? []
      : ['No gate runs on merged work: it will be merged untested.']),
    ...(unknown.length === 0
      ? []
      : [`Scope unknown: ${titles(unknown)}. May run beside a task that changes the same files.`]),
    ...homesOf(state),
    ...aFew(
      moved,
      ({ task, wave }) => `"${task.title}" says wave ${task.wave} and runs in wave ${wave}, after its dependencies.`,
    ),
    ...aFew(
      tasks.filter(({ claimed }) => claimed),
      ({ task }) => `"${task.title}" is said to be completed, and no commit proves it: you will be asked.`,
    ),
  ];
}

const FEW = 5;

/** A line for each of the first, and how many more there are. */
const aFew = (tasks: readonly TaskState[], line: (task: TaskState) => string): string[] => [
  ...tasks.slice(0, FEW).map(line),
  ...(tasks.length > FEW ? [`The same of ${tasks.length - FEW} more tasks.`] : []),
];

/** What is given to somebody else's model, and cannot go on without this editor. */
function homesOf(state: RunState): string[] {
  const tasks = homedIn(state.agents).flatMap((id) => state.tasks.get(id) ?? []);
  if (tasks.length === 0) return [];
  return [
    `Given to the editor's language models: ${titles(tasks)}. They see files of the worktree, work only while this window is open, and begin again when it was closed.`,
  ];
}

/** The tasks of such agents. Who does what changes only with the plan, and is looked through once. */
function homedIn(agents: RunState['agents']): readonly string[] {
  const known = HOMED.get(agents);
  if (known) return known;
  const homed = Object.keys(agents).filter((id) => agents[id]?.home !== undefined);
  HOMED.set(agents, homed);
  return homed;
}

const HOMED = new WeakMap<RunState['agents'], readonly string[]>();

function titles(tasks: readonly TaskState[]): string {
  const named = tasks
    .slice(0, FEW)
    .map(({ task }) => `"${task.title}"`)
    .join(', ');
  return tasks.length > FEW ? `${named} and ${tasks.length - FEW} more` : named;
}

function commandWords({ reviewers }: RunState, name: string, command: Gate['command']): string {
  if ('agent' in command) return `${reviewers[name]?.name ?? command.agent} reviews, ${command.depth}`;
  if ('ask' in command) return `A person: ${command.ask}`;
  return 'line' in command ? command.line : command.argv.join(' ');
}

function gateCard(state: RunState, { name, command, on }: Gate): GateCard {
  const words = commandWords(state, name, command);
  const baseline = state.baselines.get(name);
  if (!baseline) return { name, command: words, on };
  const failing = baseline.tests
    ? [...failingIds(baseline)]
    : baseline.problems.map(({ file, range, message }) => `${file ?? ''}:${range.line} ${message}`);
  return {
    name,
    command: words,
    on,
    baseline: {
      result: baseline.result,
      words: gateWords({ ...baseline, exitCode: null, duration: 0 }),
      failing: failing.slice(0, 50),
      usable: !isUnusable(baseline),
    },
  };
}
