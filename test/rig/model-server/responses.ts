import type { ServerResponse } from 'node:http';
import type { Dialect } from './dialect.ts';
import { openAiError, sendData } from './openai.ts';
import { roundOf, type Action, type Answer, type ModelRequest } from './script.ts';

/** OpenAI Responses, streamed as server-sent events. */
export const responses: Dialect = {
  name: 'responses',
  answers: (path) => path.endsWith('/responses'),
  read,
  call,
  reply,
  error: openAiError,
  begin,
};

interface Body {
  model?: string;
  stream?: boolean;
  tools?: { name?: string; type: string }[];
  input?: { type?: string; role?: string; call_id?: string }[];
}

function read(body: unknown): ModelRequest {
  const { model = '', stream = false, tools = [], input = [] }: Body = Object(body);
  const prompt = input.findLastIndex(({ role }) => role === 'user');
  const answered = input.slice(prompt + 1).filter(({ type = '' }) => type.endsWith('_output'));
  const names = tools.map(({ name, type }) => name ?? type);
  return { round: roundOf(answered.map((item) => item.call_id ?? '')), tools: names, stream, model };
}

/** A file is written as a patch or by the shell, whichever is on offer. */
function call(action: Action, tools: readonly string[]): { name: string; input: Readonly<Record<string, unknown>> } {
  switch (action.do) {
    case 'tool':
      return { name: action.name, input: action.input };
    case 'write':
      return patch(`*** Add File: ${action.path}\n${marked('+', action.content)}`);
    case 'edit':
      return patch(`*** Update File: ${action.path}\n@@\n${marked('-', action.old)}${marked('+', action.new)}`);
    case 'read':
      return shell(`cat '${action.path}'`, tools);
    case 'shell':
      return shell(action.command, tools);
  }
}

const patch = (body: string): { name: string; input: Readonly<Record<string, unknown>> } => ({
  name: 'apply_patch',
  input: { input: `*** Begin Patch\n${body}*** End Patch\n` },
});

const marked = (mark: string, text: string): string =>
  text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => `${mark}${line}\n`)
    .join('');

function shell(command: string, tools: readonly string[]): { name: string; input: Readonly<Record<string, unknown>> } {
  if (tools.includes('exec_command')) return { name: 'exec_command', input: { cmd: command, yield_time_ms: 30_000 } };
  if (tools.includes('shell_command')) return { name: 'shell_command', input: { command } };
  return { name: 'shell', input: { command: ['bash', '-lc', command] } };
}

function reply(response: ServerResponse, answer: Answer): void {
  begin(response);
  for (const [index, item] of itemsOf(answer).entries()) {
    sendData(response, { type: 'response.output_item.added', output_index: index, item });
    sendData(response, { type: 'response.output_item.done', output_index: index, item });
  }
  const usage = { input_tokens: 11, output_tokens: 7, total_tokens: 18 };
  sendData(response, { type: 'response.completed', response: { id: 'resp_1', status: 'completed', usage } });
  response.end();
}

function begin(response: ServerResponse): void {
  response.setHeader('content-type', 'text/event-stream');
  sendData(response, { type: 'response.created', response: { id: 'resp_1' } });
}

function itemsOf({ thinking, text, calls }: Answer): object[] {
  const summary = [{ type: 'summary_text', text: thinking ?? '' }];
  const content = [{ type: 'output_text', text, annotations: [] }];
  return [
    ...(thinking === undefined ? [] : [{ type: 'reasoning', id: 'rs_1', summary, encrypted_content: 'c2NyaXB0ZWQ=' }]),
    ...(text === '' ? [] : [{ type: 'message', id: 'msg_1', role: 'assistant', content }]),
    ...calls.map(callItem),
  ];
}

/** A tool whose only input is a text is called with that text, not with JSON. */
function callItem({ id, name, input }: Answer['calls'][number]): object {
  const common = { id: `fc_${id}`, call_id: id, name };
  return name === 'apply_patch'
    ? { type: 'custom_tool_call', ...common, input: input['input'] }
    : { type: 'function_call', ...common, arguments: JSON.stringify(input) };
}
