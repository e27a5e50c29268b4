import type { Path } from '../../model/text/problem.ts';

/** What names may stand somewhere; where they come from is for the editor to say. */
export type Names = 'tasks' | 'agents' | 'gates' | 'files' | 'matchers' | 'phases' | 'requirements';

/** What a key is for and what may stand behind it. It helps to write; what is right is for the readers to say. */
export interface Shape {
  /** A sentence or two. */
  about: string;
  /** What counts without it. */
  default?: string;
  /** The words it may be, with what each means. */
  words?: Readonly<Record<string, string>>;
  names?: Names;
  /** The keys below it. */
  keys?: Readonly<Record<string, Shape>>;
  /** The items of its list, or what stands below keys of any name. */
  each?: Shape;
  /** It is of an older version: what to write instead. */
  instead?: string;
}

/** The shape of what stands at a path; undefined where nothing is known. */
export function shapeAt(top: Shape, path: Path): Shape | undefined {
  let shape: Shape | undefined = top;
  for (const part of path) {
    if (!shape) return undefined;
    const own: Shape | undefined =
      typeof part === 'string' && shape.keys && Object.hasOwn(shape.keys, part) ? shape.keys[part] : undefined;
    shape = own ?? shape.each;
  }
  return shape;
}

/** A list of names, or one of them alone. */
export const namesOf = (names: Names, about: string): Shape => ({ about, names, each: { about, names } });

/** A list of texts. */
export const textsOf = (about: string): Shape => ({ about, each: { about } });
