import { randomUUID } from 'node:crypto';
/**
 * What a scripted model says in one run: a list of steps. Which step is due is worked out from each request itself, so
 * a request that is sent twice gets the same answer twice.
 */
export interface Script {
  steps: readonly Step[];
}

/** One turn of the model. Without actions it ends the conversation. */
export interface Step {
  thinking?: string;
  text?: string;
  actions?: readonly Action[];
  /** What goes wrong before the step succeeds, one for each request for this step; the last can be for ever. */
  faults?: readonly Fault[];
  /** The step is answered once this is settled. */
  after?: Promise<void>;
}

/** What a model wants done, in no dialect; each is brought to a tool that the program offers in that request. */
export type Action =
  | { do: 'write'; path: string; content: string }
  | { do: 'read'; path: string }
  | { do: 'edit'; path: string; old: string; new: string }
  | { do: 'shell'; command: string }
  /** A tool by its own name, offered or not. */
  | { do: 'tool'; name: string; input: Readonly<Record<string, unknown>> };

export type Fault = { forever?: true } & (
  | { kind: 'status'; status: number; headers?: Readonly<Record<string, string>>; message?: string; body?: unknown }
  /** The request is taken and never answered. */
  | { kind: 'hang' }
  /** The connection breaks in the middle of the answer. */
  | { kind: 'cut' }
  /** An answer that is no answer. */
  | { kind: 'malformed' }
);

/** What a dialect reads out of a request. */
export interface ModelRequest {
  /** Rounds of tool results since the last prompt: the number of the step that is due. */
  round: number;
  /** Names of the tools on offer; none in requests for titles and summaries. */
  tools: readonly string[];
  stream: boolean;
  model: string;
}

/** A step brought to the tools of one request. */
export interface Answer {
  thinking?: string;
  text: string;
  calls: readonly { id: string; name: string; input: Readonly<Record<string, unknown>> }[];
}

/**
 * The id of a call says the step it was made in, so the round can be told from the results that came back. No two calls
 * have the same: a session that is gone on with begins with the first step again.
 */
export const callId = (round: number, index: number): string => `toolu_${randomUUID().slice(0, 8)}_${round}_${index}`;

/** How many different steps the results belong to. */
export const roundOf = (callIds: readonly string[]): number =>
  new Set(callIds.map((id) => /_(\d+)_\d+$/.exec(id)?.[1] ?? id)).size;
