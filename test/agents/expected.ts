/** How an attempt ends by itself: with a success, with a type of failure, or not at all. */
export type Judged = 'succeeded' | 'transient' | 'fixable' | 'escalate' | 'never';

/** What the same things come to where agents differ; the tests of the real programs hold each of them to it. */
export interface Expected {
  /** A command that fails is told apart from one that succeeds. */
  failureSeen: boolean;
  /** A model whose answers break off, for ever. */
  cut: Judged;
  /** A page of HTML in place of every answer. */
  html: Judged;
  /** The allowance of a plan is used up: seen with the time it ends, taken for a model that is down, or waited out. */
  usedUp: 'timed' | 'transient' | 'never';
  /** A message is taken in the middle of a turn. */
  injects?: true;
  /** Why its sessions cannot be gone on with. */
  notResumed?: string;
  /** What a command prints is told; it is unless this says otherwise. */
  outputSeen?: boolean;
  /** A key that is not accepted; a matter for a person unless the program says too little of it. */
  key?: Judged;
}

export const EXPECTED = {
  claude: { failureSeen: true, cut: 'transient', html: 'transient', usedUp: 'timed' },
  codex: { failureSeen: true, cut: 'transient', html: 'transient', usedUp: 'timed' },
  gemini: { failureSeen: false, cut: 'transient', html: 'transient', usedUp: 'timed' },
  opencode: { failureSeen: true, cut: 'never', html: 'never', usedUp: 'never' },
  copilot: { failureSeen: true, cut: 'transient', html: 'transient', usedUp: 'timed' },
} satisfies Readonly<Record<string, Expected>>;

/** The same for the agents that are spoken with. */
export const ACP_EXPECTED = {
  'claude-acp': { failureSeen: true, cut: 'transient', html: 'transient', usedUp: 'timed', injects: true },
  'codex-acp': { failureSeen: true, cut: 'transient', html: 'transient', usedUp: 'timed', injects: true },
  'gemini-acp': {
    failureSeen: false,
    outputSeen: false,
    cut: 'transient',
    html: 'transient',
    usedUp: 'timed',
    notResumed: 'loading damages it',
  },
  'opencode-acp': { failureSeen: false, cut: 'transient', html: 'transient', usedUp: 'transient', key: 'transient' },
  'copilot-acp': { failureSeen: false, cut: 'transient', html: 'transient', usedUp: 'timed' },
} satisfies Readonly<Record<string, Expected>>;
