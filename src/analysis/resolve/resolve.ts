import type { Reference } from '../scan/reference.ts';

/** The files of the repository that a reference in a file leads to; none where it leads outside. */
export type Resolve = (path: string, reference: Reference) => readonly string[];
