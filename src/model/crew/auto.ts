import { fail, ok, type Result } from '../failure.ts';

/** The word for "whichever coding agent is there". */
export const AUTO = 'auto';

/** What was seen of an agent's program on this machine. No file of anybody was opened for it. */
export interface Candidate {
  /** As in a plan and in orchestrate.yaml. */
  name: string;
  /** Where its program is; absent = it is not installed. */
  path?: string;
  signedIn: 'yes' | 'no' | 'unknown';
  /** What says so, e.g. `ANTHROPIC_API_KEY is set`. */
  because: string;
  /** How a person signs in. */
  signIn: string;
}

export interface Choice {
  agent: string;
  /** A sentence for a person. */
  because: string;
}

/**
 * The agent that `auto` is, in the order of the candidates: the first that is signed in, else the first of which that
 * cannot be told. One that is surely not signed in is never taken: its run would fail at once.
 */
export function chooseAgent(candidates: readonly Candidate[]): Result<Choice, string> {
  const installed = candidates.filter(({ path }) => path !== undefined);
  const chosen = ['yes', 'unknown']
    .map((state) => installed.find(({ signedIn }) => signedIn === state))
    .find((candidate) => candidate !== undefined);
  if (chosen) return ok({ agent: chosen.name, because: reasonFor(chosen, candidates) });
  return fail(installed.length === 0 ? nothingInstalled(candidates) : nobodySignedIn(installed));
}

function reasonFor(chosen: Candidate, candidates: readonly Candidate[]): string {
  const at = candidates.indexOf(chosen);
  const later = candidates.slice(at + 1).filter((one) => one.path !== undefined && one.signedIn === chosen.signedIn);
  const rest = later.length === 0 ? [] : [`${names(later)} ${later.length > 1 ? 'come' : 'comes'} later in the order`];
  return [standing(chosen), ...candidates.slice(0, at).map(standing), ...rest].join('; ');
}

/** How things stand with one, e.g. `codex is installed and not signed in (no login was found)`. */
export const standing = ({ name, path, signedIn, because }: Candidate): string =>
  path === undefined ? `${name} is not installed` : `${name} is installed and ${STANDING[signedIn]} (${because})`;

const STANDING = { yes: 'signed in', no: 'not signed in', unknown: 'may be signed in' } as const;

const names = (candidates: readonly Candidate[]): string => candidates.map(({ name }) => name).join(', ');

const nothingInstalled = (candidates: readonly Candidate[]): string =>
  `No coding agent is installed: none of ${names(candidates)} is on PATH. Install one and sign in, or name another under "agents: default:" in orchestrate.yaml (shell runs a task's own "run:" line, manual asks a person).`;

const nobodySignedIn = (installed: readonly Candidate[]): string =>
  `No coding agent is signed in. ${installed.map(({ name, signIn }) => `${name}: ${signIn}`).join(' ')}`;
