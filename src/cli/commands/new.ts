import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { newRoleText } from '../../agents/roles.ts';
import { invalid } from '../../engine/runs.ts';
import { isAbsent, readTextFile, writeInside } from '../../engine/text-file.ts';
import { readGemPrd } from '../../formats/gem/prd.ts';
import type { SourceFile } from '../../formats/imported.ts';
import { createPrompt } from '../../formats/gadugi/invocation.ts';
import { milestoneFiles, readBlueprint } from '../../formats/orchestra/blueprint.ts';
import { CURRENT_CONFIG, upgradeConfig } from '../../formats/orchestra/upgrade.ts';
import { createPrd, updatePrd } from '../../formats/prd-writer.ts';
import type { Repository } from '../../git/repository.ts';
import { fail, ok, refuse, type Result } from '../../model/failure.ts';
import { plainRole } from '../../model/crew/role.ts';
import { slug } from '../../model/text/names.ts';
import { meant } from '../../model/text/nearest.ts';
import { type Call, type Command, inRepository } from '../call.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { count, plain } from '../shown/text.ts';

export const make: Command = {
  summary: 'make a prompt, a PRD, the milestones of a blueprint, a role or an up-to-date .orchestra/config.yml',
  more: `new prompt "<what to do>"       prompts/<name>.md, to be imported
new prd "<feature>"             docs/PRD.yaml, or one more planned feature in the one that is there
new milestones <blueprint.md>   folders below .orchestra/milestones; --with NAME=value,… fills the blueprint's {NAME}
new role <name>                 .orchestrate/agents/<name>.md, which you change: what an agent in that role is told
new config                      .orchestra/config.yml of 4.0.0 with the values of the one that is there`,
  places: ['<prompt|prd|milestones|role|config>', '[text|file]'],
  options: ['with'],
  run: (call) => inRepository(call, (repository) => makeIt(call, repository)),
};

/** What is written, and what to say about it. */
interface Made {
  files: readonly SourceFile[];
  notes?: readonly string[];
}

const KINDS = {
  prompt: makePrompt,
  prd: makePrd,
  milestones: makeMilestones,
  role: makeRole,
  config: makeConfig,
} as const;

async function makeIt(call: Call, { root }: Repository): Promise<Result<ExitCode>> {
  const [named = ''] = call.positionals;
  const kind = Object.keys(KINDS).find((one): one is keyof typeof KINDS => one === named);
  if (kind === undefined) return refuse(`there is no "new ${named}".${meant(named, Object.keys(KINDS))}`);
  const made = await KINDS[kind](call, root);
  if (!made.ok) return made;
  for (const { path, text } of made.value.files) {
    const written = await writeInside(path, root, text);
    if (!written.ok) return written;
    call.terminal.print(`wrote ${plain(path)}`);
  }
  call.terminal.note(...(made.value.notes ?? []));
  return ok(EXIT.merged);
}

async function makePrompt({ positionals: [, text = ''] }: Call, root: string): Promise<Result<Made>> {
  if (text.trim() === '')
    return refuse('"new prompt" needs what is to be done: orchestrate new prompt "Add a search".');
  const names = await readdir(join(root, 'prompts')).catch(() => []);
  return ok({ files: [createPrompt(text, new Set(names.map((name) => `prompts/${name}`)))] });
}

const PRD = 'docs/PRD.yaml';

async function makePrd({ positionals: [, text = ''] }: Call, root: string): Promise<Result<Made>> {
  if (text.trim() === '') return refuse('"new prd" needs a feature: orchestrate new prd "Search in notes".');
  const feature = { name: text.trim(), overview: text.trim(), status: 'planned' as const };
  const found = await readIfThere(join(root, PRD), PRD);
  if (!found.ok) return found;
  const there = found.value;
  if (there === undefined) return ok({ files: [{ path: PRD, text: createPrd(emptyPrd(feature)) }] });
  const read = readGemPrd({ path: PRD, text: there });
  if (!read.prd) return fail(invalid(PRD, read.problems));
  if (read.prd.features.some(({ name }) => name === feature.name))
    return refuse(`${PRD} has a feature "${feature.name}" already.`);
  const change = { version: read.prd.version || '1.0.0', change: `Planned: ${feature.name}` };
  const updated = updatePrd(there, { features: [feature], changes: [change] });
  return updated === there
    ? refuse(`${PRD} lists its features in brackets: put each on a line of its own first.`)
    : ok({ files: [{ path: PRD, text: updated }] });
}

