import * as z from 'zod';
import { objectIn } from '../model/crew/report.ts';
import { defined } from '../model/defined.ts';
import type { GateRun, ReviewGate } from '../model/gate.ts';
import {
  criterionLines,
  isVerdict,
  type Met,
  type Opinion,
  type Remark,
  remarkLine,
  type Review,
  type ReviewSeverity,
  strictest,
  type Verdict,
} from '../model/review.ts';
import type { AgentOutcome, JobEnd } from '../model/run/job.ts';
import { at, type Problem } from '../model/text/problem.ts';
import { inTree } from './place.ts';
import { plainText } from './read.ts';

/** One run of a reviewer, as it ended. */
export interface ReviewEnd {
  end: JobEnd;
  /** The adapter. */
  agent: string;
  /** The tree that it looked at, an absolute path. */
  root: string;
  /** What it changed there. */
  changed: readonly string[];
  /** Epoch milliseconds: when it was asked. */
  askedAt: number;
}

/**
 * What a reviewer's answer comes to. Only an approval passes; without a verdict the gate could not run, whatever else was
 * said. A change it made is thrown away with its tree and does not touch its verdict: nothing of it was to be judged, and
 * asked again it would do the same.
 */
export function readReview({ name }: ReviewGate, { end, agent, root, changed, askedAt }: ReviewEnd): GateRun {
  const { startedAt, endedAt, code, usage } = timesOf(end, askedAt);
  const review: Review = { agent, startedAt, endedAt, changed, ...defined({ usage }), ...judged(end, root) };
  const told = isVerdict(review) ? saidBy(review) : mutely(review.message);
  return {
    gate: name,
    exitCode: code,
    ...told,
    problems: [...told.problems, ...changes(agent, changed)].map((problem) => ({ ...problem, source: name })),
    duration: Math.max(0, endedAt - startedAt),
    review,
  };
}

const timesOf = (end: JobEnd, askedAt: number) =>
  end.kind === 'exited'
    ? { ...end.exit, usage: end.exit.agent?.usage }
    : { startedAt: askedAt, endedAt: askedAt, code: null, usage: undefined };

type Told = Pick<GateRun, 'result' | 'problems' | 'tail'>;

const saidBy = (said: Said): Told => ({
  result: said.verdict === 'approved' ? 'passed' : 'failed',
  problems: problemsOf(said),
  tail: textOf(said),
});

const mutely = (message: string): Told => ({ result: 'error', problems: [error(message)], tail: message });

type Said = Pick<Verdict, 'verdict' | 'summary' | 'remarks' | 'criteria'>;
type Mute = Pick<Extract<Review, { verdict: 'none' }>, 'verdict' | 'type' | 'message' | 'limit' | 'resetAt'>;

function judged(end: JobEnd, root: string): Said | Mute {
  if (end.kind === 'interrupted') return mute('transient', `it was cut off: ${end.reason}`);
  const { spawnError, stopped, because, agent } = end.exit;
  if (spawnError !== undefined) return mute('escalate', `it could not be started: ${spawnError}`);
  if (stopped) return mute('transient', because ?? (stopped === 'cancelled' ? 'it was cancelled' : 'it took too long'));
  if (!agent) return mute('transient', 'it ended without a word');
  if (agent.kind === 'failed') return failedSo(agent);
  return readVerdict(agent.summary, root) ?? mute('transient', 'its last message is not the verdict it was asked for');
}

function failedSo({ type, message, limit, resetAt }: AgentOutcome & { kind: 'failed' }): Mute {
  // What a reviewer ran out of is there again when it is asked again: turns, or room in its conversation.
  return { ...mute(type === 'fixable' ? 'transient' : type, message), ...defined({ limit, resetAt }) };
}

const mute = (type: Mute['type'], message: string): Mute => ({ verdict: 'none', type, message: clean(message, 2000) });

/**
 * The verdict in a reviewer's last message: the object it was asked for, or what reviewers of other systems say in its
 * place. Undefined where it says none.
 */
export function readVerdict(message: string, root: string): Said | undefined {
  const read = ANSWER.safeParse(objectIn(message));
  if (!read.success) return undefined;
  const { extra, ...whole } = read.data;
  const part = <K extends keyof typeof BODY>(key: K) => whole[key] ?? extra?.[key];
  const said = VERDICTS[wordOf(part('verdict') ?? part('review_status') ?? '')];
  if (!said) return undefined;
  const remarks = LISTS.flatMap((key) =>
    (part(key) ?? []).flatMap((one) => remarkOf(one, key === 'prd_compliance_issues', root)),
  ).slice(0, MOST);
  const criteria = (part('criteria') ?? []).flatMap(metOf).slice(0, MOST);
  const summary = clean(part('summary') ?? '', 2000);
  return { verdict: strictest(said, { remarks, criteria }), summary, remarks, criteria };
}

const MOST = 100;

const words = z.lazy(() =>
  z
    .union([z.string(), z.number().transform(String)])
    .optional()
    .catch(undefined),
);
const list = z.lazy(() => z.array(z.unknown()).optional().catch(undefined));
const LISTS = ['findings', 'issues', 'security_issues', 'quality_issues', 'prd_compliance_issues'] as const;
const BODY = {
  verdict: words,
  review_status: words,
  summary: words,
  criteria: list,
  findings: list,
  issues: list,
  security_issues: list,
  quality_issues: list,
  prd_compliance_issues: list,
};
const ANSWER = z.lazy(() => z.object({ ...BODY, extra: z.object(BODY).optional().catch(undefined) }));

