/**
 * Where a test may kill this process. `ORCHESTRATE_FAULT=<name>:<nth>` makes the nth visit (1 when left out) of the
 * point end the process by SIGKILL, as a power cut would. Compiled out of production bundles.
 */
export function faultPoint(name: string): void {
  if (process.env['ORCHESTRATE_PRODUCTION']) return;
  const [wanted, nth = '1'] = (process.env['ORCHESTRATE_FAULT'] ?? '').split(':');
  if (wanted !== name) return;
  visits += 1;
  if (visits === Number(nth)) process.kill(process.pid, 'SIGKILL');
}

/** Only one point can be asked for in a process, so one count is enough. */
let visits = 0;
