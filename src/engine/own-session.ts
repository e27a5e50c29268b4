import type { Agent, ProcessAgent } from '../agents/agent.ts';
import { agentNamed } from '../agents/all.ts';
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
 * is where its own settings say, and finds the sessions by the same environment.
 */
export function ownSession({ agents, config }: RunState, { task, path, session }: Attempt): OwnSession {
  const { settings } = config.agents;
  const name = agents[task]?.name ?? '';
  const argv = argvFor(openerOf(agentNamed(name)), session, settings);
  return { ...(argv ? { argv } : {}), env: settings[name]?.env ?? {}, cwd: path ?? '' };
}

type Opener = Pick<ProcessAgent, 'name' | 'interactive'>;

function argvFor(
  opener: Opener | undefined,
  session: string | undefined,
  settings: RunState['config']['agents']['settings'],
): readonly string[] | undefined {
  const interactive = opener?.interactive?.(session);
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
