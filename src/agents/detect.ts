import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Candidate } from '../model/crew/auto.ts';
import type { AgentSettings, Config } from '../model/config/config.ts';
import { findProgram } from '../process/spawn.ts';
import type { Agent, Machine, Presence } from './agent.ts';
import { AGENTS } from './all.ts';

export const thisMachine = (cwd: string): Machine => ({
  env: process.env,
  home: homedir(),
  cwd,
  platform: process.platform,
});

/**
 * The agents that `auto` chooses among, in its order, which is theirs in AGENTS. Looks at PATH, at the names of
 * environment variables and at which files exist; nothing is opened and nothing is started.
 */
export const candidates = (config: Config, machine: Machine): Candidate[] =>
  AGENTS.filter(({ kind }) => kind === 'process').flatMap((agent) => {
    const seen = candidate(agent, config.agents.settings[agent.name] ?? {}, machine);
    return seen ? [seen] : [];
  });

/** Undefined for an agent that is no program to be looked for. */
export function candidate(agent: Agent, settings: AgentSettings, machine: Machine): Candidate | undefined {
  if ((agent.kind !== 'process' && agent.kind !== 'conversation') || !agent.presence) return undefined;
  const { presence, name } = agent;
  const own = { ...machine, env: { ...machine.env, ...settings.env } };
  const path = locate(settings.command?.[0] ?? presence.program, own);
  return { name, ...(path === undefined ? {} : { path }), ...account(presence, own), signIn: presence.signIn };
}

/** On Windows a program is found by what PATHEXT adds to its name. */
function locate(program: string, { env, cwd, platform }: Machine): string | undefined {
  const endings = platform === 'win32' ? (env['PATHEXT'] ?? '.COM;.EXE;.BAT;.CMD').split(';') : [''];
  return ['', ...endings]
    .map((ending) => findProgram(`${program}${ending}`, env, cwd))
    .find((path) => path !== undefined);
}

function account(presence: Presence, machine: Machine): Pick<Candidate, 'signedIn' | 'because'> {
  const { keychain = [] } = presence;
  const key = presence.keys.find((name) => (machine.env[name] ?? '') !== '');
  if (key !== undefined) return { signedIn: 'yes', because: `${key} is set` };
  const login = presence.logins.find((file) => isThere(file, machine));
  if (login !== undefined) return { signedIn: 'yes', because: `${login} is there` };
  if (keychain === 'everywhere' || keychain.includes(machine.platform))
    return { signedIn: 'unknown', because: 'the system keeps its login' };
  const settings = presence.settings.find((file) => isThere(file, machine));
  if (settings !== undefined) return { signedIn: 'unknown', because: `${settings} may name an account` };
  return { signedIn: 'no', because: 'no login was found' };
}

function isThere(file: string, { env, home }: Machine): boolean {
  const [, name, rest = ''] = /^\$(\w+)(.*)$/.exec(file) ?? [];
  if (name === undefined) return existsSync(join(home, file.slice(2)));
  const folder = env[name];
  return folder !== undefined && folder !== '' && existsSync(join(folder, rest));
}
