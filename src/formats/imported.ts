import type { Plan } from '../model/plan/plan.ts';
import type { Prd } from '../model/plan/prd.ts';
import type { Path, Problem, Range } from '../model/text/problem.ts';
import type { ImportedConfig } from './imported-config.ts';
import type { Blueprint, FailureLog, Findings, Knowledge, StateFile } from './documents.ts';
import type { ResumeState } from './orchestra/context.ts';

/** A file as it was read; `path` is relative to the repository with `/`. */
export interface SourceFile {
  path: string;
  text: string;
  /** It is no UTF-8, told with its place: then `text` is only good for telling what it was meant to be. */
  fault?: Pick<Range, 'line' | 'column'> & { message: string };
}

/** Where a field was read, lines and columns from 1. */
export interface Place {
  file: string;
  line: number;
  column: number;
}

/** A number or word that the file states and that counting contradicts. */
export interface Recomputed {
  what: string;
  stated: string;
  actual: string;
  place: Place;
}

/** A key that Orchestrate does not read and that stays in the plan. */
export interface Kept {
  key: string;
  place: Place;
}

export type FormatName =
  | 'gem-plan'
  | 'gem-prd'
  | 'gem-findings'
  | 'gem-failure-log'
  | 'gem-config'
  | 'llm-plan'
  | 'prompts'
  | 'orchestra-milestone'
  | 'orchestra-config'
  | 'orchestra-blueprint'
  | 'orchestra-knowledge'
  | 'gadugi-state'
  | 'work-items';

/** What was read from one file, or from files that belong together, and an account of how. */
export interface Imported {
  format: FormatName;
  files: readonly string[];
  plan?: Plan;
  /** The plan in our own form, as it is written to `docs/plan/<id>/plan.yaml`: `readPlan` of it is `plan`. */
  native?: string;
  prd?: Prd;
  findings?: Findings;
  log?: FailureLog;
  config?: ImportedConfig;
  resume?: ResumeState;
  blueprint?: Blueprint;
  knowledge?: Knowledge;
  state?: StateFile;
  /** The place of a field of the plan (or document), e.g. `['tasks', 0, 'title']`, or of what holds it. */
  origin(path: Path): Place | undefined;
  /** Each repair with its line and column: what was not quite the format, and how it was read. */
  repairs: readonly Problem[];
  recomputed: readonly Recomputed[];
  kept: readonly Kept[];
  /** With an error among them there is nothing that could be used. */
  problems: readonly Problem[];
}

/** One of the formats of other systems. */
export interface Format {
  name: FormatName;
  /** What to call it when speaking to people. */
  title: string;
  recognises(path: string, text: string): boolean;
  /** Files that are read together: variants of one plan, the prompts of one folder. Without it each stands alone. */
  group?(files: readonly SourceFile[], all: readonly SourceFile[]): SourceFile[][];
  read(files: readonly SourceFile[], options: ImportOptions): Imported;
}

export interface ImportOptions {
  /** Names of the gates of `orchestrate.yaml`: a task's gate among them runs, any other is kept as data. */
  gates?: readonly string[];
  /** The clock, for locks that go stale: milliseconds since 1970. */
  now?: number;
  /** Path of the file among those given that says which of the prompts are meant. */
  invocation?: string;
}

/** An account with nothing to tell. */
export const nothingSaid = {
  origin: (): undefined => undefined,
  repairs: [],
  recomputed: [],
  kept: [],
  problems: [],
} satisfies Partial<Imported>;
