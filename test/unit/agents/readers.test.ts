import { deepEqual, equal, ok } from 'node:assert/strict';
import { AcpReader } from '../../../src/agents/acp/reader.ts';
import type { AgentReader, ConversationAgent, ProcessAgent } from '../../../src/agents/agent.ts';
import { AGENTS } from '../../../src/agents/all.ts';
import { shell } from '../../../src/agents/shell.ts';
import type { AgentEvent } from '../../../src/model/run/job.ts';
import {
  readAll,
  type Reading,
  readWith,
  type Recording,
  recordingFiles,
  recordings,
  transcriptsIn,
} from './recordings.ts';
import { replay } from './replay.ts';

/** Lines no program of these ever printed, and that none of the readers may trip over. */
const ODD = [
  '',
  '{',
  '[]',
  'null',
  '{}',
  '{"type":5}',
  '{"type":"new thing"}',
  '{"type":"error"}',
  '{"type":"result"}',
  '{"type":"assistant"}',
  '{"type":"assistant","message":{"content":[null,3,{}]}}',
  '{"type":"user","message":{"content":"text"}}',
  '{"type":"item.completed"}',
  '{"type":"item.completed","item":{"type":"file_change","changes":[null,3]}}',
  '{"type":"turn.failed"}',
  '{"type":"tool_use","part":{"state":7}}',
  '{"type":"assistant.message","data":[]}',
  '{"type":"message","role":"assistant","content":{}}',
];

const KILLED = { code: null, signal: 'SIGKILL' };

/** What a reader must make of all that the real programs were recorded doing. */
const ENDS: Readonly<Record<string, string>> = {
  success: 'succeeded',
  'tool-error': 'succeeded',
  throttled: 'succeeded',
  'key-refused': 'escalate',
  'usage-limit': 'transient',
  'unwell-500': 'transient',
  'unwell-cut': 'transient',
  'unwell-html': 'transient',
  cancelled: 'transient',
};

const programs = AGENTS.filter((agent): agent is ProcessAgent => agent.kind === 'process' && agent !== shell);
const spoken = AGENTS.filter((agent): agent is ConversationAgent => agent.kind === 'conversation');

for (const agent of programs) {
  const read = async ({ lines, exit }: Recording): Promise<Reading> => readAll(agent, lines, exit);
  describe(`The reader of ${agent.title}`, () => {
    readsRecordings(agent, read);

    it('never takes a stopped attempt, or one with a bad exit code, for a success', () => {
      const lines = recordings(agent.name).find(({ name }) => name === 'success')?.lines ?? [];
      equal(readAll(agent, lines).end, 'succeeded');
      for (const exit of [{ stopped: 'cancelled' }, { stopped: 'timedOut' }, { code: 1 }, KILLED] as const)
        equal(readAll(agent, lines, exit).outcome.kind, 'failed');
    });

    it('never takes silence for a success, and a missing program or login for a matter of another try', () => {
      equal(readAll(agent, []).end, 'transient');
      equal(readAll(agent, ['sh: it: not found'], { code: 127 }).end, 'escalate');
      equal(readAll(agent, ['Not logged in. Please run /login'], { code: 1 }).end, 'escalate');
    });

    it('bears any line', () => equal(readAll(agent, ODD, { code: 1 }).outcome.kind, 'failed'));
  });
}

for (const agent of spoken) describe(`A conversation with ${agent.title}`, () => readsRecordings(agent, replay));

function readsRecordings(
  { name: agent }: ProcessAgent | ConversationAgent,
  read: (recording: Recording) => Promise<Reading>,
): void {
  const all = recordings(agent);
  for (const recording of all)
    it(`comes to what the real one came to: "${recording.name}", ${recording.end}`, async () => {
      const { outcome, end, events } = await read(recording);
      equal(end, recording.end);
      if (agent !== 'opencode-acp' || recording.name !== 'key-refused') equal(end, ENDS[recording.name] ?? end);
      ok(outcome.kind === 'succeeded' || outcome.message.length > 0);
      const timed = outcome.kind === 'failed' && outcome.resetAt !== undefined ? 'timed' : 'untimed';
      equal(outcome.kind === 'failed' && outcome.limit ? timed : undefined, recording.limit);
      assertToolsBegin(events);
    });

  it('is tested on every recording, and every agent on what matters', () => {
    const names = all.map(({ name }) => name);
    deepEqual(recordingFiles(agent).toSorted(), names.toSorted());
    deepEqual(
      Object.keys(ENDS).filter((name) => !names.includes(name)),
      [],
      'to be recorded with ORCHESTRATE_RECORD=1',
    );
  });
}

/** Each tool that ends is known from its start. */
function assertToolsBegin(events: readonly AgentEvent[]): void {
  const started = new Set<string>();
  for (const event of events) {
    if (event.type === 'toolStarted') started.add(event.id);
    if (event.type === 'toolEnded') ok(started.has(event.id), event.id);
  }
}

/** Recordings by other hands, where there are any: the same programs, so each says its session and no stray line. */
const FOLDER = process.env['ORCHESTRATE_TRANSCRIPTS'];
if (FOLDER)
  describe(`The transcripts in ${FOLDER}`, () => {
    const all = transcriptsIn(FOLDER);
    for (const { agent, name, lines } of all)
      it(`are read: ${agent}/${name}`, () => {
        const { events, outcome } = readWith(readerOf(agent), lines, { code: 1 });
        const ended = events.some(({ type }) => type === 'ended');
        // Who was told the session beforehand may say it only at the end.
        const preset = AGENTS.find((one) => one.name === agent)?.capabilities.presetSession;
        ok(outcome.session !== undefined || agent.endsWith('-acp') || (preset && !ended));
        ok(!events.some(({ type }) => type === 'output'));
      });
    after(() => console.log(`${all.length} transcripts of ${new Set(all.map(({ agent }) => agent)).size} agents read`));
  });

function readerOf(agent: string): AgentReader {
  if (spoken.some(({ name }) => name === agent)) {
    const reader = new AcpReader({});
    reader.turn();
    return reader;
  }
  return programs.find(({ name }) => name === agent)?.reader() ?? unknown(agent);
}

function unknown(agent: string): never {
  throw new Error(`a transcript of ${agent}, which is no agent`);
}
