import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { agentNamed } from '../agents/all.ts';
import type { AgentRequest } from '../agents/agent.ts';
import { buildPrompt } from '../agents/prompt.ts';
import type { AttemptFailure } from '../model/event.ts';
import { fail, ok, type Result } from '../model/failure.ts';
import { hash8 } from '../model/names.ts';
import type { Problem } from '../model/problem.ts';
import { type Attempt, type RunState, taskOf } from '../model/state.ts';
import { ioFailure } from '../process/durable-now.ts';
import { writeDurably } from '../process/durable.ts';
import { attemptFolder } from './places.ts';
import type { RunRef } from './session.ts';

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
const FEEDBACK = 'feedback.md';
export const INSTRUCTIONS = 'instructions.md';

/** Writes what the attempt's agent is told: the prompt, the evidence of the last failure, a person's instructions. */
export async function keepBriefing(briefing: Briefing): Promise<Result<void>> {
  const { ref, state, attempt } = briefing;
  const folder = attemptFolder(ref, attempt.name);
  const feedback = evidence(state, attempt);
  const prompt = promptOf(briefing, feedback);
  const files: [string, string][] = [[PROMPT, prompt]];
  if (feedback !== undefined) files.push([FEEDBACK, feedback]);
  const agent = agentNamed(state.agents[attempt.task]?.name ?? '');
  if (agent?.kind === 'manual') {
    files.push([
      INSTRUCTIONS,
      agent.instructions(requestFor(ref, state, { ...attempt, path: briefing.path }, { prompt, feedback })),
    ]);
  }
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    return fail(ioFailure(folder, error));
  }
  for (const [name, text] of files) {
    const written = await writeDurably(join(folder, name), text);
    if (!written.ok) return written;
  }
  return ok(undefined);
}

/** What the adapter gets to know of an attempt. `prompt` and `feedback` as `keepBriefing` wrote them. */
function requestFor(
  ref: RunRef,
  state: RunState,
  attempt: Attempt,
  { prompt, feedback }: { prompt: string; feedback?: string | undefined },
): AgentRequest {
  const { task } = taskOf(state, attempt.task);
  const folder = attemptFolder(ref, attempt.name);
  const settings = state.config.agents.settings[state.agents[task.id]?.name ?? ''] ?? {};
  const model = task.model ?? settings.model;
  const effort = task.effort ?? settings.effort;
  return {
    run: state.run,
    objective: state.plan.objective,
    task,
    attempt: attempt.number,
    prompt,
    promptFile: join(folder, PROMPT),
    ...(feedback === undefined ? {} : { feedbackFile: join(folder, FEEDBACK) }),
    cwd: attempt.path ?? '',
    branch: attempt.branch,
    session: sessionId(attempt.name),
    settings,
    ...(model === undefined ? {} : { model }),
    ...(effort === undefined ? {} : { effort }),
  };
}

/** The request with the texts that `keepBriefing` wrote. */
export async function briefedRequest(ref: RunRef, state: RunState, attempt: Attempt): Promise<AgentRequest> {
  const folder = attemptFolder(ref, attempt.name);
  const [prompt, feedback] = await Promise.all([
    readFile(join(folder, PROMPT), 'utf8').catch(() => ''),
    readFile(join(folder, FEEDBACK), 'utf8').catch(() => undefined),
  ]);
  return requestFor(ref, state, attempt, { prompt, feedback });
}

/** The evidence of why the attempt before failed, and what a person said; undefined at a first attempt. */
function evidence(state: RunState, attempt: Attempt): string | undefined {
  const { attempts, comment } = taskOf(state, attempt.task);
  const before = attempts.findLast(({ number, stage }) => number < attempt.number && stage.at === 'ended');
  const failure = before?.stage.at === 'ended' ? before.stage.failure : undefined;
  const parts = [
    ...(comment === undefined ? [] : [`A person says: ${comment}`]),
    ...(failure ? [evidenceOf(failure)] : []),
  ];
  return parts.length === 0 ? undefined : parts.join('\n\n');
}

function evidenceOf(failure: AttemptFailure): string {
  switch (failure.kind) {
    case 'gate':
    case 'together':
      return [
        failure.message,
        ...failure.run.problems.slice(0, 20).map(line),
        'Its output ended with:',
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
  const { task } = taskOf(state, attempt.task);
  return buildPrompt({
    objective: state.plan.objective,
    task,
    contracts: state.plan.contracts,
    ...(feedback === undefined ? {} : { feedback }),
    ...(carried === 'applied' ? { carried: { kind: 'applied' as const } } : {}),
    ...(carried === 'patch' ? { carried: { kind: 'patch' as const, patch: patch ?? '' } } : {}),
  });
}

/** A UUID (version 8) made from the attempt's name: asked again, it is the same. */
function sessionId(name: string): string {
  const hex = [1, 2, 3, 4].map((part) => hash8(part, name)).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-9${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
