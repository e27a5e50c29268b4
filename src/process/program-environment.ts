import type { JobSpec } from '../model/run/job.ts';
import { givenBack } from './held-back.ts';

/** What a program of a job finds in its environment: ours, without what belongs to an editor or to the runner itself. */
export function programEnvironment(spec: Pick<JobSpec, 'env' | 'job'>, scratch: string | undefined): NodeJS.ProcessEnv {
  const inherited = Object.entries(givenBack(process.env)).filter(([name]) => !isForeign(name));
  const all = {
    ...Object.fromEntries(inherited),
    ...(scratch === undefined ? {} : { TMPDIR: scratch, TMP: scratch, TEMP: scratch }),
    ...spec.env,
    ORCHESTRATE_JOB: spec.job,
  };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

const isForeign = (name: string): boolean => /^(ELECTRON_|VSCODE_)/i.test(name) || name === 'ORCHESTRATE_FAULT';
