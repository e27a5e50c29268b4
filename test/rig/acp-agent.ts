/**
 * A small agent that speaks the Agent Client Protocol: asks leave to write a file, writes it when it may, and says so.
 * One self-contained program, so that a test can name it in orchestrate.yaml: `node acp-agent.mjs FILE`.
 */
export const ACP_AGENT = String.raw`
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\n');
const update = (update) => send({ method: 'session/update', params: { sessionId: 's', update } });
const toolCall = { toolCallId: 't', kind: 'execute', title: 'Write it', rawInput: { command: 'write ' + process.argv[2] } };
const options = [
  { optionId: 'yes', kind: 'allow_once', name: 'Yes' },
  { optionId: 'ever', kind: 'allow_always', name: 'Always' },
  { optionId: 'no', kind: 'reject_once', name: 'No' },
];
let cwd = '';
let prompt;
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params, result } = JSON.parse(line);
  if (method === 'initialize') send({ id, result: { protocolVersion: 1, agentCapabilities: {} } });
  if (method === 'session/new') {
    cwd = params.cwd;
    send({ id, result: { sessionId: 's' } });
  }
  if (method === 'session/prompt') {
    prompt = id;
    send({ id: 'ask', method: 'session/request_permission', params: { sessionId: 's', toolCall, options } });
  }
  if (method === 'session/cancel') send({ id: prompt, result: { stopReason: 'cancelled' } });
  if (id === 'ask') {
    const allowed = result.outcome.optionId === 'yes';
    if (allowed) writeFileSync(join(cwd, process.argv[2]), 'written\n');
    update({ sessionUpdate: 'tool_call_update', toolCallId: 't', status: allowed ? 'completed' : 'failed' });
    update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: allowed ? 'Done.' : 'I may not.' } });
    send({ id: prompt, result: { stopReason: 'end_turn' } });
  }
}
`;
