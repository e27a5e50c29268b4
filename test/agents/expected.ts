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
  /** What a command prints is told; it is unless this says otherwise. */
  outputSeen?: boolean;
  /** A key that is not accepted; a matter for a person unless the program says too little of it. */
  key?: Judged;
}

export const EXPECTED = {
  claude: { failureSeen: true, cut: 'transient', html: 'transient' },
  codex: { failureSeen: true, cut: 'transient', html: 'transient' },
  gemini: { failureSeen: false, cut: 'transient', html: 'transient' },
  opencode: { failureSeen: true, cut: 'never', html: 'never' },
  copilot: { failureSeen: true, cut: 'transient', html: 'transient' },
} satisfies Readonly<Record<string, Expected>>;

/** The same for the agents that are spoken with. */
export const ACP_EXPECTED = {
  'claude-acp': { failureSeen: true, cut: 'transient', html: 'transient' },
  'codex-acp': { failureSeen: true, cut: 'transient', html: 'transient' },
  'gemini-acp': { failureSeen: false, outputSeen: false, cut: 'transient', html: 'transient' },
  'opencode-acp': { failureSeen: false, cut: 'transient', html: 'transient', key: 'transient' },
  'copilot-acp': { failureSeen: false, cut: 'transient', html: 'transient' },
} satisfies Readonly<Record<string, Expected>>;
