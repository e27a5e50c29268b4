import type { RunSession } from '../engine/session.ts';
import type { Config } from '../model/config/config.ts';
import { ok, type Result } from '../model/failure.ts';
import { asksPerson } from '../model/gate.ts';
import type { OptionName } from './arguments.ts';
import type { Call } from './call.ts';
import { count, plain } from './shown/text.ts';

/** What a run does for good as it began, by the option that says it. */
const FIXED = {
  mode: ({ mode }) => mode,
  platform: ({ agents }) => agents.default,
  'batch-size': ({ limits }) => limits.batch,
  'correlation-mode': ({ correlation }) => correlation,
  scope: ({ scope }) => scope,
  auto: ({ gates }) => gates.some(asksPerson),
} satisfies Partial<Record<OptionName, (config: Config) => unknown>>;

/**
 * What the call wants of a run that began before it: as many agents as it says may work at once from now on, and what else
 * it says otherwise is told not to hold. `wanted`: the configuration that a run would have that it began.
 */
export async function takeUp({ options, terminal }: Call, session: RunSession, wanted: Config): Promise<Result<void>> {
  const { state, ref } = session;
  const otherwise = (Object.keys(FIXED) as (keyof typeof FIXED)[]).filter(
    (name) => options[name] !== undefined && FIXED[name](wanted) !== FIXED[name](state.config),
  );
  const words = otherwise.map((name) => (options[name] === true ? `--${name}` : `--${name} ${options[name]}`));
  if (words.length > 0)
    terminal.note(
      `Warning: run ${ref.run} goes on as it began: ${plain(words.join(', '))} is not applied.`,
      `For a new run of the plan cancel this one first: orchestrate cancel ${ref.run}`,
    );
  return options.agents === undefined ? ok(undefined) : limitAgents(session, wanted.limits.agents, terminal);
}

/** From now on up to `most` agents work at once. */
export async function limitAgents(
  session: RunSession,
  most: number,
  terminal: Pick<Call['terminal'], 'note'>,
): Promise<Result<void>> {
  const before = session.state.config.limits.agents;
  if (before === most) return ok(undefined);
  const given = await session.order({ type: 'agents', most });
  if (given.ok)
    terminal.note(`Up to ${count(most, 'agent')} at once from now on in run ${session.ref.run}; before: ${before}.`);
  return given;
}
