import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the planner does in one turn: the leave it waits for, the files it writes, and its last word. */
export interface PlannerTurn {
  /** It is done whenever these words stand in the prompt, and no other turn is then. */
  on?: string;
  asks?: string;
  files?: Readonly<Record<string, string>>;
  says?: string;
}

export const DONE = '{"status": "completed", "summary": "Planned.", "extra": {}}';

/**
 * A planner that follows a script: a real program that speaks the Agent Client Protocol, does one turn of the script for
 * each prompt it gets, over all its starts (several may be at work), and keeps the prompts.
 */
export class ScriptedPlanner {
  readonly #folder: string;
  /** orchestrate.yaml with this planner for every task that names nobody. */
  readonly config: string;
  /** It alone, below `agents:`. */
  readonly entry: string;

  /** Everything of it lies in `folder`, which whoever makes it takes away. */
  constructor(folder: string, turns: readonly PlannerTurn[], { resumes = true, name = 'planner' } = {}) {
    this.#folder = folder;
    const program = join(this.#folder, 'planner.mjs');
    mkdirSync(join(this.#folder, 'prompts'), { recursive: true });
    writeFileSync(program, PROGRAM);
    writeFileSync(join(this.#folder, 'script.json'), JSON.stringify({ turns, resumes }));
    const node = process.versions['electron'] ? 'node' : process.execPath;
    const command = JSON.stringify([node, program]);
    this.entry = `${name}: { acp: true, command: ${command} }`;
    this.config = `agents:\n  default: ${name}\n  ${this.entry}\n`;
  }

  /** The prompts it got, oldest first; `resumed` where it was to go on with its session. */
  prompts(): { text: string; resumed: boolean }[] {
    const prompts = [];
    for (let n = 1; existsSync(this.#file(n)); n += 1) prompts.push(JSON.parse(readFileSync(this.#file(n), 'utf8')));
    return prompts;
  }

  #file(n: number): string {
    return join(this.#folder, 'prompts', `${n}.json`);
  }
}

const PROGRAM = String.raw`
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { dirname, join } from 'node:path';

const here = import.meta.dirname;
const { turns, resumes } = JSON.parse(readFileSync(join(here, 'script.json'), 'utf8'));
const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\n');
const say = (text) => send({
  method: 'session/update',
  params: { sessionId: 's', update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } } },
});
const PLAN = /docs\/plan\/([\w.-]+)\/(?:plan|research_findings_\w+)\.yaml/;
let [cwd, resumed, asked] = ['', false, ''];
const askedBefore = () =>
  readdirSync(join(here, 'prompts'))
    .map((name) => PLAN.exec(readFileSync(join(here, 'prompts', name), 'utf8'))?.[1])
    .findLast((id) => id !== undefined) ?? '';

let answered = () => undefined;
const leave = (title) => new Promise((resolve) => {
  answered = resolve;
  const toolCall = { toolCallId: 'tool', title, kind: 'execute', rawInput: { command: title } };
  const options = [
    { optionId: 'yes', kind: 'allow_once', name: 'Yes' },
    { optionId: 'no', kind: 'reject_once', name: 'No' },
  ];
  send({ id: 'leave', method: 'session/request_permission', params: { sessionId: 's', toolCall, options } });
});

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (method === undefined && id === 'leave') answered();
  if (method === 'initialize') send({ id, result: { protocolVersion: 1, agentCapabilities: { loadSession: resumes } } });
  if (method === 'session/new' || method === 'session/load') {
    cwd = params.cwd;
    resumed = method === 'session/load';
    send({ id, result: { sessionId: 's' } });
  }
  if (method === 'session/prompt') void turn(id, params);
  if (method === 'session/cancel') process.exit(0);
}

// Answers how many prompts there were before that no turn was meant for.
function keep(prompt) {
  for (let n = 1; ; n += 1)
    try {
      writeFileSync(join(here, 'prompts', n + '.json'), JSON.stringify(prompt), { flag: 'wx' });
      const before = Array.from({ length: n - 1 }, (_, at) => readFileSync(join(here, 'prompts', at + 1 + '.json'), 'utf8'));
      return before.filter((text) => !text.includes('"fitting":true')).length;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
}

async function turn(id, params) {
    const text = params.prompt.map((part) => part.text ?? '').join('');
    const fitting = turns.find(({ on }) => on !== undefined && text.includes(on));
    const n = keep({ text, resumed, ...(fitting ? { fitting: true } : {}) });
    const inTurn = turns.filter(({ on }) => on === undefined);
    const { asks, files = {}, says = '' } = fitting ?? inTurn[Math.min(n, inTurn.length - 1)];
    if (asks !== undefined) await leave(asks);
    // A path may name the plan that is asked for, now or in the turn before.
    asked = PLAN.exec(text)?.[1] ?? askedBefore();
    for (const [path, content] of Object.entries(files)) {
      const file = join(cwd, path.replaceAll('{id}', asked));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content.replaceAll('{id}', asked));
    }
    say(says);
    send({ id, result: { stopReason: 'end_turn' } });
}
`;
