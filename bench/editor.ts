import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { runInEditor } from '../test/rig/vscode/in-editor.mjs';
import { makeRepository } from '../test/rig/vscode/scratch-repository.mjs';
import { largePlan, richPlan } from '../test/unit/language/texts.ts';
import type { Cost, PlanName, Told } from './in-editor.ts';
import { spreadOf } from './measure.ts';
import type { Line, Row } from './row.ts';
import type { Scratch } from './scratch.ts';

const TASKS = 1_000;

/** The installed extension against one that does nothing, each activated for the first time in a new window. */
export const activation = (scratch: Scratch): Row => ({
  number: 12,
  title: 'activation of the installed extension, in the real editor',
  run: async (rounds) => {
    const open = await prepare(scratch);
    const told: Told[] = [];
    for (let round = 0; round < rounds; round += 1)
      told.push(await open({ BENCH_FIRST: round % 2 === 0 ? 'ours' : 'empty' }));
    const line = { row: 12, against: 'an empty extension' };
    return [
      {
        ...line,
        what: 'activation, above it',
        value: spreadOf(told.map(({ ours, empty }) => ours.wall - empty.wall)),
        cpu: spreadOf(told.map(({ ours, empty }) => ours.cpu - empty.cpu)),
        target: { atMost: 20, unit: 'ms' },
      },
      {
        ...line,
        what: 'read at activation',
        value: spreadOf(told.map(({ bytes }) => bytes / 1_000)),
        target: { atMost: 100, unit: 'kB' },
      },
    ] satisfies Line[];
  },
});

/** From an edit to the squiggle's arrival, in a plan that is open and unsaved. */
export const diagnostics = (scratch: Scratch): Row => ({
  number: 14,
  title: `mistakes in a plan of ${TASKS} tasks as it is edited, in the real editor`,
  run: async (rounds) => {
    const open = await prepare(scratch);
    const { edits } = await open({ BENCH_EDITS: String(rounds * 6) });
    return [lineOf('a program', edits.plain), lineOf('a person', edits.rich)];
  },
});

const lineOf = (author: string, costs: readonly Cost[]): Line => ({
  row: 14,
  what: `an edit to its problems, plan of ${author}`,
  against: 'the clock',
  value: spreadOf(costs.map(({ wall }) => wall)),
  cpu: spreadOf(costs.map(({ cpu }) => cpu)),
  target: { atMost: 200, unit: 'ms' },
});

const TEXTS: Record<PlanName, string> = { plain: largePlan(TASKS), rich: richPlan(TASKS) };

/** The package as it is shipped, an empty extension, and a way to open a new window with both. */
async function prepare({ folder }: Scratch): Promise<(env: Record<string, string>) => Promise<Told>> {
  execFileSync('npm', ['run', 'package'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const beside = ['empty', 'first'].map((name) => emptyExtension(folder, name));
  const program = join(folder, 'in-editor.cjs');
  await build({
    entryPoints: ['bench/in-editor.ts'],
    outfile: program,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['vscode'],
  });
  const result = join(folder, 'told.json');
  let windows = 0;
  return async (env) => {
    windows += 1;
    // What would activate the extension by itself comes only where edits are timed.
    const files = {
      'README.md': '# Sample\n',
      ...(env['BENCH_EDITS']
        ? { 'docs/plan/plain/plan.yaml': TEXTS.plain, 'docs/plan/rich/plan.yaml': TEXTS.rich }
        : {}),
    };
    const workspace = makeRepository(join(folder, `window-${windows}`), files);
    await runInEditor({
      vsix: resolve('dist/orchestrate.vsix'),
      beside,
      program,
      workspace,
      env: { ...env, BENCH_RESULT: result },
    });
    return JSON.parse(readFileSync(result, 'utf8')) as Told;
  };
}

/** The folder of an extension that does nothing, and only when it is asked to. */
function emptyExtension(folder: string, name: string): string {
  const place = join(folder, name);
  mkdirSync(place, { recursive: true });
  const manifest = {
    name,
    publisher: 'bench',
    version: '0.0.1',
    engines: { vscode: '^1.101.0' },
    main: 'main.js',
    activationEvents: [`onCommand:${name}.none`],
  };
  writeFileSync(join(place, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(place, 'main.js'), 'exports.activate = () => undefined;\n');
  return place;
}
