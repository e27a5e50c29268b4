import type { AgentEvent } from '../model/run/job.ts';

/**
 * What an agent without structure says of itself, in words put between its others:
 *
 *     [STATUS: STARTED] text   [STATUS: PROGRESS-40%] text   [STATUS: COMPLETE | FAILED | BLOCKED] text
 *     [COMPLETE]   [FAILED] reason   [BLOCKED] reason
 *     agentId: X, status:, completedTasks:, remainingTasks:, blockers:, estimatedCompletion:     (YAML, also in a fence)
 *     [ERROR: Agent X failed], then lines with Cause:, Impact:, Recommendation:
 *
 * Tolerant and linear in the length of a line: what is not understood is no marker. Markers stand at the beginning of a
 * line; in the middle of a sentence they are talked about.
 */
export class TextProtocol {
  #block: Block | undefined;

  /** What is known with this line. */
  line(line: string): Progress[] {
    const text = line.slice(0, LONGEST).trimEnd();
    const went = this.#block && goesOn(this.#block, text);
    if (went) return [];
    const ended = this.end();
    const begun = ERROR.exec(text) ? errorBlock(text) : /^\s*agentId\s*:/.test(text) ? reportBlock() : undefined;
    this.#block = begun;
    return begun ? ended : [...ended, ...markerIn(text)];
  }

  /** What stood in a block that the end of the text, or another line, cuts off. */
  end(): Progress[] {
    const block = this.#block;
    this.#block = undefined;
    return block ? block.progress() : [];
  }
}

export type Progress = Extract<AgentEvent, { type: 'progress' }>;

const LONGEST = 2000;
const MARKER =
  /^[\s>*#`_-]{0,20}\[\s{0,9}(STATUS\s{0,9}[:=]\s{0,9})?(STARTED|COMPLETED?|FAILED|BLOCKED|(?:IN[_-])?PROGRESS)(?:[\s:-]{0,3}(\d{1,3})\s{0,3}%?)?\s{0,9}\](.*)$/i;
const ERROR = /^[\s>*#`_-]{0,20}\[ERROR:\s{0,9}Agent\b([^\]]*)\]/i;

const STATES: Readonly<Record<string, Progress['state']>> = {
  STARTED: 'started',
  COMPLETE: 'complete',
  COMPLETED: 'complete',
  FAILED: 'failed',
  BLOCKED: 'blocked',
};

function markerIn(line: string): Progress[] {
  const [, status, word = '', number, rest = ''] = MARKER.exec(line) ?? [];
  // Without "STATUS:" only the three ends are markers, in capitals: test runners print "[failed]", too.
  if (word === '' || (status === undefined && !/^(?:COMPLETE|FAILED|BLOCKED)$/.test(word))) return [];
  return [progressOf(word, number, rest.replace(/^[\s:*`_\u2013\u2014-]{1,20}/, '').trim())];
}

function progressOf(word: string, number: string | undefined, text: string): Progress {
  const state = STATES[word.toUpperCase()] ?? 'working';
  const percent = state === 'complete' ? 100 : number === undefined ? undefined : Math.min(100, Number(number));
  return { type: 'progress', state, text, ...(percent === undefined ? {} : { percent }) };
}

interface Block {
  keys: RegExp;
  /** Each key's text; the items of a list are joined. */
  values: Map<string, string[]>;
  at?: string;
  progress: () => Progress[];
}

function errorBlock(line: string): Block {
  const who = ERROR.exec(line)?.[1]?.trim() ?? '';
  const values = new Map<string, string[]>();
  const progress = (): Progress[] => {
    const parts = [...values].map(([key, texts]) => `${key}: ${texts.join(' ')}`);
    return [{ type: 'progress', state: 'failed', text: [`Agent ${who}`, ...parts].join('\n') }];
  };
  return { keys: /^[\s>*-]{0,20}(Cause|Impact|Recommendation)\s{0,9}:(.*)$/i, values, progress };
}

function reportBlock(): Block {
  const values = new Map<string, string[]>();
  const keys = /^\s*(status|completedTasks|remainingTasks|blockers|estimatedCompletion)\s{0,9}:(.*)$/i;
  return { keys, values, progress: () => reportOf(values) };
}

/** Takes a line into the block, if it belongs there. */
function goesOn(block: Block, line: string): boolean {
  const [, key, rest = ''] = block.keys.exec(line) ?? [];
  if (key !== undefined) {
    block.at = key.toLowerCase();
    block.values.set(block.at, itemsOf(rest));
    return true;
  }
  const item = /^\s*-\s+(\S.*)$/.exec(line)?.[1] ?? (/^\s{2,}\S/.test(line) ? line : undefined);
  const items = block.at === undefined ? undefined : block.values.get(block.at);
  if (item === undefined || !items || items.length > 100) return false;
  items.push(unquoted(item));
  return true;
}

/** A scalar, or a list in brackets. */
function itemsOf(text: string): string[] {
  const bare = text.trim();
  const parts = bare.startsWith('[') && bare.endsWith(']') ? bare.slice(1, -1).split(',') : [bare];
  return parts.map(unquoted).filter((part) => part !== '');
}

const unquoted = (text: string): string => text.trim().replace(/^(["'])(.*)\1$/, '$2');

function reportOf(values: ReadonlyMap<string, readonly string[]>): Progress[] {
  const [status = ''] = values.get('status') ?? [];
  const [marker = progressOf('PROGRESS', undefined, '')] = markerIn(`[STATUS: ${status}]`);
  const remaining = values.get('remainingtasks') ?? [];
  const done = values.get('completedtasks') ?? [];
  const blockers = (values.get('blockers') ?? []).filter((one) => !/^(?:none|null|~|-)$/i.test(one));
  const estimate = values.get('estimatedcompletion')?.[0];
  const text = [
    ...(blockers.length > 0 ? [`held up by ${blockers.join(', ')}`] : []),
    ...(remaining.length > 0 ? [`next ${remaining[0]}`] : []),
    ...(done.length + remaining.length > 0 ? [`${done.length} of ${done.length + remaining.length} parts done`] : []),
    ...(estimate === undefined ? [] : [`${estimate} left`]),
  ].join(', ');
  return [{ ...marker, text }];
}
