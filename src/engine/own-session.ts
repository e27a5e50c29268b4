import type { Agent, Begun, ProcessAgent } from '../agents/agent.ts';
import { agentNamed } from '../agents/all.ts';
import { defined } from '../model/defined.ts';
import { type Attempt, type RunState } from '../model/run/state.ts';

/** How a person goes on, in a terminal of theirs, with what an agent has begun. */
export interface OwnSession {
  /** Program and arguments, for no shell; absent where the agent has no sessions for people. */
  argv?: readonly string[];
  /** Added to the environment. */
  env: Readonly<Record<string, string>>;
  cwd: string;
}

/**
 * The agent's own session of an attempt, in its worktree. One that is spoken with has another program for people, which
 * is where its own settings say, and finds the sessions by the same environment; it has other names for models.
 */
export function ownSession({ agents, config }: RunState, { task, path, session }: Attempt): OwnSession {
  const { settings } = config.agents;
  const { name = '', model } = agents[task] ?? {};
  const agent = agentNamed(name);
  const chosen = agent?.kind === 'process' ? model : undefined;
  const argv = argvFor(openerOf(agent), defined({ session, model: chosen }), settings);
  return { ...defined({ argv }), env: settings[name]?.env ?? {}, cwd: path ?? '' };
}

type Opener = Pick<ProcessAgent, 'name' | 'interactive'>;

function argvFor(
  opener: Opener | undefined,
  begun: Begun,
  settings: RunState['config']['agents']['settings'],
): readonly string[] | undefined {
  const interactive = opener?.interactive?.(begun);
  return opener && interactive && [...(settings[opener.name]?.command ?? [opener.name]), ...interactive];
}

function openerOf(agent: Agent | undefined): Opener | undefined {
  switch (agent?.kind) {
    case 'process':
      return agent;
    case 'conversation':
      return agent.opener;
    default:
      return undefined;
  }
}