const VERDICTS: Readonly<Record<string, Opinion>> = {
  approved: 'approved',
  approved_with_comments: 'approved',
  passed: 'approved',
  needs_revision: 'needs_revision',
  changes_requested: 'needs_revision',
  failed: 'needs_revision',
  blocked: 'blocked',
};

const wordOf = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');

const REMARK = z.lazy(() =>
  z.object({
    severity: words,
    category: words,
    message: words,
    description: words,
    text: words,
    suggestion: words,
    file: words,
    line: z.coerce.number().int().min(1).max(10_000_000).optional().catch(undefined),
    location: words,
  }),
);

function remarkOf(value: unknown, compliance: boolean, root: string): Remark[] {
  const read = REMARK.safeParse(typeof value === 'string' ? { message: value } : value);
  if (!read.success) return [];
  const { severity = '', category = '', suggestion, ...one } = read.data;
  const message = messageOf(one);
  if (message === '') return [];
  return [
    {
      severity: SEVERITY[wordOf(severity)] ?? 'medium',
      message,
      ...defined({
        suggestion: suggestion && clean(suggestion, 1000),
        compliance: compliance || isBreach(category) ? (true as const) : undefined,
        beyond: wordOf(category) === 'beyond' && !compliance ? (true as const) : undefined,
      }),
      ...placeOf(one, root),
    },
  ];
}

const messageOf = ({ message, description, text }: Pick<z.infer<typeof REMARK>, 'message' | 'description' | 'text'>) =>
  clean(message ?? description ?? text ?? '', 1000);

const isBreach = (category: string): boolean => /\b(?:prd|requirement)/i.test(category);

/** Words of other systems too. */
const SEVERITY: Readonly<Record<string, ReviewSeverity>> = {
  critical: 'critical',
  blocking: 'high',
  high: 'high',
  important: 'medium',
  medium: 'medium',
  suggestion: 'low',
  low: 'low',
};

/** `file` and `line`, or `src/a.ts:12` in either of `file` and `location`; nothing for what lies outside the tree. */
function placeOf(
  { file, line, location }: Pick<z.infer<typeof REMARK>, 'file' | 'line' | 'location'>,
  root: string,
): Pick<Remark, 'file' | 'line'> {
  const [, path = '', row] = /^(.*?)(?::(\d{1,7})(?:[:-]\d+)*)?$/s.exec((file ?? location ?? '').trim()) ?? [];
  const inside = inTree(path, root);
  if (inside === undefined) return {};
  return { file: inside, ...defined({ line: line ?? (row === undefined ? undefined : Math.max(1, Number(row))) }) };
}

const MET = z.lazy(() => z.object({ criterion: words, status: z.string(), note: words, evidence: words }));
const STATUS: Readonly<Record<string, Met['status']>> = {
  met: 'met',
  partial: 'partial',
  partially_met: 'partial',
  deviated: 'partial',
  missed: 'missed',
  not_met: 'missed',
  unmet: 'missed',
};

/** A status that nobody knows is not met. */
function metOf(value: unknown): Met[] {
  const read = MET.safeParse(value);
  if (!read.success) return [];
  const { criterion = '', status, note, evidence } = read.data;
  const why = note ?? evidence;
  return [
    {
      criterion: clean(criterion, 500),
      status: STATUS[wordOf(status)] ?? 'partial',
      ...defined({ note: why === undefined ? undefined : clean(why, 500) }),
    },
  ];
}

/** An approval's comments are warnings; of anything else only what is of little weight is. */
function problemsOf({ verdict, summary, remarks, criteria }: Said): Problem[] {
  const remarked = remarks.map(({ file, line, severity, message, suggestion, beyond }): Problem => ({
    ...defined({ file }),
    range: at(line ?? 1),
    severity: verdict === 'approved' || severity === 'low' || beyond ? 'warning' : 'error',
    message: suggestion === undefined ? message : `${message} ${suggestion}`,
    code: severity,
  }));
  const missing = criterionLines({ criteria }).map((message): Problem => ({
    range: at(1),
    severity: verdict === 'approved' ? 'warning' : 'error',
    message,
  }));
  const found = [...remarked, ...missing];
  const says = verdict === 'approved' || found.some(({ severity }) => severity === 'error');
  return says ? found : [...found, error(summary || 'it says no, and not why')];
}

const error = (message: string): Problem => ({ range: at(1), severity: 'error', message });

const changes = (agent: string, changed: readonly string[]): Problem[] =>
  changed.length === 0
    ? []
    : [
        {
          range: at(1),
          severity: 'warning',
          message: `${agent} was to look only and changed ${changed.slice(0, 5).join(', ')}${changed.length > 5 ? ` and ${changed.length - 5} more` : ''}: thrown away, nothing of it is taken.`,
        },
      ];

/** What it says, for a person and for the agent whose work it is about. */
const textOf = ({ summary, remarks, criteria }: Said): string =>
  [summary, ...remarks.map((remark) => `- ${remarkLine(remark)}`), ...criterionLines({ criteria })]
    .filter((line) => line !== '')
    .join('\n')
    .slice(0, 4000);

const clean = (text: string, most: number): string => plainText(text).trim().slice(0, most);
