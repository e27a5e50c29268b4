import type { FailureType, Usage } from './run/job.ts';

/** How closely a reviewer looks. */
export const DEPTHS = ['full', 'standard', 'lightweight'] as const;
export type Depth = (typeof DEPTHS)[number];

/** A gate that is an agent: who is asked, and how closely it looks. */
export interface Reviewing {
  /** An agent or a role, as tasks name them. */
  agent: string;
  depth: Depth;
  /** What it is to look for beyond that. */
  prompt?: string;
  model?: string;
  effort?: string;
}

const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;
export type ReviewSeverity = (typeof SEVERITIES)[number];

/** Something a reviewer found. */
export interface Remark {
  severity: ReviewSeverity;
  message: string;
  /** What it would do about it. */
  suggestion?: string;
  /** It is about what the PRD asks for. */
  compliance?: true;
  /** Nothing of it was asked for: it is told, and is no reason to fail. */
  beyond?: true;
  /** Relative to the tree, and a line of it from 1; absent where it named no place in the tree. */
  file?: string;
  line?: number;
}

/** What became of an acceptance criterion. */
export interface Met {
  criterion: string;
  status: 'met' | 'partial' | 'missed';
  note?: string;
}

/** `blocked`: another attempt will not mend it, a person is needed. */
export type Opinion = 'approved' | 'needs_revision' | 'blocked';

/** What one run of a reviewer came to. Times are epoch milliseconds. */
export type Review = {
  /** The adapter. */
  agent: string;
  startedAt: number;
  endedAt: number;
  usage?: Usage;
  /** Files that it changed in its own tree, which was thrown away. */
  changed: readonly string[];
} & (
  | { verdict: Opinion; summary: string; remarks: readonly Remark[]; criteria: readonly Met[] }
  /** It is no pass: its answer was no verdict, or there was none. `limit` as of an agent. */
  | { verdict: 'none'; type: FailureType; message: string; limit?: true; resetAt?: number }
);

/** A review that says something. */
export type Verdict = Extract<Review, { verdict: Opinion }>;

export const isVerdict = (review: Review): review is Verdict => review.verdict !== 'none';

/**
 * The verdict that what was found allows: never a milder one than was said, but where all that was found lies beyond what
 * was asked for. Against a requirement and critical, a person is needed; what is critical, against a requirement, or a
 * criterion that is missed, is no approval.
 */
export function strictest(said: Opinion, { remarks, criteria }: Pick<Verdict, 'remarks' | 'criteria'>): Opinion {
  const isBreach = ({ compliance, severity }: Remark): boolean => compliance === true && severity === 'critical';
  if (said === 'blocked' || remarks.some(isBreach)) return 'blocked';
  const isGrave = ({ compliance, severity }: Remark): boolean => compliance === true || severity === 'critical';
  const fails = remarks.some(isGrave) || criteria.some(({ status }) => status === 'missed');
  if (fails) return 'needs_revision';
  return asksTooMuch({ remarks, criteria }) ? 'approved' : said;
}

/** Work is judged by its criteria: it does not fail for what nobody asked of it. */
const asksTooMuch = ({ remarks, criteria }: Pick<Verdict, 'remarks' | 'criteria'>): boolean =>
  remarks.length > 0 &&
  remarks.every(({ beyond }) => beyond === true) &&
  criteria.every(({ status }) => status === 'met');

/** `approved, 2 comments`, `needs revision, 3 findings, 1 of 4 criteria met`. */
export function reviewWords(review: Review): string {
  if (!isVerdict(review)) return 'no verdict';
  const { verdict, remarks, criteria } = review;
  const met = criteria.filter(({ status }) => status === 'met').length;
  const noun = verdict === 'approved' ? 'comment' : 'finding';
  return [
    verdict.replace('_', ' '),
    ...(remarks.length > 0 ? [`${remarks.length} ${noun}${remarks.length === 1 ? '' : 's'}`] : []),
    ...(met < criteria.length ? [`${met} of ${criteria.length} criteria met`] : []),
  ].join(', ');
}

/** `src/a.ts:3: high: the message (the suggestion)`. */
export function remarkLine({ file, line, severity, message, suggestion, beyond }: Remark): string {
  const place = file === undefined ? '' : `${file}:${line ?? 1}: `;
  return `${place}${beyond ? 'beyond what was asked, leave it' : severity}: ${message}${suggestion === undefined ? '' : ` (${suggestion})`}`;
}

/** What is left of the criteria, a line each: nothing of those that are met. */
export const criterionLines = ({ criteria }: Pick<Verdict, 'criteria'>): string[] =>
  criteria
    .filter(({ status }) => status !== 'met')
    .map(({ criterion, status, note }) => `${status}: ${criterion}${note === undefined ? '' : ` (${note})`}`);
