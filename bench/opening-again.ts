import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleText, type Start, startOf } from './bundle.ts';
import { openPlan } from '../src/engine/plans/kept-plan.ts';
import { type Sample, takeTurns, type Variant } from './measure.ts';
import { countOf, planByLibrary } from './plan-by-library.ts';
import { gains, type Line } from './row.ts';
import type { Scratch } from './scratch.ts';

/** What it costs to open a plan that was opened before: by a process that opens plans all day, and by a new one. */
export async function openingAgain(
  scratch: Scratch,
  { text, rounds }: { text: string; rounds: number },
): Promise<Line[]> {
  const root = join(scratch.folder, 'opened-again');
  mkdirSync(root);
  writeFileSync(join(root, 'plan.yaml'), text);
  return [await inOneProcess(root, rounds), await inNewProcesses(root, rounds)];
}

/** As the editor does it, and as the line of the first opening is taken: both sides have run before. */
async function inOneProcess(root: string, rounds: number): Promise<Line> {
  const before = process.env['ORCHESTRATE_BUILD'];
  process.env['ORCHESTRATE_BUILD'] = 'bench';
  const turns = { rounds, budget: 30_000, warmUp: true };
  const [ours, library] = await takeTurns<Found>([opensKept(root), parses(root)], turns);
  if (before === undefined) delete process.env['ORCHESTRATE_BUILD'];
  return {
    row: 11,
    what: 'the same plan again',
    against: 'yaml + zod',
    ...gains(ours, library),
    target: { atLeast: 80, unit: 'x' },
  };
}

interface Found {
  text: string;
}

const opensKept = (root: string): Variant<Found> => ({
  name: 'openPlan',
  prepare: () => ({ text: '' }),
  run: async (found) => {
    const opened = await openPlan({ root, state: root }, 'plan.yaml');
    found.text = countOf(opened.ok ? (opened.value.plan?.tasks ?? []) : []);
  },
  answer: ({ text }) => text,
});

const parses = (root: string): Variant<Found> => ({
  name: 'yaml + zod',
  prepare: () => ({ text: '' }),
  run: (found) => {
    found.text = countOf(planByLibrary(readFileSync(join(root, 'plan.yaml'), 'utf8')).tasks);
  },
  answer: ({ text }) => text,
});

/** As the command line does it. Of each process only the opening is timed, not its start. */
async function inNewProcesses(root: string, rounds: number): Promise<Line> {
  const first = await startOf(await programOf(OURS, join(root, 'ours.cjs')));
  const programs = [first, [await programOf(LIBRARY, join(root, 'library.cjs'))]];
  open(first, root); // keeps what it read
  const turns = Array.from({ length: Math.min(rounds, 5) }, (_, round) =>
    round % 2 === 0 ? programs.map((program) => open(program, root)) : inverse(programs, root),
  );
  for (const [ours, library] of turns) assert.equal(ours?.found, library?.found);
  const [ours, library] = programs.map((_, at) => turns.flatMap((turn) => turn[at]?.sample ?? []));
  // What no target names: a process that has run nothing before, on both sides.
  return { row: 11, what: 'the same plan again, in a new process', against: 'yaml + zod', ...gains(ours, library) };
}

const inverse = (programs: readonly Start[], root: string): Opened[] =>
  programs
    .toReversed()
    .map((program) => open(program, root))
    .toReversed();

const OURS = `async (root) => (await openPlan({ root, state: root }, 'plan.yaml')).value.plan`;
const LIBRARY = `async (root) => planByLibrary(readFileSync(root + '/plan.yaml', 'utf8'))`;

async function programOf(body: string, file: string): Promise<string> {
  const contents = `
    import { readFileSync } from 'node:fs';
    import { openPlan } from '../src/engine/plans/kept-plan.ts';
    import { countOf, planByLibrary } from './plan-by-library.ts';
    const open = ${body};
    const before = process.cpuUsage();
    const from = performance.now();
    void open(process.argv[2]).then((plan) => {
      const wall = performance.now() - from;
      const { user, system } = process.cpuUsage(before);
      console.log(JSON.stringify({ found: countOf(plan.tasks), sample: { wall, cpu: (user + system) / 1000 } }));
    });`;
  await bundleText(contents, file);
  return file;
}

interface Opened {
  found: string;
  sample: Sample;
}

function open(start: Start, root: string): Opened {
  const env = { ...process.env, ORCHESTRATE_BUILD: 'bench' };
  return JSON.parse(execFileSync(process.execPath, [...start, root], { encoding: 'utf8', env })) as Opened;
}
