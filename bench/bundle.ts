import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

/** Bundles a text, which imports as a file in this folder would, into one that plain Node starts without more. */
export async function bundleText(contents: string, outfile: string): Promise<void> {
  const stdin = { contents, resolveDir: resolve('bench'), loader: 'ts' } as const;
  const options = { bundle: true, minify: true, platform: 'node', target: 'node20', format: 'cjs' } as const;
  await build({ ...options, stdin, outfile, logLevel: 'warning' });
}

/**
 * The command line and the runner as they are shipped, in a folder of the bench's own: dist/ may hold those of the tests,
 * and what is built there meanwhile changes nothing here. Gives the folder.
 */
export function buildShipped(within: string): string {
  const folder = join(within, 'dist');
  execFileSync(process.execPath, ['esbuild.mjs', '--production', `--into=${folder}`, 'cli', 'runner']);
  return folder;
}
