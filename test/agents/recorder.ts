import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { defined } from '../../src/model/defined.ts';
import type { AgentOutcome, JobExit } from '../../src/model/run/job.ts';
import { rawFile, readSpec, scratchFolder } from '../../src/process/job-folder.ts';
import type { Ending } from '../unit/agents/recordings.ts';
import type { Attempt } from './attempt.ts';

/**
 * Makes a fixture of what a real program printed, and writes down how it ended: `<name>.jsonl` and a row of `ends.json`
 * in the agent's folder. What differs from one run to the next, and what is of this machine, is written over.
 */
export function record(attempt: Attempt, exit: JobExit, agent: string, name: string): void {
  const file = join('test', 'unit', 'agents', 'fixtures', agent, `${name}.jsonl`);
  mkdirSync(dirname(file), { recursive: true });
  const places = [
    [scratchFolder(attempt.folder), '/example/tmp'],
    [attempt.root, '/example'],
    [attempt.root.replaceAll('/', '-'), '-example'],
    [realpathSync('.cache'), '/example/cache'],
    [process.cwd(), '/example/checkout'],
  ] as const;
  const text = readFileSync(rawFile(attempt.folder), 'utf8');
  writeFileSync(file, timeless(places.reduce((all, [place, name_]) => all.replaceAll(place, name_), short(text))));
  noteEnd(join(dirname(file), 'ends.json'), name, endingOf(attempt, exit));
}

function endingOf({ folder }: Attempt, { code, signal, stopped, agent }: JobExit): Ending {
  const exit = { code, signal, ...defined({ stopped }) };
  const conversation = readSpec(folder)?.conversation;
  const end = agent?.kind === 'failed' ? agent.type : (agent?.kind ?? 'nothing');
  return { exit, end, ...defined({ limit: agent && limitOf(agent), conversation }) };
}

function limitOf(agent: AgentOutcome): Ending['limit'] {
  if (agent.kind !== 'failed' || !agent.limit) return undefined;
  return agent.resetAt === undefined ? 'untimed' : 'timed';
}

function noteEnd(file: string, name: string, ending: Ending): void {
  const known: Record<string, Ending> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const rows = Object.entries({ ...known, [name]: ending }).toSorted(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(rows), null, 2)}\n`);
}

/** What an agent offers a person to type says nothing, at length. */
const short = (text: string): string =>
  text.replaceAll(/"(availableCommands|slash_commands|skills)":\[(?:[^[\]"]|"(?:[^"\\]|\\.)*"|\[\])*\]/g, '"$1":[]');

/** Ids by the order they come in, and one moment for all. */
function timeless(text: string): string {
  const ids = new Map<string, number>();
  const numbered = (id: string): number => {
    ids.set(id, ids.get(id) ?? ids.size + 1);
    return ids.get(id) ?? 0;
  };
  return text
    .replaceAll(hostname(), 'example')
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:1')
    .replaceAll(
      /\b(?!00000000-)[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/g,
      (id) => `00000000-0000-4000-9000-${String(numbered(id)).padStart(12, '0')}`,
    )
    .replaceAll(/\b(ses|msg|prt|evt|per|call)_[\dA-Za-z]{20,}\b/g, (id, kind: string) => `${kind}_${numbered(id)}`)
    .replaceAll(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z?/g, '2026-01-01T00:00:00.000Z')
    .replaceAll(/\b1[6-9]\d{11}\b/g, '1767225600000');
}
