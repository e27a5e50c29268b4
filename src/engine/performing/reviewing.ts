import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { agentIn } from '../../agents/all.ts';
import type { AgentRequest } from '../../agents/agent.ts';
import { reviewText } from '../../agents/reviewer.ts';
import { changedIn, prepareTree, removeTree } from '../../git/checkout.ts';
import { readPatch } from '../../git/patch.ts';
import { readReview } from '../../gates/review.ts';
import { leftOf } from '../../model/crew/spending.ts';
import { defined } from '../../model/defined.ts';
import { fail, ok, type Result } from '../../model/failure.ts';
import type { GateRun, ReviewGate } from '../../model/gate.ts';
import type { JobEnd } from '../../model/run/job.ts';
import type { RunState } from '../../model/run/state.ts';
import { type GatePurpose, type Subject, subjectOf } from '../../model/run/subject.ts';
import { servedBy } from '../../model/run/trace.ts';
import { ioFailure } from '../../process/durable-now.ts';
import { writeDurably } from '../../process/durable.ts';
import { sessionId, systemFor } from './briefing.ts';
import { jobFolder, reviewTree } from '../places.ts';
import { taskOfReview } from './reviewers.ts';
import type { IntentOf, Workshop } from './workshop.ts';

/** A job that is a review. */
export type ReviewIntent = IntentOf<'job.intended'> & { purpose: GatePurpose };

/** Whether a job could be one: reviewers look at attempts and at candidates. */
export const isReviewIntent = (intent: IntentOf<'job.intended'>): intent is ReviewIntent =>
  intent.purpose.kind === 'taskGate' || intent.purpose.kind === 'candidateGate';

/** Bytes of a patch that stand in the question; what is more is read in the tree. */
const MOST_PATCH = 120_000;

/**
 * A reviewer looks at a tree of its own: a plain checkout of just the commit in question, with nothing set up in it and no
 * ignored file copied into it, so that what it may do there reaches neither the worktree of an attempt nor another gate.
 */
export async function prepareReview(shop: Workshop, { intent, purpose }: ReviewIntent): Promise<Result<void>> {
  const { ref, state } = shop;
  const { commit } = subjectOf(state, purpose);
  return prepareTree(ref.repository, { path: reviewTree(state, intent), commit });
}

/** What the reviewer is asked; the texts are kept in the folder of its job. */
export async function requestFor(
  { ref, state }: Workshop,
  { intent, purpose }: ReviewIntent,
  gate: ReviewGate,
): Promise<Result<AgentRequest>> {
  const subject = subjectOf(state, purpose);
  const assignment = state.reviewers[gate.name] ?? { name: '', manual: false };
  const told = await systemFor({ ref, state }, assignment);
  if (!told.ok) return told;
  const asked = await questionFor({ ref, state }, gate, subject);
  if (!asked.ok) return asked;
  const agent = agentIn(state.config, assignment.name);
  const apart = agent?.kind === 'process' && agent.takesSystem === true;
  const prompt = apart ? asked.value : `${told.value}\n${asked.value}`;
  const kept = await keepTexts(jobFolder(ref, intent), { prompt, system: told.value });
  if (!kept.ok) return kept;
  const own = state.config.agents.settings[assignment.name] ?? {};
  return ok({
    run: state.run,
    objective: state.plan.objective,
    task: taskOfReview(gate, `Review: ${subject.tasks.map((one) => one.task.title).join(', ')}`),
    attempt: subject.attempt?.number ?? 1,
    prompt,
    promptFile: kept.value.prompt,
    cwd: reviewTree(state, intent),
    branch: '',
    session: sessionId({ name: `${state.run}.${intent}`, anew: 0 }),
    settings: { ...own, permissions: { ...state.config.permissions, ...own.permissions } },
    readOnly: true,
    ...defined({
      system: apart ? { text: told.value, file: kept.value.system } : undefined,
      budget: budgetOf(state, subject),
      model: assignment.model,
      effort: assignment.effort,
    }),
  });
}

/** US dollars that are left of the task's cap; several tasks have none together. */
const budgetOf = ({ config }: RunState, { scope, tasks: [task] }: Subject): number | undefined =>
  scope !== 'wave' && scope !== 'whole' && task ? leftOf(config.limits.budget?.task, task)?.usd : undefined;

/** What it came to. Its tree goes, unless it may still be at work in it. */
export async function readAnswer(
  { ref, state }: Workshop,
  { intent, purpose, at }: ReviewIntent,
  { gate, end }: { gate: ReviewGate; end: JobEnd },
): Promise<Result<GateRun>> {
  const root = reviewTree(state, intent);
  const { commit } = subjectOf(state, purpose);
  const changed = await changedIn(ref.repository, { path: root, commit });
  const agent = state.reviewers[gate.name]?.name ?? gate.command.agent;
  const run = readReview(gate, { end, agent, root, changed: changed.ok ? changed.value : [], askedAt: at });
  if (end.kind === 'interrupted' && end.unproven) return ok(run);
  const removed = await removeTree(ref.repository, root);
  return removed.ok ? ok(run) : removed;
}

async function questionFor(
  { ref, state }: Pick<Workshop, 'ref' | 'state'>,
  { command: { depth, prompt } }: ReviewGate,
  { scope, tasks, base, commit }: Subject,
): Promise<Result<string>> {
  const diff = await readPatch(ref.repository, { from: base, to: commit, most: MOST_PATCH });
  if (!diff.ok) return diff;
  const plain = tasks.map(({ task }) => task);
  const served = new Set(plain.flatMap((task) => servedBy(state, task)));
  return ok(
    reviewText({
      scope,
      depth,
      ...defined({ prompt }),
      objective: state.plan.objective,
      tasks: plain,
      contracts: state.plan.contracts,
      requirements: scope === 'whole' ? state.requirements : [...served],
      diff: diff.value,
    }),
  );
}

async function keepTexts(
  folder: string,
  { prompt, system }: { prompt: string; system: string },
): Promise<Result<{ prompt: string; system: string }>> {
  const files = { prompt: join(folder, 'prompt.md'), system: join(folder, 'system.md') };
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    return fail(ioFailure(folder, error));
  }
  const [asked, told] = await Promise.all([writeDurably(files.prompt, prompt), writeDurably(files.system, system)]);
  if (!asked.ok) return asked;
  return told.ok ? ok(files) : told;
}
