import { eventIn, readable, readableLines } from '../agents/readable.ts';
import type { Event, JobPurpose } from '../model/run/event.ts';
import { isFailure } from '../model/run/diagnosis.ts';
import { failureWords } from '../model/shown/failure-words.ts';
import type { AgentEvent } from '../model/run/job.ts';

/** Turns what a job writes into text for a terminal. Nothing of it is a control sequence but our own colours. */
export interface Transcript {
  /** The file of the job's folder to read. */
  source: 'output' | 'raw';
  heading: string;
  text(piece: string): string;
}

/** `reviewer`: the agent that is the gate, where the job is one of those. */
export function transcriptOf(purpose: JobPurpose, agent: string, reviewer?: string): Transcript {
  const by = reviewer === undefined ? '' : `, ${readable(reviewer)}`;
  const heading = `${BOLD}── ${headingOf(purpose, agent)}${by} ──${PLAIN}\r\n`;
  return purpose.kind === 'agent' || reviewer !== undefined
    ? { source: 'output', heading, text: agentText() }
    : { source: 'raw', heading, text: rawText() };
}

function headingOf(purpose: JobPurpose, agent: string): string {
  switch (purpose.kind) {
    case 'agent':
      return `${readable(agent)}, attempt ${purpose.attempt}${purpose.message === undefined ? '' : ', told more'}`;
    case 'setup':
      return 'set-up';
    case 'taskGate':
    case 'candidateGate':
    case 'baseline':
      return `gate ${readable(purpose.gate)}`;
  }
}

/** The end of an attempt, by one of the two events that can be it; why it failed, if it did. */
export type Ending = Extract<Event, { type: 'attempt.accepted' | 'attempt.failed' }>;

const HOW = {
  done: { sign: '✓', colour: '\u001b[32m', word: 'is done' },
  failed: { sign: '✗', colour: '\u001b[31m', word: 'failed' },
  stopped: { sign: '−', colour: '', word: 'was stopped' },
};

function howOf(ending: Ending): (typeof HOW)[keyof typeof HOW] {
  if (ending.type === 'attempt.accepted') return HOW.done;
  return isFailure(ending.failure) ? HOW.failed : HOW.stopped;
}

export function endingLine(ending: Ending): string {
  const { colour, word } = howOf(ending);
  const why = ending.type === 'attempt.failed' ? `: ${readable(failureWords(ending.failure))}` : '';
  return `${colour}${BOLD}── attempt ${ending.attempt} ${word}${why} ──${PLAIN}\r\n`;
}

/** A list of terminals cuts names at their end: what tells them apart stands first. */
export const terminalName = (title: string, attempt: number, ending?: Ending): string =>
  [ending ? howOf(ending).sign : '', attempt > 1 ? `#${attempt}` : '', title].filter(Boolean).join(' ');

/** What a person said to the agent. */
export const saidLines = (text: string): string =>
  readable(text)
    .split('\n')
    .map((line) => `${YELLOW}» ${line}${PLAIN}\r\n`)
    .join('');

function agentText(): (piece: string) => string {
  const lines = lineByLine();
  return (piece) => lines(piece).flatMap(eventLines).join('');
}

function eventLines(line: string): string[] {
  const event = eventIn(line);
  if (!event) return [];
  const colour = COLOUR[event.type];
  return readableLines(event).map((text) => (colour ? `${colour}${text}${PLAIN}\r\n` : `${text}\r\n`));
}

function rawText(): (piece: string) => string {
  const lines = lineByLine();
  return (piece) =>
    lines(piece)
      .map((line) => `${readable(line)}\r\n`)
      .join('');
}

/** Whole lines only: an escape sequence may be torn between two pieces. */
function lineByLine(): (piece: string) => string[] {
  let rest = '';
  return (piece) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    return lines;
  };
}

const BOLD = '\u001b[1m';
const PLAIN = '\u001b[0m';
const DIM = '\u001b[2m';
const CYAN = '\u001b[36m';
const RED = '\u001b[31m';
const YELLOW = '\u001b[33m';

const COLOUR: Partial<Record<AgentEvent['type'], string>> = {
  session: DIM,
  thinking: DIM,
  toolStarted: CYAN,
  toolEnded: DIM,
  retry: YELLOW,
  denied: YELLOW,
  error: RED,
  usage: DIM,
};
