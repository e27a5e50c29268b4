import { latestRuns } from '../../model/gate.ts';
import type { Usage } from '../../model/run/job.ts';
import { capText, isOver, runCap, spentByRole, spentInRun, usageText } from '../../model/crew/spending.ts';
import type { Checks } from '../../model/shown/checks.ts';
import { hostingIn } from '../../model/shown/pull-request.ts';
import { currentPush, pushWish } from '../../model/run/push.ts';
import type { RunState, TaskState } from '../../model/run/state.ts';
import { countsOf, progress } from '../../model/run/view.ts';
import { clock, count, gateMark, gateWords, isPlanned, LIMIT, otherDay, runWords, short, STATUS } from '../words.ts';
import { isRequestable } from '../forges.ts';
import { checksRow } from './check-rows.ts';
import { type Ability, type Drawing, grouped, leaf, type Row, rowId, type Shown } from './row.ts';
import { firstLine } from '../../model/text/headline.ts';
import { gateRow, taskRow } from './task-rows.ts';
import { inWaves } from '../../model/run/waves.ts';
import { allows } from '../../model/run/accept.ts';

/** What is known of a run beside itself; `checks`: of what it pushed, once they were asked for. */
interface RunLook {
  newest: boolean;
  place?: string;
  checks?: Checks;
}

/**
 * One run: what it is about, its waves, what is being tested together, and its result. The newest stands open; where
 * it is, is said where there are several places.
 */
export function runRow(shown: Shown, { newest, place, checks }: RunLook): Row {
  const { state } = shown;
  const id = rowId(state.run, 'run');
  const target = { run: state.run };
  return {
    id,
    target,
    draw: () => drawRun(shown, newest, place),
    children: () => childrenOf(shown, checks),
  };
}

function childrenOf(shown: Shown, checks: Checks | undefined): Row[] {
  const { state } = shown;
  const waves = [...inWaves(state.tasks.values(), ({ wave }) => wave)];
  return [
    summaryRow(state, waves.length),
    ...revisesRow(state),
    ...spentRow(state),
    ...limitRows(state),
    ...resultRow(state),
    ...(checks ? [checksRow(state, checks)] : []),
    ...baselineRow(state),
    ...waves.map(([wave, tasks]) => waveRow(shown, wave, tasks)),
    ...candidateRow(state),
  ];
}

function drawRun({ state, role }: Shown, newest: boolean, place: string | undefined): Drawing {
  const { byStatus, total } = progress(state);
  const { word, icon, color } = runWords(state);
  const elsewhere = role === 'follows' && !state.ended ? ['in another window or terminal'] : [];
  const where = place === undefined ? [] : [`in ${place}`];
  const day = state.ended ? otherDay(state.ended.at) : [];
  return {
    label: state.plan.id,
    description: [`${byStatus.done}/${total}`, word, ...day, ...elsewhere, ...where].join(' · '),
    mark: { icon, ...(color === undefined ? {} : { color }) },
    can: runAbilities(state),
    fold: state.ended && !newest ? 'closed' : 'open',
  };
}

function runAbilities(state: RunState): Ability[] {
  const can: Ability[] = ['run'];
  if (!state.ended && (state.approval.kind === 'awaited' || state.proposal)) can.push('approve');
  if (state.approval.kind === 'given' && allows(state, { type: 'pause' })) can.push('pausable');
  if (allows(state, { type: 'resume' })) can.push('resumable');
  if (allows(state, { type: 'cancel' })) can.push('cancellable');
  return [...can, ...resultAbilities(state)];
}

/** What can be done with what is merged. */
function resultAbilities(state: RunState): Ability[] {
  const [merged] = state.merges.at(-1)?.members ?? [];
  const undo = merged && allows(state, { type: 'rollback', tasks: [merged.task], tip: state.integration });
  const take = state.ended && state.branch !== undefined && state.integration !== state.base;
  return [
    ...(undo ? ['undoable' as const] : []),
    ...(take ? ['result' as const] : []),
    ...(allows(state, pushWish(state)) ? ['pushable' as const] : []),
    ...(isRequestable(state) ? ['requestable' as const] : []),
    ...(hostingIn(state, process.env) ? ['hosted' as const] : []),
  ];
}

function summaryRow(state: RunState, waves: number): Row {
  const base = `${state.baseBranch ?? 'detached'}@${short(state.base)}`;
  return leaf(rowId(state.run, 'plan'), { run: state.run }, () => ({
    label: state.plan.objective || state.plan.id,
    description: `${count(state.tasks.size, 'task')} in ${count(waves, 'wave')} · from ${base}`,
    mark: { icon: 'book' },
    can: ['run'],
    command: 'orchestrate.showReview',
  }));
}

/** For what a plan is made anew. */
function revisesRow({ run, planning }: RunState): Row[] {
  const { comments, round } = planning?.revises ?? {};
  const said = comments?.at(-1);
  if (said === undefined) return [];
  return [
    leaf(rowId(run, 'revises'), { run }, () => ({
      label: firstLine(said),
      description: `what you asked for · round ${round ?? 1}`,
      mark: { icon: 'comment-discussion' },
      can: [],
    })),
  ];
}

