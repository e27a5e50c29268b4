import type { ServerResponse } from 'node:http';
import type { Dialect } from './dialect.ts';
import { sendData } from './openai.ts';
import type { Action, Answer, Fault, ModelRequest } from './script.ts';

/** Gemini's generateContent and streamGenerateContent. */
export const gemini: Dialect = {
  name: 'gemini',
  answers: (path) => /:(generateContent|streamGenerateContent)$/.test(path),
  read,
  call,
  reply,
  error,
  begin,
};

interface Body {
  contents?: { role?: string; parts?: { functionResponse?: unknown }[] }[];
  tools?: { functionDeclarations?: { name: string }[] }[];
}

function read(body: unknown, path: string): ModelRequest {
  const { contents = [], tools = [] }: Body = Object(body);
  const prompt = contents.findLastIndex((content) => content.role === 'user' && !isAnswer(content));
  const round = contents.slice(prompt + 1).filter(isAnswer).length;
  const names = tools.flatMap(({ functionDeclarations = [] }) => functionDeclarations.map(({ name }) => name));
  const model = /\/models\/([^:]+):/.exec(path)?.[1] ?? '';
  return { round, tools: names, stream: path.includes('stream'), model };
}

const isAnswer = ({ parts = [] }: NonNullable<Body['contents']>[number]): boolean =>
  parts.some(({ functionResponse }) => functionResponse !== undefined);

function call(action: Action): { name: string; input: Readonly<Record<string, unknown>> } {
  switch (action.do) {
    case 'write':
      return { name: 'write_file', input: { file_path: action.path, content: action.content } };
    case 'read':
      return { name: 'read_file', input: { file_path: action.path } };
    case 'edit': {
      const change = { file_path: action.path, old_string: action.old, new_string: action.new };
      return { name: 'replace', input: { ...change, instruction: 'scripted edit' } };
    }
    case 'shell':
      return { name: 'run_shell_command', input: { command: action.command, description: 'scripted command' } };
    case 'tool':
      return { name: action.name, input: action.input };
  }
}

function reply(response: ServerResponse, { thinking, text, calls }: Answer, request: ModelRequest): void {
  const parts = [
    ...(thinking === undefined ? [] : [{ text: thinking, thought: true }]),
    ...(text === '' ? [] : [{ text }]),
    ...calls.map(({ name, input }) => ({ functionCall: { name, args: input } })),
  ];
  const candidates = [{ index: 0, finishReason: 'STOP', content: { role: 'model', parts } }];
  const usageMetadata = { promptTokenCount: 11, candidatesTokenCount: 7, totalTokenCount: 18 };
  const whole = { candidates, usageMetadata, modelVersion: request.model };
  if (request.stream) {
    response.setHeader('content-type', 'text/event-stream');
    sendData(response, whole);
    response.end();
    return;
  }
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(whole));
}

function begin(response: ServerResponse): void {
  response.setHeader('content-type', 'text/event-stream');
  response.write('data: {"candidates":[{"index":0,"content":{"role":"model","parts":[{"text":"I beg');
}

function error({ status, message = `scripted ${status}` }: Extract<Fault, { kind: 'status' }>): unknown {
  const words: Record<number, string> = { 401: 'UNAUTHENTICATED', 429: 'RESOURCE_EXHAUSTED', 500: 'INTERNAL' };
  return { error: { code: status, message, status: words[status] ?? 'UNKNOWN' } };
}
