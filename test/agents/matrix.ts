import type { Capabilities, ConversationAgent, ProcessAgent } from '../../src/agents/agent.ts';
import { AGENTS } from '../../src/agents/all.ts';
import { EXPECTED, type Expected } from './expected.ts';

type Row = [what: string, cell: (capabilities: Capabilities, expected: Expected) => string];

const yes = (value: boolean): string => (value ? 'yes' : 'no');
const ending = (end: string): string => (end === 'never' ? 'goes on until it is ended' : `ends, ${end}`);

const ROWS: readonly Row[] = [
  ['Takes a session id from us', ({ presetSession }) => yes(presetSession)],
  ['Goes on where it was killed', ({ resume }, { notResumed }) => (resume ? 'yes' : `cannot: ${notResumed}`)],
  ['Stops politely on', ({ interrupt, messages }) => interrupt ?? (messages ? 'session/cancel' : 'SIGTERM')],
  ['Can be limited in turns', ({ maxTurns }) => yes(maxTurns)],
  ['Can be limited in money', ({ budget }) => yes(budget)],
  ['Says its tokens', ({ usage }) => yes(usage)],
  ['Says its cost', ({ cost }) => yes(cost)],
  ['Numbers that count the whole session', ({ sessionTotals }) => sessionTotals.join(', ') || 'none'],
  ['Says itself how it ended', ({ finalEvent }) => yes(finalEvent)],
  ['Shows that it tries its model again', ({ showsRetries }) => yes(showsRetries)],
  ['Runs commands', ({ commands }) => COMMANDS[commands]],
  ['Kept in its worktree by', ({ sandbox }) => SANDBOXES[sandbox]],
  ['Commits what it wrote', ({ commands }) => (commands === 'contained' ? 'cannot: its sandbox shuts `.git`' : 'yes')],
  ['A command that fails is seen as failed', (_, { failureSeen }) => yes(failureSeen)],
  ['A key that is refused', (_, { key }) => (key ? 'says too little: transient' : 'a matter for a person')],
  ['Throttled once, then answered', () => 'goes on by itself'],
  ['A plan that is used up', (_, { usedUp }) => USED_UP[usedUp]],
  ['Model answers 500 for ever', ({ givesUp }) => ending(givesUp ? 'transient' : 'never')],
  ['Answers break off for ever', (_, { cut }) => ending(cut)],
  ['HTML in place of answers', (_, { html }) => ending(html)],
  ['Model never answers', ({ messages }) => (messages ? 'ends after `stall`, transient' : ending('never'))],
  ['Ended in the middle of a tool', () => 'leaves no process'],
  ['A message while it works', (_, { injects }) => (injects ? 'heard at once' : 'in a further turn')],
];

const USED_UP = {
  timed: 'seen, with its time',
  transient: 'taken for a model that is down',
  never: 'waits for its end in silence',
} as const;
const COMMANDS = { contained: 'yes, contained', ifAllowed: 'if allowed', yes: 'yes' } as const;
const SANDBOXES = { system: 'the system', rules: 'its own rules', none: 'nothing' } as const;

/** What each agent of a table can do and how it behaves, as a Markdown table with a row for each thing. */
export function matrix(table: Readonly<Record<string, Expected>> = EXPECTED): string {
  const agents = Object.entries(table).map(([name, expected]) => ({ agent: programAgent(name), expected }));
  const head = ['', ...agents.map(({ agent }) => agent.name)];
  const rows = ROWS.map(([what, cell]) => [
    what,
    ...agents.map(({ agent, expected }) => cell(agent.capabilities, expected)),
  ]);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function programAgent(name: string): ProcessAgent | ConversationAgent {
  const agent = AGENTS.find((one) => one.name === name);
  if (agent?.kind !== 'process' && agent?.kind !== 'conversation') throw new Error(`${name} is no program`);
  return agent;
}