/** What the run has cost so far, of how much it may; below it by role where there are several. */
function spentRow(state: RunState): Row[] {
  const usage = spentInRun(state);
  if (!usage) return [];
  const id = rowId(state.run, 'spent');
  const target = { run: state.run };
  const cap = runCap(state);
  const over = isOver(cap, usage);
  const roles = spentByRole(state);
  const children = roles.length < 2 ? [] : roles.map(([role, of]) => spentByRoleRow(id, target, role, of));
  const draw = (): Drawing => ({
    label: `Spent ${usageText(usage)}`,
    ...(cap ? { description: `of ${capText(cap)}` } : {}),
    mark: { icon: 'credit-card', ...(over ? { color: 'list.warningForeground' } : {}) },
    can: [],
    fold: children.length > 0 ? 'closed' : 'leaf',
  });
  return [{ id, target, draw, children: () => children }];
}

const spentByRoleRow = (parent: string, target: Row['target'], role: string, usage: Usage): Row =>
  leaf(rowId(parent, role), target, () => ({
    label: role,
    description: usageText(usage),
    mark: { icon: 'account' },
    can: [],
  }));

/** An agent that nothing new is begun with until its account's limit is over. */
const limitRows = (state: RunState): Row[] =>
  state.ended
    ? []
    : [...state.breakers.values()].map(({ agent, until, known, message }) =>
        leaf(rowId(state.run, 'limit', agent), { run: state.run }, () => ({
          label: `${agent}: usage limit`,
          description: `${known ? 'until' : 'tried again at'} ${clock(until)} · ${firstLine(message)}`,
          mark: LIMIT,
          can: ['resumable'],
        })),
      );

function resultRow(state: RunState): Row[] {
  const { ended, branch, planning } = state;
  if (!ended) return [];
  if (planning) return [plannedRow(state, planning.file)];
  const merged = branch !== undefined && state.integration !== state.base;
  const row = leaf(rowId(state.run, 'result'), { run: state.run }, () => ({
    label: merged ? 'Take the result' : 'Nothing was merged',
    description: merged ? [branch, ...pushedTo(state)].join(' · ') : ended.reason,
    mark: merged ? { icon: 'git-branch', color: 'charts.green' } : { icon: 'info' },
    can: merged ? ['result'] : [],
    ...(merged ? { command: 'orchestrate.takeResult' as const } : {}),
  }));
  return [row];
}

/** Where it was pushed, or that it was not. */
const pushedTo = (state: RunState): string[] => {
  const push = currentPush(state);
  if (push?.kind === 'pushed') return [`pushed to ${push.remote}`];
  return push?.kind === 'refused' ? [`not pushed: ${firstLine(push.reason)}`] : [];
};

function plannedRow(state: RunState, file: string): Row {
  const isMade = isPlanned(state);
  const made = state.planning?.revises ? 'Review the new version' : 'Review the plan';
  return leaf(rowId(state.run, 'result'), { run: state.run }, () => ({
    label: isMade ? made : 'No plan was made',
    description: isMade ? file : (state.ended?.reason ?? ''),
    mark: isMade ? { icon: 'checklist', color: 'charts.green' } : { icon: 'info' },
    can: isMade ? ['planned'] : [],
    ...(isMade ? { command: 'orchestrate.takePlan' as const } : {}),
  }));
}

/** Only where a gate was not green before anything was done. */
function baselineRow(state: RunState): Row[] {
  const red = [...state.baselines.values()].filter(({ result }) => result !== 'passed');
  if (red.length === 0) return [];
  const id = rowId(state.run, 'baselines');
  const target = { run: state.run };
  const children = red.map((baseline) =>
    leaf(rowId(id, baseline.gate), target, () => ({
      label: baseline.gate,
      description: gateWords({ ...baseline, exitCode: null, duration: 0 }),
      mark: gateMark(baseline),
      can: [],
    })),
  );
  const draw = (): Drawing => ({
    label: 'Red before the first task',
    description: count(red.length, 'gate'),
    mark: { icon: 'warning', color: 'list.warningForeground' },
    can: [],
    fold: 'closed',
  });
  return [{ id, target, draw, children: () => children }];
}

function waveRow(shown: Shown, wave: number, tasks: readonly TaskState[]): Row {
  const { state } = shown;
  const id = rowId(state.run, 'wave', wave);
  const target = { run: state.run, wave };
  return {
    id,
    target,
    draw: () => drawWave(state, wave, tasks),
    children: () => grouped(id, target, tasks, (task) => taskRow(shown, task)),
  };
}

/** What is said of a wave is the first of these that one of its tasks is. */
const TELLING = [
  'waiting',
  'running',
  'verifying',
  'merging',
  'failed',
  'blocked',
  'needsRevision',
  'ready',
  'pending',
] as const;

function drawWave(state: RunState, wave: number, tasks: readonly TaskState[]): Drawing {
  const counts = countsOf(state, tasks);
  const telling = TELLING.find((status) => counts[status] > 0);
  return {
    label: `Wave ${wave}`,
    description: `${counts.done}/${tasks.length}`,
    mark: STATUS[telling ?? 'done'],
    can: [],
    fold: 'open',
  };
}

function candidateRow(state: RunState): Row[] {
  const { candidate } = state;
  if (!candidate) return [];
  const id = rowId(state.run, 'candidate', candidate.number);
  const target = { run: state.run };
  const runs = (): Row[] =>
    latestRuns([...candidate.runs.values()].flatMap((byGate) => [...byGate.values()].flat())).map((run) =>
      gateRow(id, target, run),
    );
  const titles = candidate.members.map(({ task }) => state.tasks.get(task)?.task.title ?? task);
  const draw = (): Drawing => ({
    label: 'Testing together',
    description: titles.length > 3 ? count(titles.length, 'task') : titles.join(', '),
    mark: STATUS.verifying,
    can: [],
    fold: runs().length > 0 ? 'open' : 'leaf',
  });
  return [{ id, target, draw, children: runs }];
}
