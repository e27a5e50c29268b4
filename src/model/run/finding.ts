import type { Finding } from './event.ts';

/** A finding about paths, of which the first five are named; none where there are no paths. */
export function finding(kind: Finding['kind'], paths: readonly string[], said: string): Finding[] {
  const shown = paths.slice(0, 5).join(', ') + (paths.length > 5 ? ` and ${paths.length - 5} more` : '');
  return paths.length === 0 ? [] : [{ kind, paths, detail: `${said}: ${shown}` }];
}
