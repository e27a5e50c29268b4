import { metricsOf, type Metrics } from '../../model/plan/metrics.ts';
import { readGemPlan } from './plan.ts';
import { type Imported, nothingSaid, type SourceFile } from '../imported.ts';
import { placeIn } from '../draft.ts';
import { problem, readYaml } from '../../model/text/yaml-text.ts';
import { at } from '../../model/text/problem.ts';

/** `plan_a.yaml`, and the names seen in the wild: `plan_variant_a.yaml`, `plan-variant-c.yaml`. */
export const VARIANT = /(?:^|\/)plan[_-](?:variant[_-])?[abc]\.ya?ml$/i;

const RISK: Record<Metrics['risk'], number> = { low: 0, medium: 1, unknown: 2, high: 3 };

/**
 * The best of some variants of one plan: most tasks in wave 1, then fewest dependencies, then lowest risk, then the
 * first. Everything is counted; what the files state about themselves decides nothing (FORMATS.md 1.3).
 */
export function selectVariant(files: readonly SourceFile[]): Imported {
  const read = files
    .toSorted((a, b) => a.path.localeCompare(b.path))
    .map((file) => ({ file, imported: readGemPlan(file) }));
  const candidates = read.flatMap(({ file, imported }) =>
    imported.plan
      ? [{ file, imported, metrics: metricsOf(imported.plan, readYaml(imported.native ?? '', file.path).yaml?.value) }]
      : [],
  );
  const best = candidates.toSorted((a, b) => order(a.metrics, b.metrics))[0];
  const refused = read.filter(({ imported }) => !imported.plan).flatMap(({ imported }) => imported.problems);
  if (!best) return { format: 'gem-plan', files: files.map(({ path }) => path), ...nothingSaid, problems: refused };
  const counted = candidates.map(({ file, metrics }) => `${file.path.split('/').at(-1)} ${words(metrics)}`).join('; ');
  const choice = problem(
    best.file.path,
    at(1),
    `Chosen of ${files.length} variants, all counted anew: ${counted}.`,
    'info',
  );
  return {
    ...best.imported,
    files: files.map(({ path }) => path),
    origin: (path) => best.imported.origin(path) ?? placeIn(best.file.path, at(1)),
    recomputed: candidates.flatMap(({ imported }) => imported.recomputed),
    // A variant that cannot be read takes nothing from the others.
    problems: [choice, ...best.imported.problems, ...refused.map((one) => ({ ...one, severity: 'warning' as const }))],
  };
}

const order = (a: Metrics, b: Metrics): number =>
  b.wave1Tasks - a.wave1Tasks || a.totalDependencies - b.totalDependencies || RISK[a.risk] - RISK[b.risk];

const words = ({ wave1Tasks, totalDependencies, risk }: Metrics): string =>
  `${wave1Tasks} in wave 1, ${totalDependencies} dependencies, risk ${risk}`;
