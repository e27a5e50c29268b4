import type { Config } from '../config/config.ts';
import { type Platform, PLATFORM_AGENT } from './platform.ts';

/** How a person, or the plan, wants its agents driven. */
export interface Pattern {
  platform?: Platform;
  /** Agents in one batch. */
  batch?: number;
  correlation?: boolean;
}

/**
 * The configuration with the pattern of a platform: its agent does the tasks that name none. claude and gpt work in
 * parallel and are gathered at the end, as every run does; gemini in batches whose answers carry the id of what was
 * asked; open-source says in words how far it is; generic is a person with numbered instructions.
 */
export function patterned(config: Config, { platform, batch, correlation }: Pattern): Config {
  const isBatched = platform === 'gemini';
  const size = batch ?? config.limits.batch ?? (isBatched ? config.limits.agents : undefined);
  const agent = platform === undefined || platform === 'auto' ? config.agents.default : PLATFORM_AGENT[platform];
  return {
    ...config,
    agents: {
      ...config.agents,
      default: agent,
      settings: platform === 'open-source' ? withMarkers(config.agents.settings, agent) : config.agents.settings,
    },
    limits: {
      ...config.limits,
      ...(size === undefined ? {} : { batch: size }),
      // A batch is at work at once, or it would be none.
      ...(batch === undefined ? {} : { agents: batch }),
    },
    correlation: correlation ?? (config.correlation || isBatched),
  };
}

const withMarkers = (settings: Config['agents']['settings'], agent: string): Config['agents']['settings'] => ({
  ...settings,
  [agent]: { ...settings[agent], markers: true },
});
