import { listed } from '../text/listed.ts';
import type { Finding } from './event.ts';

/** A finding about paths, of which the first five are named; none where there are no paths. */
export function finding(kind: Finding['kind'], paths: readonly string[], said: string): Finding[] {
  return paths.length === 0 ? [] : [{ kind, paths, detail: `${said}: ${listed(paths)}` }];
}
