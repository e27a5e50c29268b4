import { basename } from 'node:path';
import type { AgentEvent } from '../../model/run/job.ts';
import type { Permission, PermissionOption } from '../../model/crew/permission.ts';
import { readable } from '../readable.ts';
import { listOf, objectOf, objectsOf, textOf, type Json } from '../json.ts';

interface Tool {
  id: string;
  kind: string;
  title: string;
  input: Json;
  paths: readonly string[];
  diffs: readonly { path: string; text: string }[];
  output: string;
  told: boolean;
  over: boolean;
}

/** The tool calls of a session. Each grows with every update, and a request for leave may be the first sight of one. */
export class Tools {
  readonly #tools = new Map<string, Tool>();

  /** Whether one is at work, as far as the agent says. */
  get atWork(): boolean {
    return [...this.#tools.values()].some(({ told, over }) => told && !over);
  }

  take(update: Json): AgentEvent[] {
    const tool = this.#merge(update);
    const status = textOf(update['status']);
    const events: AgentEvent[] = [];
    // A call may be announced before its input is known: it is told with the next that is heard of it.
    const isKnown = update['sessionUpdate'] === 'tool_call_update' || commandOf(tool.input) !== undefined;
    if (!tool.told && (isKnown || (status !== undefined && status !== 'pending'))) events.push(started(tool));
    if (tool.over || (status !== 'completed' && status !== 'failed')) return events;
    tool.over = true;
    return [...events, { type: 'toolEnded', id: tool.id, failed: status === 'failed', output: tool.output }];
  }

  /** It will not happen, whether the agent says so or not. */
  end(id: string): void {
    const tool = this.#tools.get(id);
    if (tool) tool.over = true;
  }

  /** What is asked leave for, put together from the request and all that was known of the call. */
  permission(id: string, params: Json): { permission: Permission; events: AgentEvent[] } {
    const tool = this.#merge(objectOf(params['toolCall']) ?? {});
    const options = objectsOf(params['options']).flatMap(optionOf);
    const permission = {
      id,
      tool: tool.kind,
      title: readable(commandOf(tool.input)?.trimStart() ?? titleOf(tool)).split('\n')[0] ?? '',
      detail: readable(detailOf(tool)),
      paths: tool.paths,
      options,
    };
    return { permission, events: tool.told ? [] : [started(tool)] };
  }

  #merge(update: Json): Tool {
    const id = textOf(update['toolCallId']) ?? '';
    const known: Tool = this.#tools.get(id) ?? {
      id,
      kind: 'other',
      title: '',
      input: {},
      paths: [],
      diffs: [],
      output: '',
      told: false,
      over: false,
    };
    this.#tools.set(id, known);
    const content = objectsOf(update['content']);
    const diffs = content.filter((part) => part['type'] === 'diff').map(diffOf);
    const located = objectsOf(update['locations']).flatMap((place) => textOf(place['path']) ?? []);
    known.kind = textOf(update['kind']) ?? known.kind;
    known.title = textOf(update['title']) || known.title;
    known.input = objectOf(update['rawInput']) ?? known.input;
    if (diffs.length > 0) known.diffs = diffs;
    known.paths = [...new Set([...known.paths, ...located, ...diffs.map(({ path }) => path)])];
    const terminal = textOf(objectOf(objectOf(update['_meta'])?.['terminal_output_delta'])?.['data']);
    known.output = outputOf(content, update['rawOutput']) || known.output + (terminal ?? '');
    return known;
  }
}

function started(tool: Tool): AgentEvent {
  tool.told = true;
  const title = titleOf(tool);
  const places = tool.paths.filter((path) => !title.includes(basename(path)));
  const detail = commandOf(tool.input) ?? [title, ...places].join(' ');
  return { type: 'toolStarted', id: tool.id, name: tool.kind, detail };
}

const titleOf = ({ title, kind, paths }: Tool): string => title || [kind, ...paths].join(' ');

/** A command as one line, however it is given. */
function commandOf(input: Json): string | undefined {
  const command = input['command'] ?? input['cmd'];
  const words = listOf(command).map(textOf);
  if (words.length > 0 && words.every((word) => word !== undefined)) return words.slice(shellWords(words)).join(' ');
  return textOf(command);
}

/** `bash -lc LINE` is the line. */
const shellWords = ([shell = '', option = '']: readonly (string | undefined)[]): number =>
  /(^|\/)(ba|z|)sh$/.test(shell) && /^-\w*c$/.test(option) ? 2 : 0;

/** All that a person must see to decide: the command, the change, else what was asked for. */
function detailOf(tool: Tool): string {
  const changes = tool.diffs.map(({ path, text }) => `${path}\n${text}`);
  const parts = [commandOf(tool.input) ?? '', ...changes].filter((part) => part !== '');
  if (parts.length > 0) return parts.join('\n\n');
  return Object.keys(tool.input).length === 0 ? '' : JSON.stringify(tool.input, null, 2);
}

function diffOf(part: Json): { path: string; text: string } {
  const lines = (text: unknown, mark: string): string[] =>
    (textOf(text) ?? '')
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => `${mark}${line}`);
  const [before, after] = [part['oldText'], part['newText']];
  const text = [...(textOf(before) ? lines(before, '-') : []), ...(textOf(after) ? lines(after, '+') : [])].join('\n');
  return { path: textOf(part['path']) ?? '', text };
}

function outputOf(content: readonly Json[], raw: unknown): string {
  const texts = content.flatMap((part) => textOf(objectOf(part['content'])?.['text']) ?? []);
  if (texts.length > 0) return texts.join('\n');
  const output = objectOf(raw);
  const said = ['output', 'formatted_output', 'aggregated_output', 'stdout', 'error', 'message', 'content'];
  return textOf(raw) ?? said.flatMap((field) => textOf(output?.[field]) || []).join('\n');
}

function optionOf(option: Json): PermissionOption[] {
  const kind = KINDS.find((one) => one === option['kind']);
  const id = textOf(option['optionId']);
  return kind === undefined || id === undefined ? [] : [{ id, kind, name: textOf(option['name']) ?? '' }];
}

const KINDS = ['allow_once', 'allow_always', 'reject_once', 'reject_always'] as const;
