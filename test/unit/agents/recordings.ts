import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentReader, ProcessAgent, ProgramExit } from '../../../src/agents/agent.ts';
import type { AgentEvent, AgentOutcome, Conversation } from '../../../src/model/run/job.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');

/** What a reader made of a recording, or of lines made up for the case. */
export interface Reading {
  events: AgentEvent[];
  outcome: AgentOutcome;
  /** The type of failure, or `succeeded`. */
  end: string;
}

/** How a recorded program ended, and what the test that recorded it held that to be. */
export interface Ending {
  exit: ProgramExit;
  end: string;
  /** It was a usage limit, and whether the program said when that ends. */
  limit?: 'timed' | 'untimed';
  /** What was said to it, where it was spoken with. */
  conversation?: Conversation;
}

export interface Recording extends Ending {
  name: string;
  lines: string[];
}

/** What the tests of the real programs recorded of one; nothing where it was never recorded. */
export function recordings(agent: string): Recording[] {
  const folder = join(FIXTURES, agent);
  if (!existsSync(join(folder, 'ends.json'))) return [];
  const ends: Record<string, Ending> = JSON.parse(readFileSync(join(folder, 'ends.json'), 'utf8'));
  return Object.entries(ends).map(([name, ending]) => ({ name, ...ending, lines: linesOf(join(folder, name)) }));
}

/** The recordings that lie there, whether their end was written down or not. */
export const recordingFiles = (agent: string): string[] =>
  existsSync(join(FIXTURES, agent)) ? namesIn(join(FIXTURES, agent)) : [];

/** Further recordings, by other hands, in `<folder>/<agent>/<name>.jsonl`; of all agents. */
export const transcriptsIn = (folder: string): { agent: string; name: string; lines: string[] }[] =>
  readdirSync(folder).flatMap((agent) =>
    namesIn(join(folder, agent)).map((name) => ({ agent, name, lines: linesOf(join(folder, agent, name)) })),
  );

export const readAll = (agent: ProcessAgent, lines: readonly string[], exit: Partial<ProgramExit> = {}): Reading =>
  readWith(agent.reader(), lines, exit);

export function readWith(reader: AgentReader, lines: readonly string[], exit: Partial<ProgramExit> = {}): Reading {
  const events = lines.flatMap((line) => reader.line(line, streamOf(line)));
  return readingOf(events, reader.outcome({ code: 0, signal: null, ...exit }));
}

export const readingOf = (events: AgentEvent[], outcome: AgentOutcome): Reading => ({
  events,
  outcome,
  end: outcome.kind === 'failed' ? outcome.type : outcome.kind,
});

/** Both streams lie in one recording; only the one has objects. */
export const streamOf = (line: string): 'stdout' | 'stderr' => (line.startsWith('{') ? 'stdout' : 'stderr');

const namesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .map((file) => file.replace('.jsonl', ''));

const linesOf = (path: string): string[] =>
  readFileSync(path.endsWith('.jsonl') ? path : `${path}.jsonl`, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
