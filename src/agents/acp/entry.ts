import { defined } from '../../model/defined.ts';
import { ok, type Result } from '../../model/failure.ts';
import type { Conversation } from '../../model/run/job.ts';
import { DEFAULT_POLICY, type PermissionPolicy } from '../../model/crew/permission.ts';
import type { AgentRequest, AgentStart, Capabilities, ConversationAgent, ProcessAgent } from '../agent.ts';
import { CODING_AGENT } from '../capabilities.ts';

/**
 * What is to be known of one program that speaks the Agent Client Protocol. All that differs between them is data here:
 * whoever speaks with one never asks for its name.
 */
export interface AcpEntry {
  name: string;
  title: string;
  /** What starts it where the settings name nothing. */
  command: readonly string[];
  /** Makes it quiet, and makes it ask; settings come on top. */
  env?: Readonly<Record<string, string | null>>;
  /** The session mode in which it asks, or is contained. */
  mode?: string;
  /** The variable that names its model, where it offers no choice in a session. */
  modelVariable?: string;
  /** Milliseconds; see `Conversation`. */
  stall?: number;
  failureText?: string;
  noticeText?: string;
  countsTokens?: boolean;
  /** The same program driven natively: it has the same accounts, and opens the same sessions. */
  like?: ProcessAgent;
  capabilities?: Partial<Capabilities>;
}

/** The agent that an entry describes. */
export const acpAgent = (entry: AcpEntry): ConversationAgent => ({
  kind: 'conversation',
  name: entry.name,
  title: entry.title,
  capabilities: { ...USUAL, ...entry.capabilities },
  ...(entry.like?.presence ? { presence: { ...entry.like.presence, program: entry.command[0] ?? '' } } : {}),
  ...(entry.like ? { opener: entry.like } : {}),
  start: (request) => start(entry, request),
});

const USUAL: Capabilities = { ...CODING_AGENT, messages: true, asks: true };

/** Many of them try their model again in silence; one that thinks for so long has said something of it before. */
const STALL = 10 * 60_000;

function start(
  entry: AcpEntry,
  request: AgentRequest,
): Result<Omit<AgentStart, 'stdin'> & { conversation: Conversation }> {
  const { settings, model = settings.model } = request;
  const chosen = entry.modelVariable === undefined ? { model } : {};
  const named = entry.modelVariable !== undefined && model !== undefined ? { [entry.modelVariable]: model } : {};
  const conversation: Conversation = {
    prompt: request.prompt,
    permissions: policyFor(request),
    stall: settings.stall ?? entry.stall ?? STALL,
    ...defined({
      resume: entry.capabilities?.resume === false ? undefined : request.resume,
      mode: settings.mode ?? entry.mode,
      failureText: entry.failureText,
      noticeText: entry.noticeText,
      countsTokens: entry.countsTokens,
      ...chosen,
    }),
  };
  const argv = [...(settings.command ?? entry.command), ...(settings.args ?? [])];
  return ok({ command: { argv }, env: { ...entry.env, ...named, ...settings.env }, conversation });
}

/** A role that only reads may not write unasked, whatever else is allowed. */
const policyFor = ({ settings, readOnly }: AgentRequest): PermissionPolicy => ({
  ...DEFAULT_POLICY,
  ...settings.permissions,
  ...(readOnly ? { edit: 'ask' } : {}),
});