const emptyPrd = (feature: { name: string; overview: string; status: 'planned' }) => ({
  id: `prd-${slug(feature.name)}`,
  version: '1.0.0',
  userStories: [],
  scope: { inScope: [feature.name], outOfScope: [] },
  requirements: [],
  acceptanceCriteria: [],
  needsClarification: [],
  features: [feature],
  stateMachines: [],
  errors: [],
  decisions: [],
  changes: [{ version: '1.0.0', change: 'Begun' }],
});

async function makeMilestones({ positionals: [, file], options, cwd }: Call, root: string): Promise<Result<Made>> {
  if (file === undefined) return refuse('"new milestones" needs a blueprint: orchestrate new milestones <file>.');
  const found = await readTextFile(resolve(cwd, file), file);
  if (!found.ok) return isAbsent(found.failure) ? fail({ kind: 'notFound', what: 'file', name: file }) : found;
  const text = found.value;
  const { blueprint, problems } = readBlueprint({ path: file, text });
  if (!blueprint) return fail(invalid(file, problems));
  const values = Object.fromEntries((options.with ?? '').split(',').flatMap(pairOf));
  const empty = blueprint.parameters.filter(({ name }) => !Object.hasOwn(values, name)).map(({ name }) => name);
  const taken = await readdir(join(root, '.orchestra', 'milestones')).catch(() => []);
  const first = 1 + Math.max(0, ...taken.map((name) => Number(/^M(\d+)/.exec(name)?.[1] ?? 0)));
  const files = milestoneFiles(blueprint, { first, created: new Date().toISOString().slice(0, 10), values });
  const notes = empty.length > 0 ? [`left open: ${empty.join(', ')}. Fill them with --with ${empty[0] ?? ''}=…`] : [];
  return ok({ files, notes });
}

const pairOf = (word: string): [string, string][] => {
  const [, name, value] = /^\s*(\w+)=(.*)$/.exec(word) ?? [];
  return name === undefined || value === undefined ? [] : [[name, value.trim()]];
};

async function makeRole({ positionals: [, named = ''] }: Call, root: string): Promise<Result<Made>> {
  if (named.trim() === '') return refuse('"new role" needs a name: orchestrate new role database.');
  const role = plainRole(slug(named));
  const path = `.orchestrate/agents/${role}.md`;
  const found = await readIfThere(join(root, path), path);
  if (!found.ok) return found;
  if (found.value !== undefined) return refuse(`${path} is there already: change it.`);
  const notes = [`Change it and commit it: it counts from then on, for tasks with "role: ${role}".`];
  return ok({ files: [{ path, text: newRoleText(role) }], notes });
}

const CONFIG = '.orchestra/config.yml';

async function makeConfig(_: Call, root: string): Promise<Result<Made>> {
  const found = await readIfThere(join(root, CONFIG), CONFIG);
  if (!found.ok) return found;
  const there = found.value;
  if (there === undefined) return ok({ files: [{ path: CONFIG, text: CURRENT_CONFIG }] });
  const { text, dropped } = upgradeConfig(there, CURRENT_CONFIG);
  const notes =
    dropped.length > 0 ? [`${count(dropped.length, 'key')} of an older version dropped: ${dropped.join(', ')}`] : [];
  return ok({ files: text === there ? [] : [{ path: CONFIG, text }], notes });
}

/** Undefined where there is no such file. */
async function readIfThere(path: string, name: string): Promise<Result<string | undefined>> {
  const read = await readTextFile(path, name);
  return !read.ok && isAbsent(read.failure) ? ok(undefined) : read;
}
