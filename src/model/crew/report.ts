import * as z from 'zod';
import { defined } from '../defined.ts';
import { fail, ok, type Result } from '../failure.ts';
import type { FailureType } from '../run/job.ts';
import { isMapping } from '../text/values.ts';

/** What a role that reports to a program says at its end. */
export interface Report {
  status: 'completed' | 'failed' | 'needs_revision';
  summary: string;
  failureType?: FailureType;
  /** What a browser-tester saw fail, a line each, and the folder in which it says it kept evidence. */
  failures: readonly string[];
  evidence?: string;
}

/**
 * Reads the last message of such a role: one JSON object, also where a fence or words stand around it. The failure says
 * what is wrong with it, for the agent.
 */
export function readReport(text: string): Result<Report, string> {
  const object = objectIn(text);
  if (object === undefined) return fail('it is not one JSON object');
  const read = SHAPE.safeParse(object);
  if (!read.success) return fail(z.prettifyError(read.error).replaceAll('\n', ' '));
  const { status, summary, failure_type: failureType, extra } = read.data;
  const failures = extra?.failures?.map(failureLine) ?? [];
  return ok({
    status,
    summary,
    failures,
    ...defined({ failureType: failureType ?? undefined, evidence: extra?.evidence_path ?? undefined }),
  });
}

/** An agent that has nothing to say of its failure may say so in its own way. */
const SHAPE = z.lazy(() =>
  z.object({
    status: z.enum(['completed', 'failed', 'needs_revision']),
    summary: z.string(),
    failure_type: z.enum(['transient', 'fixable', 'needs_replan', 'escalate']).nullish().catch(undefined),
    extra: z
      .object({
        failures: z.array(FAILURE).nullish().catch(undefined),
        evidence_path: z.string().nullish().catch(undefined),
      })
      .nullish()
      .catch(undefined),
  }),
);

const word = z.string().nullish().catch(undefined);
const FAILURE = z.union([
  z.string().transform((details) => ({ scenario: undefined, criteria: undefined, details })),
  z.object({ scenario: word, criteria: word, details: word }),
]);

/** `Sign in: validation_matrix: stays on the page`. */
const failureLine = ({ scenario, criteria, details }: z.infer<typeof FAILURE>): string =>
  [scenario, criteria, details].filter((part) => part).join(': ') || 'something';

/** The JSON object of a message; undefined where there is none. */
export function objectIn(text: string): unknown {
  const fenced = /```(?:json)?\s*\n(.*?)\n\s*```/s.exec(text)?.[1];
  const braced = text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1);
  return [text, fenced, braced].map(parsed).find((value) => value !== undefined);
}

function parsed(text: string | undefined): unknown {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return isMapping(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
