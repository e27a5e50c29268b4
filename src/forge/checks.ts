import * as z from 'zod';
import { ok, type Result } from '../model/failure.ts';
import { type Annotation, type Check, type Checks, problemOf, standingOf, STANDINGS } from '../model/shown/checks.ts';
import type { Hosting } from '../model/shown/pull-request.ts';
import type { Problem } from '../model/text/problem.ts';
import { type Access, readAs, speak } from './access.ts';
import { findPullRequest } from './pull-requests.ts';

/**
 * The checks of what was pushed, or of the commit at which the pull request of its branch is by now. `logs`: what the
 * jobs that fail have printed, too.
 */
export async function readChecks(
  access: Access,
  { head, commit: pushed }: Hosting,
  { logs }: { logs: boolean },
): Promise<Result<Checks>> {
  const found = await findPullRequest(access, head);
  if (!found.ok) return found;
  const pullRequest = found.value;
  const commit = pullRequest?.state === 'open' ? pullRequest.commit : pushed;
  const [runs, statuses] = await Promise.all([checkRuns(access, commit, logs), commitStatuses(access, commit)]);
  if (!runs.ok) return runs;
  if (!statuses.ok) return statuses;
  const all = [...runs.value, ...statuses.value].toSorted((a, b) => rank(a) - rank(b));
  return ok({ commit, ...(pullRequest ? { pullRequest } : {}), all });
}

const rank = ({ standing }: Check): number => STANDINGS.indexOf(standing);

const WORDS = z.string().nullish();
const RUN = z.object({
  id: z.number(),
  name: z.string(),
  status: z.string(),
  conclusion: WORDS,
  html_url: WORDS,
  app: z.object({ slug: WORDS }).nullish(),
  output: z.object({ title: WORDS, summary: WORDS, annotations_count: z.number() }),
});
const RUNS = z.object({ check_runs: z.array(RUN) });
const STATUS = z.object({ context: z.string(), state: z.string(), description: WORDS, target_url: WORDS });
const STATUSES = z.object({ statuses: z.array(STATUS) });
const COLUMN = z.number().nullish();
const ANNOTATION: z.ZodType<Annotation> = z.object({
  path: z.string(),
  start_line: z.number().min(1),
  end_line: z.number().min(1),
  start_column: COLUMN,
  end_column: COLUMN,
  annotation_level: z.string().nullable(),
  title: WORDS,
  message: z.string().nullable(),
});

async function checkRuns(access: Access, commit: string, logs: boolean): Promise<Result<Check[]>> {
  const pages = await readPages(access, `/commits/${commit}/check-runs`, RUNS);
  if (!pages.ok) return pages;
  const checks = await Promise.all(
    pages.value.flatMap(({ check_runs: runs }) => runs).map((run) => checkOf(access, run, logs)),
  );
  const failed = checks.find((check) => !check.ok);
  return failed ?? ok(checks.flatMap((check) => (check.ok ? [check.value] : [])));
}

type Run = z.infer<typeof RUN>;

async function checkOf(access: Access, run: Run, logs: boolean): Promise<Result<Check>> {
  const { name, status, conclusion, html_url: url, output } = run;
  const word = conclusion ?? status;
  const said = output.title ?? output.summary?.trim().split('\n', 1)[0] ?? '';
  const check: Check = { name, word, standing: standingOf(word), said, ...web(url), problems: [] };
  if (check.standing !== 'failing') return ok(check);
  const [problems, log] = await Promise.all([problemsOf(access, run), logs ? logOf(access, run) : undefined]);
  return problems.ok ? ok({ ...check, problems: problems.value, ...(log === undefined ? {} : { log }) }) : problems;
}

async function problemsOf(access: Access, { id, name, output }: Run): Promise<Result<Problem[]>> {
  if (output.annotations_count === 0) return ok([]);
  const pages = await readPages(access, `/check-runs/${id}/annotations`, z.array(ANNOTATION));
  return pages.ok ? ok(pages.value.flat().map((annotation) => problemOf(name, annotation))) : pages;
}

/** A check run of GitHub Actions is the job of the same number. A log that cannot be read is no reason to say nothing. */
async function logOf(access: Access, { id, app }: Run): Promise<string | undefined> {
  if (app?.slug !== 'github-actions') return undefined;
  const log = await speak(access, `/actions/jobs/${id}/logs`);
  return log.ok ? log.value.body : undefined;
}

async function commitStatuses(access: Access, commit: string): Promise<Result<Check[]>> {
  const pages = await readPages(access, `/commits/${commit}/status`, STATUSES);
  if (!pages.ok) return pages;
  const statuses = pages.value.flatMap((page) => page.statuses);
  return ok(
    statuses.map(({ context: name, state: word, description, target_url: url }) => ({
      name,
      word,
      standing: standingOf(word),
      said: description ?? '',
      ...web(url),
      problems: [],
    })),
  );
}

/** An address that may be opened. */
const web = (url: string | null | undefined): { url?: string } => (url && /^https?:\/\//.test(url) ? { url } : {});

/** Pages of a hundred; a commit with more than a thousand checks has others to look at it. */
const MOST_PAGES = 10;

async function readPages<T>(access: Access, path: string, shape: z.ZodType<T>): Promise<Result<T[]>> {
  const pages: T[] = [];
  for (let next: string | undefined = `${path}?per_page=100`; next !== undefined && pages.length < MOST_PAGES;) {
    const reply = await speak(access, next);
    if (!reply.ok) return reply;
    const page = readAs(access, shape, reply.value.body);
    if (!page.ok) return page;
    pages.push(page.value);
    next = reply.value.next;
  }
  return ok(pages);
}
