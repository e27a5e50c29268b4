/**
 * A small agent that speaks the Agent Client Protocol: asks leave to write each file it is given, one after the other,
 * writes what it may, and says so. Allowed for good, it asks no more. One self-contained program, so that a test can
 * name it in orchestrate.yaml: `node acp-agent.mjs FILE…`.
 */
export const ACP_AGENT = String.raw`
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\n');
const update = (update) => send({ method: 'session/update', params: { sessionId: 's', update } });
const options = [
  { optionId: 'yes', kind: 'allow_once', name: 'Yes' },
  { optionId: 'ever', kind: 'allow_always', name: 'Always' },
  { optionId: 'no', kind: 'reject_once', name: 'No' },
];
const files = process.argv.slice(2);
let [at, cwd, prompt, always, refused] = [0, '', undefined, false, false];

function next() {
  while (always && at < files.length) write();
  if (at < files.length) return ask();
  update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: refused ? 'I may not.' : 'Done.' } });
  send({ id: prompt, result: { stopReason: 'end_turn' } });
}
function ask() {
  const toolCall = { toolCallId: 't' + at, kind: 'execute', title: 'Write it', rawInput: { command: 'write ' + files[at] } };
  send({ id: 'ask', method: 'session/request_permission', params: { sessionId: 's', toolCall, options } });
}
const write = () => writeFileSync(join(cwd, files[at++]), 'written\n');

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params, result } = JSON.parse(line);
  if (method === 'initialize') send({ id, result: { protocolVersion: 1, agentCapabilities: {} } });
  if (method === 'session/new') {
    cwd = params.cwd;
    send({ id, result: { sessionId: 's' } });
  }
  if (method === 'session/prompt') {
    prompt = id;
    next();
  }
  if (method === 'session/cancel') send({ id: prompt, result: { stopReason: 'cancelled' } });
  if (id === 'ask') {
    const { optionId } = result.outcome;
    const allowed = optionId === 'yes' || optionId === 'ever';
    const status = allowed ? 'completed' : 'failed';
    update({ sessionUpdate: 'tool_call_update', toolCallId: 't' + at, status });
    always = optionId === 'ever';
    if (allowed) write();
    else [at, refused] = [files.length, true];
    next();
  }
}
`;
