import type { Usage } from '../model/run/job.ts';
import { spentByTask, spentInRun, usageText } from '../model/crew/spending.ts';
import { autoLines, crewLine, crewOf } from '../model/crew/crew.ts';
import { failingIds, isUnusable, type Gate } from '../model/gate.ts';
import type { Attempt, RunState, TaskState } from '../model/run/state.ts';
import { type Attention, attention, hashInQuestion, rest, statusOf } from '../model/run/view.ts';
import type { AttemptCard, GateCard, Page, TaskCard } from '../webview/protocol.ts';
import { gateWords, latestRuns, short, stageWords } from './words.ts';

/** What the review page shows of a run. */
export function pageOf(state: RunState): Page {
  const { ended, branch } = state;
  return {
    run: state.run,
    planId: state.plan.id,
    planFile: state.planFile,
    planHash: state.planHash,
    objective: state.plan.objective || state.plan.id,
    phase: phaseOf(state),
    base: `${state.baseBranch ?? 'detached'}@${short(state.base)}`,
    startedAt: state.startedAt,
    limits: { agents: state.config.limits.agents, retries: state.config.limits.retries },
    mode: state.config.mode,
    crew: [
      ...crewOf(state).map((member) => ({ text: crewLine(member), loose: member.containment?.kind === 'none' })),
      ...autoLines(state).map((text) => ({ text, loose: false })),
    ],
    warnings: warningsOf(state),
    waiting: attention(state).map(({ id, text, since, kind }) => ({ id, text, since, todo: TODO[kind] ?? 'answer' })),
    gates: state.config.gates.map((gate) => gateCard(state, gate)),
    waves: wavesOf(state),
    ...spentOf(spentInRun(state)),
    ...revisionOf(state),
    ...(ended ? { outcome: { kind: ended.outcome, reason: ended.reason }, endedAt: ended.at } : {}),
    ...(ended && branch !== undefined && state.integration !== state.base ? { branch } : {}),
  };
}

const spentOf = (usage: Usage | undefined): { spent?: string } => (usage ? { spent: usageText(usage) } : {});

function revisionOf(state: RunState): Pick<Page, 'revision'> {
  const item = state.proposal && attention(state).find(({ kind }) => kind === 'approval');
  if (!item) return {};
  return { revision: { planHash: hashInQuestion(state), text: item.text, changes: item.detail?.split('\n') ?? [] } };
}

/** What the button beside it does. */
const TODO: Partial<Record<Attention['kind'], Page['waiting'][number]['todo']>> = {
  approval: 'review',
  manual: 'showInstructions',
  taken: 'handBack',
  held: 'tell',
  paused: 'resume',
};

function phaseOf(state: RunState): Page['phase'] {
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
    ...state.notes,
    ...(gates.some(({ on }) => on.some((moment) => moment !== 'task'))
      ? []
      : ['No gate runs on merged work: it will be merged untested.']),
    ...(unknown.length === 0
      ? []
      : [`Scope unknown: ${titles(unknown)}. May run beside a task that changes the same files.`]),
    ...homesOf(state),
    ...moved.map(
      ({ task, wave }) => `"${task.title}" says wave ${task.wave} and runs in wave ${wave}, after its dependencies.`,
    ),
    ...tasks
      .filter(({ claimed }) => claimed)
      .map(({ task }) => `"${task.title}" is said to be completed, and no commit proves it.`),
  ];
}

/** What is given to somebody else's model, and cannot go on without this editor. */
function homesOf(state: RunState): string[] {
  const tasks = [...state.tasks.values()].filter(({ task }) => state.agents[task.id]?.home !== undefined);
  if (tasks.length === 0) return [];
  return [
    `Given to the editor's language models: ${titles(tasks)}. They see files of the worktree, work only while this window is open, and begin again when it was closed.`,
  ];
}

function titles(tasks: readonly TaskState[]): string {
  const named = tasks
    .slice(0, 5)
    .map(({ task }) => `"${task.title}"`)
    .join(', ');
  return tasks.length > 5 ? `${named} and ${tasks.length - 5} more` : named;
}

function gateCard(state: RunState, { name, command, on }: Gate): GateCard {
  const words = 'line' in command ? command.line : command.argv.join(' ');
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

function wavesOf(state: RunState): Page['waves'] {
  const waves = new Map<number, TaskCard[]>();
  for (const task of state.tasks.values()) {
    const tasks = waves.get(task.wave) ?? [];
    tasks.push(taskCard(state, task));
    waves.set(task.wave, tasks);
  }
  return [...waves].toSorted(([a], [b]) => a - b).map(([wave, tasks]) => ({ wave, tasks }));
}

function taskCard(state: RunState, known: TaskState): TaskCard {
  const { task, settled } = known;
  return {
    id: task.id,
    title: task.title,
    description: task.description,
    agent: state.agents[task.id]?.name ?? task.agent ?? '',
    status: statusOf(state, known),
    ...spentOf(spentByTask(known)),
    dependencies: task.dependencies,
    conflicts: [...(state.graph.conflicts.get(task.id) ?? [])],
    criteria: task.acceptanceCriteria,
    attempts: known.attempts.map(attemptCard),
    ...(task.scope ? { scope: task.scope } : {}),
    ...(settled?.kind === 'done' && settled.commit ? { commit: short(settled.commit) } : {}),
  };
}

const attemptCard = (attempt: Attempt): AttemptCard => ({
  number: attempt.number,
  words: stageWords(attempt),
  startedAt: attempt.startedAt,
  gates: latestRuns(attempt.gates).map((run) => ({ name: run.gate, result: run.result, words: gateWords(run) })),
  ...(attempt.endedAt === undefined ? {} : { endedAt: attempt.endedAt }),
});
