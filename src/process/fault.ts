import { appendFileSync } from 'node:fs';

/**
 * Where a test may kill this process. `ORCHESTRATE_FAULT=<side>/<point>:<nth>` makes the nth visit (1 when left out) of
 * the point by that side, `engine` or `runner`, end the process by SIGKILL, as a power cut would.
 * `ORCHESTRATE_FAULT_COUNT=<file>` writes down each visit of the engine instead. Compiled out of production bundles.
 */
export function faultPoint(name: string): void {
  if (process.env['ORCHESTRATE_PRODUCTION']) return;
  if (process.env['ORCHESTRATE_FAULT_COUNT'] && !isRunner()) count(name);
  const [wanted = '', nth = '1'] = (process.env['ORCHESTRATE_FAULT'] ?? '').split(':');
  if (wanted !== `${isRunner() ? 'runner' : 'engine'}/${name}`) return;
  visits += 1;
  if (visits === Number(nth)) process.kill(process.pid, 'SIGKILL');
}

/** Only one point can be asked for in a process, so one count is enough. */
let visits = 0;

const isRunner = (): boolean => process.env['ORCHESTRATE_JOB'] !== undefined;

const count = (name: string): void => appendFileSync(process.env['ORCHESTRATE_FAULT_COUNT'] ?? '', `${name}\n`);
