import type { DocumentKind } from '../document.ts';
import { configShape } from './config.ts';
import { orchestraConfigShape, phaseShape } from './orchestra.ts';
import { planShape } from './plan.ts';
import { prdShape } from './prd.ts';
import type { Shape } from './shape.ts';

/** What is known about the YAML of each kind of file; Markdown without front matter has none. */
export const SHAPES: Readonly<Partial<Record<DocumentKind, Shape>>> = {
  plan: planShape,
  config: configShape,
  prd: prdShape,
  orchestraConfig: orchestraConfigShape,
  phase: phaseShape,
};
