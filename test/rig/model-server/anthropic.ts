import type { ServerResponse } from 'node:http';
import type { Dialect } from './dialect.ts';
import type { Action, Answer, Fault, ModelRequest } from './script.ts';

/** Anthropic Messages, streamed as server-sent events or in one piece. */
export const anthropic: Dialect = {
  name: 'anthropic',
  answers: (path) => path === '/v1/messages',
  read,
  call,
  reply,
  error,
  begin,
};

interface Body {
  model?: string;
  stream?: boolean;
  tools?: { name: string }[];
  messages?: { role: string; content: string | { type: string }[] }[];
}

function read(body: unknown): ModelRequest {
  const { model = '', stream = false, tools = [], messages = [] }: Body = Object(body);
  const lastAnswer = messages.findLastIndex((message) => message.role === 'assistant' && !has(message, 'tool_use'));
  const round = messages.slice(lastAnswer + 1).filter((message) => has(message, 'tool_result')).length;
  return { round, tools: tools.map(({ name }) => name), stream, model };
}

const has = ({ content }: { content: string | { type: string }[] }, type: string): boolean =>
  typeof content !== 'string' && content.some((block) => block.type === type);

function call(action: Action): { name: string; input: Readonly<Record<string, unknown>> } {
  switch (action.do) {
    case 'write':
      return { name: 'Write', input: { file_path: action.path, content: action.content } };
    case 'read':
      return { name: 'Read', input: { file_path: action.path } };
    case 'edit':
      return { name: 'Edit', input: { file_path: action.path, old_string: action.old, new_string: action.new } };
    case 'shell':
      return { name: 'Bash', input: { command: action.command, description: 'scripted command' } };
    case 'tool':
      return { name: action.name, input: action.input };
  }
}

function reply(response: ServerResponse, answer: Answer, request: ModelRequest): void {
  const blocks = blocksOf(answer);
  const reason = answer.calls.length > 0 ? 'tool_use' : 'end_turn';
  if (!request.stream) {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ...message(request), content: blocks, stop_reason: reason }));
    return;
  }
  begin(response, request);
  for (const [index, block] of blocks.entries()) sendBlock(response, index, block);
  send(response, {
    type: 'message_delta',
    delta: { stop_reason: reason, stop_sequence: null },
    usage: { output_tokens: 7 },
  });
  send(response, { type: 'message_stop' });
  response.end();
}

function begin(response: ServerResponse, request: ModelRequest): void {
  response.setHeader('content-type', 'text/event-stream');
  send(response, { type: 'message_start', message: { ...message(request), content: [] } });
}

function error({ status, message: text = `scripted ${status}` }: Extract<Fault, { kind: 'status' }>): unknown {
  const types: Record<number, string> = {
    400: 'invalid_request_error',
    401: 'authentication_error',
    429: 'rate_limit_error',
    529: 'overloaded_error',
  };
  return { type: 'error', error: { type: types[status] ?? 'api_error', message: text } };
}

type Block =
  | { type: 'thinking'; thinking: string; signature: string }
  | { type: 'text'; text: string }
  | { type: 'tool_use'; id: string; name: string; input: Readonly<Record<string, unknown>> };

function blocksOf({ thinking, text, calls }: Answer): Block[] {
  return [
    ...(thinking === undefined ? [] : [{ type: 'thinking' as const, thinking, signature: 'c2NyaXB0ZWQ=' }]),
    ...(text === '' ? [] : [{ type: 'text' as const, text }]),
    ...calls.map((one) => ({ type: 'tool_use' as const, ...one })),
  ];
}

function sendBlock(response: ServerResponse, index: number, block: Block): void {
  const start = {
    ...block,
    ...(block.type === 'text' ? { text: '' } : {}),
    ...(block.type === 'tool_use' ? { input: {} } : {}),
    ...(block.type === 'thinking' ? { thinking: '', signature: '' } : {}),
  };
  send(response, { type: 'content_block_start', index, content_block: start });
  for (const delta of deltasOf(block)) send(response, { type: 'content_block_delta', index, delta });
  send(response, { type: 'content_block_stop', index });
}

function deltasOf(block: Block): object[] {
  switch (block.type) {
    case 'text':
      return [{ type: 'text_delta', text: block.text }];
    case 'thinking':
      return [
        { type: 'thinking_delta', thinking: block.thinking },
        { type: 'signature_delta', signature: block.signature },
      ];
    case 'tool_use':
      return [{ type: 'input_json_delta', partial_json: JSON.stringify(block.input) }];
  }
}

const message = ({ model }: ModelRequest): object => ({
  id: `msg_${(serial += 1)}`,
  type: 'message',
  role: 'assistant',
  model,
  stop_reason: null,
  stop_sequence: null,
  usage: { input_tokens: 11, output_tokens: 1 },
});

let serial = 0;

const send = (response: ServerResponse, event: { type: string } & Readonly<Record<string, unknown>>): boolean =>
  response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
