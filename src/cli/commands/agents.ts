import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Agent, Machine } from '../../agents/agent.ts';
import { AGENTS } from '../../agents/all.ts';
import { containmentOf } from '../../agents/containment.ts';
import { candidate, candidates, thisMachine } from '../../agents/detect.ts';
import { versionOf } from '../../agents/version.ts';
import { CONFIG_FILE } from '../../engine/runs.ts';
import { type Candidate, chooseAgent, standing } from '../../model/crew/auto.ts';
import { type Config, DEFAULT_CONFIG } from '../../model/config/config.ts';
import { readConfig } from '../../model/config/reader.ts';
import { type Containment, holds } from '../../model/crew/crew.ts';
import { ok, type Result } from '../../model/failure.ts';
import type { Call, Command } from '../call.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { plain } from '../shown/text.ts';

export const agents: Command = {
  summary: 'which coding agents are here, what keeps each in its worktree, and which one "auto" is',
  more: `Looks along PATH, at the names of environment variables and at which files exist, and asks each program for its
version. No login is opened. The order is the one in which "auto" chooses.`,
  places: [],
  options: ['json'],
  run: tell,
};

/** Works outside a repository too: then no orchestrate.yaml counts. */
async function tell({ cwd, repository, terminal, options }: Call): Promise<Result<ExitCode>> {
  const opened = await repository;
  const root = opened.ok ? opened.value.root : cwd;
  const text = await readFile(join(root, CONFIG_FILE), 'utf8').catch(() => null);
  const config = readConfig(text, CONFIG_FILE).config ?? DEFAULT_CONFIG;
  const machine = thisMachine(root);
  const rows = await Promise.all(AGENTS.map((agent) => look(agent, config, machine)));
  const choice = chooseAgent(candidates(config, machine));
  const auto = choice.ok ? choice.value : { reason: choice.failure };
  if (options.json) terminal.print(JSON.stringify({ agents: rows, auto }, undefined, 2));
  else {
    terminal.print(...rows.flatMap(lines), '');
    terminal.print(
      choice.ok
        ? `auto is ${choice.value.agent}: ${plain(choice.value.because)}.`
        : `auto is nobody: ${plain(choice.failure)}`,
    );
  }
  return ok(EXIT.merged);
}

/** What is known of one agent; of what needs no program only its containment. */
interface Row {
  name: string;
  title: string;
  found?: Candidate & { version?: string };
  containment?: Containment;
}

async function look(agent: Agent, config: Config, machine: Machine): Promise<Row> {
  const { name, title } = agent;
  const settings = config.agents.settings[name] ?? {};
  const seen = candidate(agent, settings, machine);
  const containment = await containmentOf(agent, settings, machine);
  const program = seen?.path === undefined ? undefined : (settings.command ?? [seen.path]);
  const version = program && (await versionOf(program, { ...machine, env: { ...machine.env, ...settings.env } }));
  return {
    name,
    title,
    ...(seen ? { found: { ...seen, ...(version === undefined ? {} : { version }) } } : {}),
    ...(containment ? { containment } : {}),
  };
}

function lines({ name, title, found, containment }: Row): string[] {
  const version = found?.version === undefined ? '' : ` ${found.version}`;
  const there = found ? standing(found).slice(name.length + 1) : 'is always there';
  return [
    `${name.padEnd(14)}${plain(title + version)}: ${plain(there)}`,
    ...(containment ? [`              ${holds(containment)}`] : []),
  ];
}
