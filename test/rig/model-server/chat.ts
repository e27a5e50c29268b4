import type { ServerResponse } from 'node:http';
import type { Dialect } from './dialect.ts';
import { openAiError, sendData } from './openai.ts';
import { roundOf, type Action, type Answer, type ModelRequest } from './script.ts';

/** OpenAI Chat Completions, streamed as server-sent events or in one piece. */
export const chat: Dialect = {
  name: 'chat',
  answers: (path) => path.endsWith('/chat/completions'),
  read,
  call,
  reply,
  error: openAiError,
  begin,
};

interface Body {
  model?: string;
  stream?: boolean;
  tools?: { function?: { name: string } }[];
  messages?: { role: string; tool_call_id?: string }[];
}

function read(body: unknown): ModelRequest {
  const { model = '', stream = false, tools = [], messages = [] }: Body = Object(body);
  const prompt = messages.findLastIndex(({ role }) => role === 'user');
  const answered = messages.slice(prompt + 1).filter(({ role }) => role === 'tool');
  const names = tools.map((tool) => tool.function?.name ?? '');
  return { round: roundOf(answered.map((message) => message.tool_call_id ?? '')), tools: names, stream, model };
}

type Call = { name: string; input: Readonly<Record<string, unknown>> };

/** The tools of the two programs that speak this dialect differ in names only. */
function call(action: Action, tools: readonly string[]): Call {
  return tools.includes('create') ? callCopilot(action) : callOpencode(action);
}

function callOpencode(action: Action): Call {
  switch (action.do) {
    case 'write':
      return { name: 'write', input: { filePath: action.path, content: action.content } };
    case 'read':
      return { name: 'read', input: { filePath: action.path } };
    case 'edit':
      return { name: 'edit', input: { filePath: action.path, oldString: action.old, newString: action.new } };
    case 'shell':
      return { name: 'bash', input: { command: action.command, description: 'scripted command' } };
    case 'tool':
      return { name: action.name, input: action.input };
  }
}

function callCopilot(action: Action): Call {
  switch (action.do) {
    case 'write':
      return { name: 'create', input: { path: action.path, file_text: action.content } };
    case 'read':
      return { name: 'view', input: { path: action.path } };
    case 'edit':
      return { name: 'edit', input: { path: action.path, old_str: action.old, new_str: action.new } };
    case 'shell':
      return {
        name: 'bash',
        input: { command: action.command, description: 'scripted command', mode: 'sync', initial_wait: 30 },
      };
    case 'tool':
      return { name: action.name, input: action.input };
  }
}

function reply(response: ServerResponse, answer: Answer, request: ModelRequest): void {
  const message = messageOf(answer);
  const reason = answer.calls.length > 0 ? 'tool_calls' : 'stop';
  if (!request.stream) {
    const choices = [{ index: 0, message, finish_reason: reason }];
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ...head(request), object: 'chat.completion', choices, usage: USAGE }));
    return;
  }
  response.setHeader('content-type', 'text/event-stream');
  sendData(response, chunk(request, message, null));
  sendData(response, chunk(request, {}, reason));
  sendData(response, { ...head(request), object: 'chat.completion.chunk', choices: [], usage: USAGE });
  response.end('data: [DONE]\n\n');
}

function begin(response: ServerResponse, request: ModelRequest): void {
  response.setHeader('content-type', 'text/event-stream');
  sendData(response, chunk(request, { role: 'assistant', content: 'I beg' }, null));
}

const USAGE = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };

const head = ({ model }: ModelRequest): { id: string; created: number; model: string } => ({
  id: 'chatcmpl-scripted',
  created: 1_763_593_200,
  model,
});

const chunk = (request: ModelRequest, delta: object, reason: string | null): Readonly<Record<string, unknown>> => ({
  ...head(request),
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta, finish_reason: reason }],
});

const messageOf = ({ thinking, text, calls }: Answer): object => ({
  role: 'assistant',
  content: text,
  ...(thinking === undefined ? {} : { reasoning_content: thinking }),
  ...(calls.length === 0
    ? {}
    : {
        tool_calls: calls.map(({ id, name, input }, index) => ({
          index,
          id,
          type: 'function',
          function: { name, arguments: JSON.stringify(input) },
        })),
      }),
});
