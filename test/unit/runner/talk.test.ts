import { deepEqual, equal } from 'node:assert/strict';
import type { AgentEvent } from '../../../src/model/run/job.ts';
import { DEFAULT_POLICY } from '../../../src/model/crew/permission.ts';
import { Talk } from '../../../src/runner/talk.ts';

/** A conversation with an agent that answers as the test says, by method; what has no answer is met with silence. */
class Spoken {
  readonly events: AgentEvent[] = [];
  readonly talk: Talk;
  readonly ended: Promise<void>;

  constructor(stall: number, answer: (method: string, count: number) => object | Promise<object> | undefined) {
    const counts = new Map<string, number>();
    this.talk = new Talk({
      conversation: { prompt: 'Go.', permissions: DEFAULT_POLICY, stall },
      cwd: '/w',
      hangUp: () => undefined,
      onWaiting: () => undefined,
      note: (more) => this.events.push(...more),
      send: (line) => {
        const { id, method = '' }: { id?: number; method?: string } = JSON.parse(line);
        counts.set(method, (counts.get(method) ?? 0) + 1);
        const result = answer(method, counts.get(method) ?? 0);
        if (result) void Promise.resolve(result).then((value) => this.#says({ id, result: value }));
      },
    });
    this.ended = this.talk.run();
  }

  #says(message: object): void {
    this.events.push(...this.talk.line(JSON.stringify({ jsonrpc: '2.0', ...message }), 'stdout'));
  }
}

const HELLO = { protocolVersion: 1, agentCapabilities: {} };
const stalled = (events: readonly AgentEvent[]): boolean =>
  events.some((event) => event.type === 'error' && event.message.startsWith('nothing was heard'));

describe('The silence of an agent that is spoken with', () => {
  it('says nothing of its model while the program starts', async () => {
    const late = new Promise<object>((resolve) => setTimeout(() => resolve(HELLO), 60));
    const { talk, ended, events } = new Spoken(20, (method) => {
      if (method === 'initialize') return late;
      return method === 'session/new' ? { sessionId: 's' } : { stopReason: 'end_turn', usage: { outputTokens: 1 } };
    });
    await ended;
    equal(stalled(events), false);
    equal(talk.outcome({ code: 0, signal: null }).session, 's');
  });

  it('is a failure in every turn, also in one after an interruption', async () => {
    let interrupted: (result: object) => void = () => undefined;
    const spoken = new Spoken(40, (method, count) => {
      if (method === 'initialize') return HELLO;
      if (method === 'session/new') return { sessionId: 's' };
      if (method === 'session/cancel') interrupted({ stopReason: 'cancelled' });
      if (method !== 'session/prompt' || count > 1) return undefined;
      setImmediate(() => void spoken.talk.steer({ kind: 'interrupt' }).then(() => say()));
      return new Promise((resolve) => (interrupted = resolve));
    });
    const say = (): Promise<unknown> => spoken.talk.steer({ kind: 'message', text: 'Then this.' });
    await spoken.ended;
    const outcome = spoken.talk.outcome({ code: 0, signal: null });
    deepEqual([stalled(spoken.events), outcome.kind], [true, 'failed']);
  });
});
