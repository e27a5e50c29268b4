import type { Wanted } from '../../engine/runs.ts';
import type { Repository } from '../../git/repository.ts';
import { MODES } from '../../model/config/config.ts';
import { defined } from '../../model/defined.ts';
import { ok, refuse, type Result } from '../../model/failure.ts';
import { meant } from '../../model/text/nearest.ts';
import { platformOf, PLATFORMS } from '../../model/crew/platform.ts';
import type { Options } from '../arguments.ts';
import { openPlanRun, type Overrides } from '../plan-run.ts';
import { attend } from '../asking/attend.ts';
import { type Call, type Command, inRepository } from '../call.ts';
import type { ExitCode } from '../exit.ts';
import { planOf } from '../plan-file.ts';

export const run: Command = {
  summary: 'run a plan: agents in parallel, gates, one merged branch',
  more: `The plan is a path or a plan_id; without one, the only plan in docs/plan is taken.
A run of the plan that has not ended yet is taken up again instead of starting a second one. It goes on as it began, but for
--agents, which holds from then on.

With --auto nobody is asked: gates of people are left out, and where no plan is named the milestones of .orchestra are run
one after the other, each on the result of the one before; one that fails or waits is passed over, and new ones are found.

Ends with 0 merged, 1 tasks failed, 2 invalid input, 3 waits for a person, 130 cancelled.`,
  places: ['[plan.yaml|plan_id]'],
  options: [
    'yes',
    'auto',
    'baseline',
    'mode',
    'agents',
    'platform',
    'batch-size',
    'correlation-mode',
    'scope',
    'json',
    'wait',
    'on-interrupt',
  ],
  run: (call) => inRepository(call, (repository) => start(call, repository)),
};

/** What cannot be read in the call is said before a plan is looked for. */
async function start(call: Call, repository: Repository): Promise<Result<ExitCode>> {
  const limits = overrides(call.options);
  if (!limits.ok) return limits;
  // What reads other systems' files is loaded by few runs.
  if (call.options.auto) return (await import('./auto.ts')).runByItself(call, repository, limits.value);
  const planFile = await planOf(call, repository.root);
  return planFile.ok ? runPlan(call, repository, { planFile: planFile.value, ...limits.value }) : planFile;
}

/** Makes a run of a plan and stays with it. */
export async function runPlan(call: Call, repository: Repository, wanted: Wanted): Promise<Result<ExitCode>> {
  const session = await openPlanRun(call, repository, wanted);
  return session.ok ? attend(session.value, call.terminal, call.options) : session;
}

/** What a call wants otherwise than the plan and orchestrate.yaml say. */
export function overrides(options: Options): Result<Overrides> {
  const { mode, platform: word, 'correlation-mode': correlation } = options;
  const agents = count('agents', options.agents);
  if (!agents.ok) return agents;
  const batch = count('batch-size', options['batch-size']);
  if (!batch.ok) return batch;
  const platform = word === undefined ? undefined : platformOf(word);
  if (word !== undefined && platform === undefined)
    return refuse(`--platform is ${PLATFORMS.join(', ')}, not "${word}".${meant(word, PLATFORMS)}`);
  const { scope } = options;
  return ok(
    defined({
      scope: scope === 'warn' || scope === 'ask' || scope === 'block' ? scope : undefined,
      mode: MODES.find((known) => known === mode),
      agents: agents.value,
      batch: batch.value,
      platform,
      correlation: correlation === undefined ? undefined : correlation === 'enabled',
    }),
  );
}

/** The number that an option says. */
export function count(option: string, text: string | undefined): Result<number | undefined> {
  if (text === undefined || /^[1-9]\d{0,3}$/.test(text)) return ok(text === undefined ? undefined : Number(text));
  return refuse(`--${option} is a whole number from 1 on, not "${text}".`);
}
