import type { ServerResponse } from 'node:http';
import type { Fault } from './script.ts';

/** The body of an error as OpenAI's services word it. */
export function openAiError({ status, message: text = `scripted ${status}` }: Extract<Fault, { kind: 'status' }>): {
  error: Readonly<Record<string, unknown>>;
} {
  const codes: Record<number, string> = { 401: 'invalid_api_key', 429: 'rate_limit_exceeded' };
  return {
    error: { message: text, type: status >= 500 ? 'server_error' : 'invalid_request_error', code: codes[status] },
  };
}

/** One server-sent event. */
export function sendData(response: ServerResponse, event: Readonly<Record<string, unknown>>): void {
  const name = typeof event['type'] === 'string' ? `event: ${event['type']}\n` : '';
  response.write(`${name}data: ${JSON.stringify(event)}\n\n`);
}
