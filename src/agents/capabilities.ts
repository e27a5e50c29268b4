import type { Capabilities } from './agent.ts';

/** Somebody who can do nothing of all that, and whom nothing holds. */
export const NONE: Capabilities = {
  presetSession: false,
  resume: false,
  messages: false,
  asks: false,
  maxTurns: false,
  budget: false,
  usage: false,
  cost: false,
  finalEvent: false,
  needsAccount: false,
  ownTemp: false,
  sandbox: 'none',
  commands: 'yes',
  showsRetries: false,
  givesUp: true,
  sessionTotals: [],
};

/** What the programs with a model behind them have in common. */
export const CODING_AGENT: Capabilities = {
  ...NONE,
  resume: true,
  usage: true,
  finalEvent: true,
  needsAccount: true,
  ownTemp: true,
  sandbox: 'rules',
};
