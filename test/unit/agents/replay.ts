import { setImmediate as turn } from 'node:timers/promises';
import type { AgentEvent, Conversation } from '../../../src/model/run/job.ts';
import { choicesOf } from '../../../src/model/crew/permission.ts';
import { Talk } from '../../../src/runner/talk.ts';
import { type Reading, readingOf, type Recording, streamOf } from './recordings.ts';

/**
 * Holds a recorded conversation once more: the agent's side is the recording, ours is what the runner has in real life.
 * An answer is given once it was asked for; what waits for a person is allowed, or refused where the recording is of that.
 */
export async function replay({ name, lines, exit, conversation }: Recording): Promise<Reading> {
  if (!conversation) throw new Error(`${name} is of nobody who was spoken with`);
  const events: AgentEvent[] = [];
  const talk = talkOf(conversation, events, name === 'rejected' ? 'reject' : 'allow');
  const running = talk.run();
  for (const line of lines) {
    // One round of the loop is enough for whatever an answer leads to: nothing of it waits for anything outside.
    await turn();
    events.push(...talk.line(line, streamOf(line)));
  }
  await turn();
  talk.close();
  await running;
  return readingOf(events, talk.outcome(exit));
}

function talkOf(conversation: Conversation, events: AgentEvent[], answer: 'allow' | 'reject'): Talk {
  const talk = new Talk({
    conversation,
    cwd: '/example/repository',
    send: () => undefined,
    hangUp: () => undefined,
    onWaiting: () => undefined,
    note: (more) => {
      events.push(...more);
      for (const event of more) if (event.type === 'permissionAsked') setImmediate(() => decide(event.permission));
    },
  });
  const decide = (permission: Parameters<typeof choicesOf>[0]): void => {
    const option = choicesOf(permission).find(({ id }) => id === answer)?.option ?? '';
    void talk.steer({ kind: 'answer', permission: permission.id, option });
  };
  return talk;
}
