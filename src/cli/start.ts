import { join } from 'node:path';
import { cacheFolder, runCompiled } from '../process/compiled.ts';

/*
 * The start of the command line: the rest of it is a bundle of its own, which is not compiled anew each time. A build for
 * development is, since it is another each time.
 */
const folder = process.env['ORCHESTRATE_PRODUCTION'] ? cacheFolder() : undefined;
const [, , command = ''] = process.argv;
const use = /^[a-z]{1,20}$/.test(command) ? command : 'other';
runCompiled(
  join(__dirname, 'cli-commands.cjs'),
  folder === undefined ? undefined : { folder: join(folder, 'compiled'), use },
);
