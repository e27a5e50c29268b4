import type { Path } from '../../model/text/problem.ts';
import type { DocumentKind, TextFile } from '../document.ts';
import { configShape } from './config.ts';
import { orchestraConfigShape, phaseShape } from './orchestra.ts';
import { planShape } from './plan.ts';
import { prdShape } from './prd.ts';
import { type Shape, shapeAt } from './shape.ts';

/** What is known about the YAML of each kind of file; Markdown without front matter has none. */
export const SHAPES: Readonly<Partial<Record<DocumentKind, Shape>>> = {
  plan: planShape,
  config: configShape,
  prd: prdShape,
  orchestraConfig: orchestraConfigShape,
  phase: phaseShape,
};

/** The shape of what stands at a path of a file; undefined where nothing is known. */
export function shapeOf({ kind }: TextFile, path: Path): Shape | undefined {
  const top = SHAPES[kind];
  return top && shapeAt(top, path);
}
