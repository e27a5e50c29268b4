import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before } from 'mocha';

/** All that a program finds of this machine's environment. */
const KEPT = new Set(['PATH', 'LANG', 'ORCHESTRATE_TEST']);

/**
 * For the tests of a block in which the engine starts real agents: they find an empty home, a temporary folder in it, and
 * no key of this machine.
 * `first` is done before, with the environment as it is: what has to be installed.
 */
export function cleanMachine(first: () => Promise<unknown>): { home: () => string } {
  const machine = { ...process.env };
  let home = '';
  before(async function () {
    this.timeout(600_000);
    await first();
    home = mkdtempSync(join(tmpdir(), 'home-'));
    for (const name of Object.keys(machine)) if (!KEPT.has(name)) delete process.env[name];
    const temporary = join(home, 't');
    mkdirSync(temporary);
    Object.assign(process.env, { HOME: home, TMPDIR: temporary, TMP: temporary, TEMP: temporary });
  });
  after(() => {
    for (const name of ['HOME', 'TMPDIR', 'TMP', 'TEMP']) delete process.env[name];
    Object.assign(process.env, machine);
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });
  return { home: () => home };
}

/** Puts files into a home, by their path in it. */
export function furnish(home: string, files: Readonly<Record<string, string>> = {}): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  }
}
