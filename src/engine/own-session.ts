import { agentNamed } from '../agents/all.ts';
import { type Attempt, type RunState } from '../model/state.ts';

/** How a person goes on, in a terminal of theirs, with what an agent has begun. */
export interface OwnSession {
  /** Program and arguments, for no shell; absent where the agent has no sessions for people. */
  argv?: readonly string[];
  /** Added to the environment. */
  env: Readonly<Record<string, string>>;
  cwd: string;
}

/** The agent's own session of an attempt, in its worktree. */
export function ownSession({ agents, config }: RunState, { task, path, session }: Attempt): OwnSession {
  const name = agents[task]?.name ?? '';
  const agent = agentNamed(name);
  const { command, env = {} } = config.agents.settings[name] ?? {};
  const interactive = agent?.kind === 'process' ? agent.interactive?.(session) : undefined;
  const argv = interactive && [...(command ?? [name]), ...interactive];
  return { ...(argv ? { argv } : {}), env, cwd: path ?? '' };
}
