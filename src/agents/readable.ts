import { stripVTControlCharacters } from 'node:util';
import type { AgentEvent } from '../model/run/job.ts';
import type { Permission } from '../model/crew/permission.ts';
import { progressText } from '../model/shown/progress-text.ts';
import { parseObject } from './json.ts';

/**
 * Text from outside without anything a terminal would obey (escape sequences, C0 and C1 controls but tab and newline),
 * and without what makes letters stand in another order than they are read in by a program.
 */
export const readable = (text: string): string =>
  stripVTControlCharacters(text.replaceAll('\r\n', '\n')).replaceAll(
    // oxlint-disable-next-line no-control-regex -- control characters are what this is about
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    '',
  );

/** The event that a line of `output.jsonl` holds; undefined where it is torn, or none. */
export function eventIn(line: string): AgentEvent | undefined {
  const value: unknown = parseObject(line);
  return isEvent(value) ? value : undefined;
}

/** The runner of the same version wrote it. */
const isEvent = (value: unknown): value is AgentEvent => typeof value === 'object' && value !== null && 'type' in value;

/** An event as lines for a terminal, plain text without line ends; none for what only a program wants to know. */
export function readableLines(event: AgentEvent): string[] {
  return textOf(event).flatMap((text) => readable(text).trimEnd().split('\n'));
}

function textOf(event: AgentEvent): string[] {
  switch (event.type) {
    case 'session':
      return [`session ${event.id}${event.model === undefined ? '' : ` · ${event.model}`}`];
    case 'text':
    case 'output':
      return [event.text];
    case 'thinking':
      return event.text.split('\n').map((line) => `  ${line}`);
    case 'toolStarted':
      return [`▸ ${event.name} ${event.detail}`];
    case 'toolEnded':
      return [indented(event.failed ? '✗' : '✓', event.output)];
    case 'plan':
      return event.entries.map(({ text, done }) => `  ${done ? '☑' : '☐'} ${text}`);
    case 'retry':
      return [`… retry ${event.attempt} in ${(event.delay / 1000).toFixed(1)} s: ${event.reason}`];
    case 'denied':
      return [`⊘ ${event.tool} was denied: ${event.detail}`];
    case 'permissionAsked':
      return askedLines(event.permission);
    case 'permissionSettled':
      return [`  ${event.option === undefined ? 'no answer is needed any more' : 'answered'}`];
    case 'ordered':
      if (event.reply.kind === 'queued') return ['… it is told when its turn is over'];
      return event.reply.kind === 'refused' ? [`⊘ ${event.reply.reason}`] : [];
    case 'error':
      return [`✗ ${event.message}`];
    case 'progress':
      return [`▸ ${progressText(event)}`];
    case 'ended':
      // What a success says at its end it has said before.
      return [event.success ? '■ done' : `■ failed: ${event.message}`];
    case 'usage':
      return [`${event.usage.inputTokens} tokens in, ${event.usage.outputTokens} out${costOf(event.usage.cost)}`];
    case 'measured':
    case 'other':
      return [];
  }
}

const askedLines = ({ title, detail }: Permission): string[] => [
  `? asks leave: ${title}`,
  ...(detail === title ? [] : indentedLines(detail)),
];

const indentedLines = (text: string): string[] => (text === '' ? [] : text.split('\n').map((line) => `    ${line}`));

/** What a tool printed, at most ten lines of it. */
function indented(mark: string, output: string): string {
  const lines = output.trimEnd().split('\n');
  const shown = lines.slice(0, 10).map((line, index) => `  ${index === 0 ? mark : ' '} ${line}`);
  return [...shown, ...(lines.length > 10 ? [`    … ${lines.length - 10} more lines`] : [])].join('\n');
}

const costOf = (cost: number | undefined): string => (cost === undefined ? '' : ` · $${cost.toFixed(2)}`);
