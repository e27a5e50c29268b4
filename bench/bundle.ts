import { resolve } from 'node:path';
import { build } from 'esbuild';

/** Bundles a text, which imports as a file in this folder would, into one that plain Node starts without more. */
export async function bundleText(contents: string, outfile: string): Promise<void> {
  const stdin = { contents, resolveDir: resolve('bench'), loader: 'ts' } as const;
  const options = { bundle: true, minify: true, platform: 'node', target: 'node20', format: 'cjs' } as const;
  await build({ ...options, stdin, outfile, logLevel: 'warning' });
}
