import { protectedFrom } from '../../model/crew/boundary.ts';
import { leftOf } from '../../model/crew/spending.ts';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { agentIn } from '../../agents/all.ts';
import type { AgentRequest } from '../../agents/agent.ts';
import { buildPrompt } from '../../agents/prompt.ts';
import { systemText } from '../../agents/system.ts';
import { fileName, planFolder } from '../../formats/gem/documents.ts';
import type { Assignment } from '../../model/crew/assignment.ts';
import type { AttemptFailure } from '../../model/run/event.ts';
import { defined } from '../../model/defined.ts';
import { fail, ok, type Result } from '../../model/failure.ts';
import { firstLine } from '../../model/text/headline.ts';
import { hash8 } from '../../model/text/names.ts';
import type { Problem } from '../../model/text/problem.ts';
import { ownFailures } from '../../model/decide/stuck.ts';
import { type Attempt, type RunState, taskOf, type TaskState } from '../../model/run/state.ts';
import { servedBy } from '../../model/run/trace.ts';
import { ioFailure } from '../../process/durable-now.ts';
import { readIfAny } from '../../git/files.ts';
import { writeDurably } from '../../process/durable.ts';
import { bodyAt } from './library.ts';
import { attemptFolder } from '../places.ts';
import type { RunRef } from '../session.ts';

export interface Briefing {
  ref: RunRef;
  state: RunState;
  attempt: Attempt;
  /** The worktree. */
  path: string;
  carried: 'none' | 'applied' | 'patch';
  patch?: string;
}

const PROMPT = 'prompt.md';
const SYSTEM = 'system.md';
const FEEDBACK = 'feedback.md';
export const INSTRUCTIONS = 'instructions.md';

/** Writes what the attempt's agent is told: the prompt, the evidence of the last failure, a person's instructions. */
export async function keepBriefing(briefing: Briefing): Promise<Result<void>> {
  const { ref, attempt } = briefing;
  const { state } = briefing;
  const told = await systemFor(briefing, state.agents[attempt.task] ?? { name: '', manual: false });
  if (!told.ok) return told;
  const folder = attemptFolder(ref, attempt.name);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    return fail(ioFailure(folder, error));
  }
  for (const [name, text] of textsFor(briefing, told.value)) {
    const written = await writeDurably(join(folder, name), text);
    if (!written.ok) return written;
  }
  return ok(undefined);
}

/** File → text. What it is told beside its task stands apart only for an agent that takes it so. */
function textsFor(briefing: Briefing, system: string): [string, string][] {
  const { ref, state, attempt, path } = briefing;
  const feedback = evidence(state, attempt);
  const agent = agentIn(state.config, state.agents[attempt.task]?.name ?? '');
  const task = promptOf(briefing, feedback);
  const evidenceFile: [string, string][] = feedback === undefined ? [] : [[FEEDBACK, feedback]];
  if (agent?.kind === 'process' && agent.takesSystem) return [[PROMPT, task], [SYSTEM, system], ...evidenceFile];
  const prompt = `${system}\n${task}`;
  if (agent?.kind !== 'manual') return [[PROMPT, prompt], ...evidenceFile];
  const instructions = agent.instructions(requestFor(ref, state, { ...attempt, path }, { prompt, feedback }));
  return [[PROMPT, prompt], ...evidenceFile, [INSTRUCTIONS, instructions]];
}

/** What the adapter gets to know of an attempt. `prompt` and `feedback` as `keepBriefing` wrote them. */
function requestFor(
  ref: RunRef,
  state: RunState,
  attempt: Attempt,
  { prompt, feedback, system }: { prompt: string; feedback?: string | undefined; system?: string | undefined },
): AgentRequest {
  const { task } = taskOf(state, attempt.task);
  const folder = attemptFolder(ref, attempt.name);
  const { name = '', readOnly, model, effort } = state.agents[task.id] ?? {};
  const own = state.config.agents.settings[name] ?? {};
  const settings = { ...own, permissions: { ...state.config.permissions, ...own.permissions } };
  return {
    run: state.run,
    objective: state.plan.objective,
    task,
    attempt: attempt.number,
    prompt,
    promptFile: join(folder, PROMPT),
    cwd: attempt.path ?? '',
    branch: attempt.branch,
    session: sessionId(attempt),
    settings,
    place: { number: (state.graph.order.get(task.id) ?? 0) + 1, reportEvery: state.config.progress },
    ...defined({
      readOnly,
      contained: state.containment[name]?.kind === 'system' ? (true as const) : undefined,
      resume: attempt.resume,
      budget: leftOf(state.config.limits.budget?.task, taskOf(state, attempt.task))?.usd,
      system: system === undefined ? undefined : { text: system, file: join(folder, SYSTEM) },
      feedbackFile: feedback === undefined ? undefined : join(folder, FEEDBACK),
      model,
      effort,
    }),
  };
}

/** The request with the texts that `keepBriefing` wrote. */
export async function briefedRequest(ref: RunRef, state: RunState, attempt: Attempt): Promise<AgentRequest> {
  const read = (name: string): Promise<string | undefined> =>
    readIfAny(join(attemptFolder(ref, attempt.name), name)).catch(() => undefined);
  const [prompt = '', feedback, system] = await Promise.all([PROMPT, FEEDBACK, SYSTEM].map(read));
  const said = attempt.resume === undefined ? prompt : CUT_OFF;
  return requestFor(ref, state, attempt, { prompt: said, feedback, system });
}

