import { join } from 'node:path';
import { keepingFor, runCompiled } from '../process/compiled.ts';

/* The start of a runner: the rest of it is a bundle of its own, because compiling it took longer than what it does. */
runCompiled(join(__dirname, 'runner-job.cjs'), keepingFor('job'), require);
