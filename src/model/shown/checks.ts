import type { Problem, Severity } from '../text/problem.ts';
import type { PullRequest } from './pull-request.ts';

/** What the checks of a commit came to on its forge, and the pull request they are of, where there is one. */
export interface Checks {
  commit: string;
  pullRequest?: PullRequest;
  /** Those that fail first, then those that are not over. */
  all: readonly Check[];
}

/** A check run or a commit status. All of its texts are data that others wrote. */
export interface Check {
  name: string;
  standing: Standing;
  /** The forge's own word for it, such as `timed_out`. */
  word: string;
  /** A line of its own on how it went; may be empty. */
  said: string;
  url?: string;
  /** What it says of lines of files, where it fails. */
  problems: readonly Problem[];
  /** The end of what its job printed, where it fails and that was asked for. */
  log?: string;
}

export const STANDINGS = ['failing', 'pending', 'passing'] as const;
export type Standing = (typeof STANDINGS)[number];

/** By `conclusion` or `status` of a check run, or `state` of a commit status; what is not over has other words. */
export const standingOf = (word: string): Standing => OVER.get(word) ?? 'pending';

/** https://docs.github.com/rest/checks/runs, https://docs.github.com/rest/commits/statuses */
const OVER: ReadonlyMap<string, Standing> = new Map([
  ...['success', 'neutral', 'skipped'].map((word) => [word, 'passing'] as const),
  ...['failure', 'error', 'timed_out', 'cancelled', 'action_required', 'startup_failure'].map(
    (word) => [word, 'failing'] as const,
  ),
]);

/** The worst of them; undefined where there are none. */
export const worst = ({ all }: Checks): Standing | undefined =>
  STANDINGS.find((standing) => all.some((check) => check.standing === standing));

/** Those that fail for what the commit holds: not what somebody stopped, or has to allow. */
export const mendable = ({ all }: Checks): Check[] =>
  all.filter(({ standing, word }) => standing === 'failing' && word !== 'cancelled' && word !== 'action_required');

/** `1 failing, 2 passing`, for people. */
export function checksWords({ all }: Checks): string {
  const counted = STANDINGS.map((standing) => [standing, all.filter((one) => one.standing === standing).length]);
  const words = counted.filter(([, count]) => count !== 0).map(([standing, count]) => `${count} ${standing}`);
  return words.join(', ') || 'no checks yet';
}

/** What a check says of lines of a file; columns are there only where it is one line. */
export interface Annotation {
  path: string;
  start_line: number;
  end_line: number;
  start_column?: number | null | undefined;
  end_column?: number | null | undefined;
  annotation_level: string | null;
  title?: string | null | undefined;
  message: string | null;
}

/** As a gate's would be. A path that leads nowhere below the root of the repository is left out. */
export function problemOf(check: string, annotation: Annotation): Problem {
  const { path, start_line: line, end_line: endLine, annotation_level: level, title, message } = annotation;
  const column = annotation.start_column ?? 1;
  const said = [title, message].filter((text) => text !== null && text !== undefined && text !== '');
  return {
    ...(isFile(path) ? { file: path } : {}),
    range: { line, column, endLine, endColumn: (annotation.end_column ?? column) + 1 },
    severity: SEVERITY.get(level ?? '') ?? 'error',
    message: said.join(': ') || 'fails',
    source: `check ${check}`,
  };
}

const SEVERITY: ReadonlyMap<string, Severity> = new Map([
  ['notice', 'info'],
  ['warning', 'warning'],
]);

/** GitHub Actions says `.github` where a step failed and named no file. */
const isFile = (path: string): boolean =>
  path !== '.github' &&
  !/^[/~]|^[a-z]:|\\|\p{Cc}/iu.test(path) &&
  !path.split('/').some((part) => /^\.{0,2}$/.test(part));