/** What an agent is told that goes on with its session: it knows its task. */
const CUT_OFF = [
  'Your work on this task was cut off from outside: your program ended, or the machine went down. The directory is as you',
  'left it; a command or a change you had begun may be half done. Look at what is there, then go on until the task is done.',
].join('\n');

/** Role and skills as they are in the commit that the run started from. */
export async function systemFor(
  { ref, state }: Pick<Briefing, 'ref' | 'state'>,
  assignment: Assignment,
): Promise<Result<string>> {
  const { roleFile, skills = [] } = assignment;
  const files = [...(roleFile === undefined ? [] : [roleFile]), ...skills.map(({ file }) => file)];
  const texts = new Map<string, string>();
  for (const file of files) {
    const text = await bodyAt(ref.repository, state.base, file);
    if (!text.ok) return text;
    texts.set(file, text.value ?? '');
  }
  const roleText = texts.get(roleFile ?? '');
  return ok(
    systemText({
      assignment,
      ...(roleText === undefined ? {} : { roleText }),
      skills: skills.map(({ name, file }) => ({ name, text: texts.get(file) ?? '' })),
    }),
  );
}

/** The evidence of why the attempt before failed, and what a person said; undefined at a first attempt. */
function evidence(state: RunState, attempt: Attempt): string | undefined {
  const task = taskOf(state, attempt.task);
  const { attempts, comment } = task;
  const before = attempts.findLast(({ number, stage }) => number < attempt.number && stage.at === 'ended');
  const failure = before?.stage.at === 'ended' ? before.stage.failure : undefined;
  const parts = [
    ...(comment === undefined ? [] : [`A person says: ${comment}`]),
    ...(task.stuck === undefined ? [] : [anotherWay(task, task.stuck, attempt)]),
    ...attempt.messages.filter(({ state: came }) => came === 'told').map(({ text }) => `A person says: ${text}`),
    ...(failure && failure.kind !== 'asked' && failure.kind !== 'notPicked' ? [evidenceOf(failure)] : []),
  ];
  return parts.length === 0 ? undefined : parts.join('\n\n');
}

/** What was tried, so that it is not tried again. */
function anotherWay(task: TaskState, stuck: string, attempt: Attempt): string {
  const tried = ownFailures(task, attempt).map(({ attempt: { number, result }, failure }) => {
    const files = result?.paths.slice(0, 10).join(', ') ?? '';
    return `- attempt ${number}${files && ` changed ${files}`}: ${firstLine(failure.message)}`;
  });
  return [
    `This task is stuck: ${stuck}. Its former changes are not in the directory. What was tried:`,
    ...tried,
    'Do not do the same again. First find out why it failed, question what was taken for granted, then take another way.',
    'If there is none, say why and end.',
  ].join('\n');
}

function evidenceOf(failure: AttemptFailure): string {
  switch (failure.kind) {
    case 'gate':
    case 'together':
      return [
        failure.message,
        // A reviewer's own words hold all of it.
        ...(failure.run.review ? [] : failure.run.problems.slice(0, 20).map(line)),
        failure.run.review ? 'The reviewer says:' : 'Its output ended with:',
        failure.run.tail,
      ].join('\n');
    case 'finding':
      return failure.findings
        .map(({ detail, paths }) => `${detail}${paths.length > 0 ? `: ${paths.join(', ')}` : ''}`)
        .join('\n');
    case 'conflict':
      return `${failure.message}. What was merged meanwhile is in the directory now.`;
    default:
      return failure.message;
  }
}

const line = ({ file, range, severity, message, code }: Problem): string =>
  `${file ?? ''}:${range.line}:${range.column}: ${severity}${code === undefined ? '' : ` ${code}`}: ${message}`;

function promptOf({ state, attempt, carried, patch }: Briefing, feedback: string | undefined): string {
  const { task, answers } = taskOf(state, attempt.task);
  const who = state.agents[task.id] ?? { name: '', manual: false };
  const { name, correlation, mayChange } = who;
  const bounds = protectedFrom({ task, who, protections: state.config.protected ?? [] });
  return buildPrompt({
    objective: state.plan.objective,
    task,
    contracts: state.plan.contracts,
    requirements: servedBy(state, task),
    answers,
    correlation,
    bounds: { refused: bounds.refused, asked: bounds.asked, mayChange: mayChange?.files },
    markers: state.config.agents.settings[name]?.markers,
    evidence: task.scenarios && `${planFolder(state)}/evidence/${fileName(task.id)}`,
    ...(feedback === undefined ? {} : { feedback }),
    ...(carried === 'applied' ? { carried: { kind: 'applied' as const } } : {}),
    ...(carried === 'patch' ? { carried: { kind: 'patch' as const, patch: patch ?? '' } } : {}),
  });
}

/** A UUID (version 8) made from the attempt's name: asked again, it is the same. Begun anew, it is another one. */
export function sessionId({ name, anew }: Pick<Attempt, 'name' | 'anew'>): string {
  const hex = [1, 2, 3, 4].map((part) => hash8(part, name, ...(anew > 0 ? [anew] : []))).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-9${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
