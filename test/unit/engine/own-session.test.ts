import { deepEqual } from 'node:assert/strict';
import { ownSession } from '../../../src/engine/own-session.ts';
import type { AgentSettings } from '../../../src/model/config/config.ts';
import type { Attempt, RunState } from '../../../src/model/run/state.ts';

const opens = (name: string, settings: Record<string, AgentSettings> = {}): readonly string[] | undefined => {
  const state = { agents: { a: { name } }, config: { agents: { settings } } } as unknown as RunState;
  return ownSession(state, { task: 'a', path: '/w', session: 's' } as unknown as Attempt).argv;
};

describe('What a person goes on with after taking over', () => {
  it("is the agent's own program with its session, where the settings say it is", () => {
    deepEqual(opens('claude'), ['claude', '--resume', 's']);
    deepEqual(opens('claude', { claude: { command: ['node', 'claude.js'] } }), ['node', 'claude.js', '--resume', 's']);
  });

  it('is the program for people of one that is spoken with, not the one that speaks', () => {
    const settings = { 'claude-acp': { command: ['bridge'] }, claude: { command: ['/opt/claude'] } };
    deepEqual(opens('claude-acp', settings), ['/opt/claude', '--resume', 's']);
    deepEqual(opens('opencode-acp'), ['opencode', '--session', 's']);
  });

  it('is none for an agent without sessions for people', () => {
    deepEqual(opens('shell'), undefined);
    deepEqual(opens('heron', { heron: { acp: true, command: ['heron'] } }), undefined);
  });
});
