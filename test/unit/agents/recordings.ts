import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessAgent, ProgramExit } from '../../../src/agents/agent.ts';
import type { AgentEvent, AgentOutcome } from '../../../src/model/job.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');

/** What a reader made of a recording, or of lines made up for the case. */
export interface Reading {
  events: AgentEvent[];
  outcome: AgentOutcome;
  /** The type of failure, or `succeeded`. */
  end: string;
}

export function readAll(agent: ProcessAgent, lines: readonly string[], exit: Partial<ProgramExit> = {}): Reading {
  const reader = agent.reader();
  const events = lines.flatMap((line) => reader.line(line, line.startsWith('{') ? 'stdout' : 'stderr'));
  const outcome = reader.outcome({ code: 0, signal: null, ...exit });
  return { events, outcome, end: outcome.kind === 'failed' ? outcome.type : outcome.kind };
}

/** The lines of a recording that the test of the real program made. */
export const recorded = (agent: ProcessAgent, name: string): string[] =>
  linesOf(join(FIXTURES, agent.name, `${name}.jsonl`));

export const recordings = (agent: ProcessAgent): string[] =>
  readdirSync(join(FIXTURES, agent.name)).map((file) => file.replace('.jsonl', ''));

/** Further recordings, by other hands, in `<folder>/<agent>/<name>.jsonl`; only where ORCHESTRATE_TRANSCRIPTS says. */
export function transcripts(agent: ProcessAgent): { name: string; lines: string[] }[] {
  const folder = join(process.env['ORCHESTRATE_TRANSCRIPTS'] ?? '', agent.name);
  if (!process.env['ORCHESTRATE_TRANSCRIPTS'] || !existsSync(folder)) return [];
  return readdirSync(folder).map((name) => ({ name, lines: linesOf(join(folder, name)) }));
}

const linesOf = (path: string): string[] => readFileSync(path, 'utf8').trim().split('\n');
