import type { ServerResponse } from 'node:http';
import type { Action, Answer, Fault, ModelRequest } from './script.ts';

/** One protocol that programs speak with their model. A new one is one file and one line in server.ts. */
export interface Dialect {
  name: string;
  /** Whether a path below the run's prefix is a request for an answer. */
  answers(path: string): boolean;
  read(body: unknown, path: string): ModelRequest;
  /** The tool call an action becomes with the tools on offer. */
  call(action: Action, tools: readonly string[]): { name: string; input: Readonly<Record<string, unknown>> };
  reply(response: ServerResponse, answer: Answer, request: ModelRequest): void;
  /** The body of an error, as the real service words it. */
  error(fault: Extract<Fault, { kind: 'status' }>): unknown;
  /** The beginning of an answer, after which the connection breaks. */
  begin(response: ServerResponse, request: ModelRequest): void;
}
