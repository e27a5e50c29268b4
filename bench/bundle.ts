import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { FEW_THREADS } from '../src/process/find-node.ts';

/** Bundles a text, which imports as a file in this folder would, into one that plain Node starts without more. */
export async function bundleText(contents: string, outfile: string): Promise<void> {
  const stdin = { contents, resolveDir: resolve('bench'), loader: 'ts' } as const;
  const options = { bundle: true, minify: true, platform: 'node', target: 'node20', format: 'cjs' } as const;
  await build({ ...options, stdin, outfile, logLevel: 'warning' });
}

/** The words after `node`. */
export type Start = readonly string[];

/** Starts such a bundle as the editor's terminals start the command line, with what V8 made of it the last time. */
export async function startOf(bundle: string): Promise<Start> {
  const start = `${bundle}.start.cjs`;
  const contents = `
    import { runCompiled } from '../src/process/compiled.ts';
    process.argv.splice(1, 1, ${JSON.stringify(bundle)});
    runCompiled(${JSON.stringify(bundle)}, { folder: ${JSON.stringify(`${bundle}.compiled`)}, use: 'bench' }, require);`;
  await bundleText(contents, start);
  return [FEW_THREADS, start];
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
