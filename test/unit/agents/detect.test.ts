import { deepEqual, equal, match } from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Machine } from '../../../src/agents/agent.ts';
import { agentNamed } from '../../../src/agents/all.ts';
import { claude } from '../../../src/agents/claude.ts';
import { containmentOf } from '../../../src/agents/containment.ts';
import { candidate, candidates } from '../../../src/agents/detect.ts';
import type { Candidate } from '../../../src/model/crew/auto.ts';
import { type AgentSettings, DEFAULT_CONFIG } from '../../../src/model/config/config.ts';

describe('What is seen of the agents of a machine', () => {
  let root: string;
  let machine: Machine;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'detect-'));
    const home = join(root, 'home');
    mkdirSync(home);
    machine = { env: { PATH: join(root, 'bin') }, home, cwd: root, platform: 'linux' };
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** What is in a login is no matter: nobody may read this one. */
  function put(path: string, mode = 0o000): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '#!/bin/sh\n');
    chmodSync(join(root, path), mode);
  }

  function see(name: string, settings: AgentSettings = {}): Candidate | undefined {
    const agent = agentNamed(name);
    return agent && candidate(agent, settings, machine);
  }

  it('is nothing on an empty machine', () => {
    const all = candidates(DEFAULT_CONFIG, machine);
    deepEqual(
      all.slice(0, 3).map(({ name, path }) => [name, path]),
      [
        ['claude', undefined],
        ['codex', undefined],
        ['gemini', undefined],
      ],
    );
    equal(see('shell'), undefined);
    equal(see('manual'), undefined);
  });

  it('is a program on PATH, and a login by its mere existence', () => {
    put('bin/claude', 0o755);
    equal(see('claude')?.path, join(root, 'bin/claude'));
    deepEqual([see('claude')?.signedIn, see('claude')?.because], ['no', 'no login was found']);
    put('home/.claude/settings.json');
    equal(see('claude')?.signedIn, 'unknown');
    put('home/.claude/.credentials.json');
    deepEqual([see('claude')?.signedIn, see('claude')?.because], ['yes', '~/.claude/.credentials.json is there']);
  });

  it('is an account that a variable names, in the settings too, and never its value', () => {
    put('bin/codex', 0o755);
    equal(see('codex')?.signedIn, 'no');
    deepEqual(see('codex', { env: { CODEX_API_KEY: 'sk-secret' } }), {
      name: 'codex',
      path: join(root, 'bin/codex'),
      signedIn: 'yes',
      because: 'CODEX_API_KEY is set',
      signIn: see('codex')?.signIn ?? '',
    });
    put('elsewhere/auth.json');
    equal(see('codex', { env: { CODEX_HOME: join(root, 'elsewhere') } })?.signedIn, 'yes');
    equal(see('codex', { env: { CODEX_API_KEY: '' } })?.signedIn, 'no');
  });

  it('is unknown where the system keeps the login', () => {
    equal(see('copilot')?.signedIn, 'unknown');
    machine = { ...machine, platform: 'darwin' };
    equal(see('claude')?.signedIn, 'unknown');
  });

  it('is the program that the settings name', () => {
    put('tools/my-claude', 0o755);
    equal(see('claude', { command: [join(root, 'tools/my-claude'), '-x'] })?.path, join(root, 'tools/my-claude'));
    equal(see('claude', { command: ['my-claude'] })?.path, undefined);
  });

  it('is found on Windows with the endings of PATHEXT', () => {
    put('bin/gemini.CMD', 0o755);
    machine = { ...machine, platform: 'win32', env: { ...machine.env, PATHEXT: '.EXE;.CMD' } };
    equal(see('gemini')?.path, join(root, 'bin/gemini.CMD'));
  });

  it('comes with what keeps each in its worktree', async () => {
    const kept = async (name: string, settings: AgentSettings = {}): Promise<string> => {
      const agent = agentNamed(name);
      const containment = agent && (await containmentOf(agent, settings, machine));
      return `${containment?.kind}: ${containment?.words}`;
    };
    match(await kept('codex'), /^system: /);
    match(await kept('claude'), /^rules: .*runs no commands/);
    match(await kept('claude', { args: ['--allowedTools', 'Bash'] }), /^rules: .*arguments allow commands/);
    match(await kept('gemini', { args: ['--yolo'] }), /^rules: .*arguments allow commands/);
    match(await kept('opencode'), /^rules: .*command it runs may do/);
    match(await kept('shell'), /^none: /);
    equal(await kept('manual'), 'undefined: undefined');
  });

  it('says of claude that the system holds its commands only where its sandbox can be made', async () => {
    const kept = async (settings: AgentSettings = {}): Promise<string | undefined> =>
      (await containmentOf(claude, settings, machine))?.kind;
    put('bin/bwrap', 0o755);
    equal(await kept(), 'rules');
    match((await containmentOf(claude, {}, machine))?.words ?? '', /where bubblewrap and socat can be used/);
    put('bin/socat', 0o755);
    equal(await kept(), 'system');
    equal(await kept({ args: ['--settings', '{}'] }), 'rules');
    writeFileSync(join(root, 'bin/bwrap'), '#!/bin/sh\nexit 1\n');
    equal(await kept(), 'rules');
    machine = { ...machine, platform: 'darwin' };
    equal(await kept(), 'rules');
  });
});
