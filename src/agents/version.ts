import { start } from '../process/spawn.ts';
import type { Machine } from './agent.ts';

/** A program that says nothing for so long is asked no longer. */
const PATIENCE = 10_000;

/** What a program answers to `--version`, e.g. `2.1.329`; undefined where it says none. */
export function versionOf(program: readonly string[], { env, cwd }: Machine): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = start(
      { argv: [...program, '--version'] },
      { cwd, env: { ...env, DISABLE_AUTOUPDATER: '1' }, stdio: ['ignore', 'pipe', 'ignore'], timeout: PATIENCE },
    );
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.once('error', () => resolve(undefined));
    child.once('close', () => resolve(/\d+\.\d+(?:\.[\w.-]*\w)?/.exec(said)?.[0]));
  });
}
