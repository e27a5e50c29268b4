import { join } from 'node:path';
import { keepingFor, runCompiled } from '../process/compiled.ts';

/* The start of the command line: the rest of it is a bundle of its own, which is not compiled anew each time. */
const [, , command = ''] = process.argv;
const use = /^[a-z]{1,20}$/.test(command) ? command : 'other';
runCompiled(join(__dirname, 'cli-commands.cjs'), keepingFor(use), require);
