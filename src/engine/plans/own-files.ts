import { posix } from 'node:path';
import type { Plan } from '../../model/plan/plan.ts';

/** What a run writes into the checkout: states, logs of failures, and the files an imported plan came from. */
export const ownFiles = ({ plan: { origin }, planFile }: { plan: Plan; planFile: string }): string[] => [
  planFile,
  `${posix.dirname(planFile)}/logs`,
  ...(origin ? [origin.file, ...Object.values(origin.sources)] : []),
];
