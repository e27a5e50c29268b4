import { deepEqual, equal, ok } from 'node:assert/strict';
import type { ProcessAgent, ProgramExit } from '../../../src/agents/agent.ts';
import { AGENTS } from '../../../src/agents/all.ts';
import { readAll, recorded, recordings, transcripts } from './recordings.ts';

/** A recording, how its program exited, and what it comes to. */
type Row = [recording: string, exit: Partial<ProgramExit>, end: string];

const KILLED = { code: null, signal: 'SIGKILL' };

const ENDS: Readonly<Record<string, readonly Row[]>> = {
  codex: [
    ['success', { code: 0 }, 'succeeded'],
    ['contained', { code: 0 }, 'succeeded'],
    ['resumed', { code: 0 }, 'succeeded'],
    ['throttled', { code: 0 }, 'succeeded'],
    ['tool-error', { code: 0 }, 'succeeded'],
    ['key-refused', { code: 1 }, 'escalate'],
    ['unwell-500', { code: 1 }, 'transient'],
    ['unwell-cut', { code: 1 }, 'transient'],
    ['unwell-html', { code: 1 }, 'transient'],
    ['usage-limit', { code: 1 }, 'transient'],
    ['killed', KILLED, 'transient'],
    ['cancelled', { code: 1, stopped: 'cancelled' }, 'transient'],
  ],
  gemini: [
    ['success', { code: 0 }, 'succeeded'],
    ['contained', { code: 0 }, 'succeeded'],
    ['resumed', { code: 0 }, 'succeeded'],
    ['throttled', { code: 0 }, 'succeeded'],
    ['tool-error', { code: 0 }, 'succeeded'],
    ['key-refused', { code: 145 }, 'escalate'],
    ['unwell-500', { code: 244 }, 'transient'],
    ['unwell-cut', { code: 1 }, 'transient'],
    ['unwell-html', { code: 1 }, 'transient'],
    ['usage-limit', { code: 1 }, 'transient'],
    ['out-of-turns', { code: 0 }, 'fixable'],
    ['killed', KILLED, 'transient'],
    ['cancelled', { code: 0, stopped: 'cancelled' }, 'transient'],
  ],
  opencode: [
    ['success', { code: 0 }, 'succeeded'],
    ['contained', { code: 0 }, 'succeeded'],
    ['resumed', { code: 0 }, 'succeeded'],
    ['throttled', { code: 0 }, 'succeeded'],
    ['tool-error', { code: 0 }, 'succeeded'],
    ['key-refused', { code: 1 }, 'escalate'],
    ['unwell-500', { code: 143, stopped: 'cancelled' }, 'transient'],
    ['unwell-cut', { code: 143, stopped: 'cancelled' }, 'transient'],
    ['unwell-html', { code: 143, stopped: 'cancelled' }, 'transient'],
    ['killed', KILLED, 'transient'],
    ['cancelled', { code: 0, stopped: 'cancelled' }, 'transient'],
  ],
  copilot: [
    ['success', { code: 0 }, 'succeeded'],
    ['contained', { code: 0 }, 'succeeded'],
    ['resumed', { code: 0 }, 'succeeded'],
    ['throttled', { code: 0 }, 'succeeded'],
    ['tool-error', { code: 0 }, 'succeeded'],
    ['key-refused', { code: 1 }, 'escalate'],
    ['unwell-500', { code: 1 }, 'transient'],
    ['unwell-cut', { code: 1 }, 'transient'],
    ['unwell-html', { code: 1 }, 'transient'],
    ['killed', KILLED, 'transient'],
    ['cancelled', { code: 0, stopped: 'cancelled' }, 'transient'],
  ],
};

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
  '{"type":"item.completed"}',
  '{"type":"item.completed","item":{"type":"file_change","changes":[null,3]}}',
  '{"type":"turn.failed"}',
  '{"type":"tool_use","part":{"state":7}}',
  '{"type":"assistant.message","data":[]}',
  '{"type":"message","role":"assistant","content":{}}',
];

const driven = AGENTS.filter((agent): agent is ProcessAgent => agent.kind === 'process' && agent.name in ENDS);

for (const agent of driven) {
  describe(`The reader of ${agent.title}`, () => {
    const rows = ENDS[agent.name] ?? [];
    for (const [recording, exit, end] of rows) {
      it(`makes of the recording "${recording}": ${end}`, () => {
        const reading = readAll(agent, recorded(agent, recording), exit);
        equal(reading.end, end);
        ok(reading.outcome.kind === 'succeeded' || reading.outcome.message.length > 0);
      });
    }

    it('is tested on every recording', () => {
      deepEqual(recordings(agent).toSorted(), rows.map(([name]) => name).toSorted());
    });

    it('knows each tool that ends from its start', () => {
      for (const name of recordings(agent)) {
        const started = new Set<string>();
        for (const event of readAll(agent, recorded(agent, name)).events) {
          if (event.type === 'toolStarted') started.add(event.id);
          if (event.type === 'toolEnded') ok(started.has(event.id), `${name}: ${event.id}`);
        }
      }
    });

    it('never takes a stopped attempt, or one with a bad exit code, for a success', () => {
      const lines = recorded(agent, 'success');
      for (const exit of [{ stopped: 'cancelled' }, { stopped: 'timedOut' }, { code: 1 }, KILLED] as const)
        equal(readAll(agent, lines, exit).outcome.kind, 'failed');
    });

    it('never takes silence for a success, and a missing program or login for a matter of another try', () => {
      equal(readAll(agent, []).end, 'transient');
      equal(readAll(agent, ['sh: it: not found'], { code: 127 }).end, 'escalate');
      equal(readAll(agent, ['Not logged in. Please run /login'], { code: 1 }).end, 'escalate');
    });

    it('bears any line', () => equal(readAll(agent, ODD, { code: 1 }).outcome.kind, 'failed'));

    for (const { name, lines } of transcripts(agent))
      it(`reads the transcript ${name}`, () => {
        const { events, outcome } = readAll(agent, lines, { code: 1 });
        // Who was told the session beforehand may say it only at the end.
        const ended = events.some(({ type }) => type === 'ended');
        ok(outcome.session !== undefined || (agent.capabilities.presetSession && !ended));
        ok(!events.some(({ type }) => type === 'output'));
      });
  });
}
