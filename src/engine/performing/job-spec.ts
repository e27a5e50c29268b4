import { dirname, join } from 'node:path';
import type { AgentRequest } from '../../agents/agent.ts';
import { agentIn } from '../../agents/all.ts';
import { defined } from '../../model/defined.ts';
import { fail, ok, type Result } from '../../model/failure.ts';
import type { JobPurpose } from '../../model/run/event.ts';
import { type JobSpec, RUNNER_PROTOCOL, type WatchLimits } from '../../model/run/job.ts';
import { nodeEnvironment } from '../../process/find-node.ts';
import { leftOf } from '../../model/crew/spending.ts';
import { type Attempt, attemptOf, type RunState, taskOf } from '../../model/run/state.ts';
import type { ReviewGate } from '../../model/gate.ts';
import { briefedRequest } from './briefing.ts';
import { gateTree } from '../places.ts';
import { isReviewIntent, requestFor as reviewRequest } from './reviewing.ts';
import type { IntentOf, Workshop } from './workshop.ts';

type Command = JobSpec['command'];

const GRACE = 3_000;
const OUTPUT_LIMIT = 64 * 1024 * 1024;

/** What the runner is told to do for an intent; fails where the agent cannot do the task at all. */
export async function specFor(shop: Workshop, intent: IntentOf<'job.intended'>, job: string): Promise<Result<JobSpec>> {
  const common = { protocol: RUNNER_PROTOCOL, epoch: shop.epoch, job, grace: GRACE, outputLimit: OUTPUT_LIMIT };
  const { purpose } = intent;
  if (purpose.kind === 'agent') return agentSpec(shop, purpose, common);
  const env = { ORCHESTRATE_RUN: shop.ref.run, CI: '1' };
  if (purpose.kind === 'setup') {
    const cwd = attemptOf(shop.state, purpose.task, purpose.attempt).path ?? '';
    return ok({ ...common, command: { line: shop.state.config.setup ?? '' }, cwd, env });
  }
  const gate = shop.state.config.gates.find(({ name }) => name === purpose.gate);
  if (!gate) return fail({ kind: 'notFound', what: 'gate', name: purpose.gate });
  const { command } = gate;
  if ('agent' in command) return reviewSpec(shop, { intent, gate: { ...gate, command } }, common);
  if ('ask' in command) return fail({ kind: 'refused', reason: `Gate "${gate.name}" is a person's, and no program.` });
  const timeout = gate.timeout === undefined ? {} : { timeout: gate.timeout };
  if (purpose.kind === 'taskGate') {
    const cwd = attemptOf(shop.state, purpose.task, purpose.attempt).path ?? '';
    const own = ownProgram(shop, command);
    return ok({ ...common, ...own, cwd, env: { ...own.env, ...env }, ...timeout });
  }
  const prepared = withSetup(command, shop.state.config.setup, purpose.commit);
  return ok({ ...common, command: prepared, cwd: gateTree(shop.state), env, ...timeout });
}

/** A gate that asks this program itself means the one at work, not what may lie on PATH under its name. */
function ownProgram({ runner, node }: Workshop, command: Command): Pick<JobSpec, 'command' | 'env'> {
  if ('line' in command || command.argv[0] !== 'orchestrate') return { command, env: {} };
  const argv = [node, join(dirname(runner), 'cli.cjs'), ...command.argv.slice(1)];
  return { command: { argv }, env: nodeEnvironment(node) };
}

type Common = Pick<JobSpec, 'protocol' | 'epoch' | 'job' | 'grace' | 'outputLimit'>;

async function agentSpec(
  shop: Workshop,
  purpose: JobPurpose & { kind: 'agent' },
  common: Common,
): Promise<Result<JobSpec>> {
  const { ref, state } = shop;
  const attempt = attemptOf(state, purpose.task, purpose.attempt);
  const { name = '', correlation } = state.agents[purpose.task] ?? {};
  const agent = agentIn(state.config, name);
  if (agent?.kind !== 'process' && agent?.kind !== 'conversation')
    return fail({ kind: 'notFound', what: 'agent', name });
  const request = await briefedRequest(ref, state, attempt);
  const start = agent.start(
    purpose.message === undefined ? request : { ...request, ...turnOf(attempt, purpose.message) },
  );
  if (!start.ok) return start;
  return ok({
    ...common,
    ...start.value,
    env: { ...start.value.env, ...(correlation === undefined ? {} : { ORCHESTRATE_CORRELATION: correlation }) },
    cwd: attempt.path ?? '',
    agent: name,
    ...watched(state, purpose.task),
  });
}

async function reviewSpec(
  shop: Workshop,
  { intent, gate }: { intent: IntentOf<'job.intended'>; gate: ReviewGate },
  common: Common,
): Promise<Result<JobSpec>> {
  const { state } = shop;
  const { name = '' } = state.reviewers[gate.name] ?? {};
  const agent = agentIn(state.config, name);
  if (!isReviewIntent(intent) || (agent?.kind !== 'process' && agent?.kind !== 'conversation'))
    return fail({ kind: 'notFound', what: 'agent', name });
  const request = await reviewRequest(shop, intent, gate);
  if (!request.ok) return request;
  const start = agent.start(request.value);
  if (!start.ok) return start;
  const { purpose } = intent;
  const limits = watched(state, purpose.kind === 'taskGate' ? purpose.task : undefined);
  return ok({
    ...common,
    ...start.value,
    cwd: request.value.cwd,
    agent: name,
    ...limits,
    ...defined({ timeout: gate.timeout ?? limits.timeout }),
  });
}

/** Within which limits an attempt at a task works, and a review; one of several tasks has no cap of its own. */
export function watched(state: RunState, task: string | undefined): { watch: WatchLimits; timeout?: number } {
  const { idle, steps, errors, flood, tools, budget, attempt: timeout } = state.config.limits;
  const left = task === undefined ? undefined : leftOf(budget?.task, taskOf(state, task));
  return { watch: defined({ idle, steps, errors, flood, tools, budget: left }), ...defined({ timeout }) };
}

/** A further turn is the session it had with the word that was said, and nothing of the first prompt. */
const turnOf = ({ session }: Attempt, message: string): Pick<AgentRequest, 'prompt' | 'resume'> => ({
  prompt: `A person says: ${message}`,
  ...(session === undefined ? {} : { resume: session }),
});

/**
 * The gates' tree is set up for each commit it shows, in the gate's own job: a set-up that fails is a gate that could
 * not run (126), never a red one.
 */
function withSetup(command: Command, setup: string | undefined, commit: string): Command {
  if (setup === undefined) return command;
  const mark = '"$(git rev-parse --git-dir)/orchestrate-set-up"';
  const prelude = `if [ "$(cat ${mark} 2>/dev/null)" != ${commit} ]; then { ${setup}\n} || exit 126; echo ${commit} > ${mark}; fi`;
  if ('line' in command) return { line: `${prelude}\n${command.line}` };
  return { argv: ['sh', '-c', `${prelude}\nexec "$@"`, 'sh', ...command.argv] };
}
