import { fail, ok, type Result } from '../failure.ts';
import { type Environment, type Hosted, hostedOn, siteOf } from '../run/site.ts';
import { latestRuns } from '../gate.ts';
import { resultPage } from '../report/page.ts';
import { reportOf } from '../report/report.ts';
import { unresolvedIn } from '../report/unresolved.ts';
import { firstLine, headline } from '../text/headline.ts';
import { escaped } from '../text/markdown.ts';
import { currentPush } from '../run/push.ts';
import type { RunState } from '../run/state.ts';
import { trace } from '../run/trace.ts';

/** What a pull request is asked for with. `body`: Markdown. */
export interface Request {
  head: string;
  base: string;
  title: string;
  body: string;
}

/** The pull request of a branch, as its forge knows it. */
export interface PullRequest {
  number: number;
  url: string;
  state: 'open' | 'closed';
  /** The commit that its branch is at. */
  commit: string;
}

/** What is pushed to where the API is one that we speak: the commit, the branch there, and the name of the remote. */
export interface Hosting {
  on: Hosted;
  remote: string;
  head: string;
  commit: string;
}

/** Undefined where nothing is pushed, or its host is not known to be a GitHub. */
export function hostingIn(state: RunState, env: Environment): Hosting | undefined {
  const push = currentPush(state);
  const [head] = push?.branches ?? [];
  if (push?.kind !== 'pushed' || head === undefined) return undefined;
  const on = hostedOn(push.url, env);
  return on && { on, remote: push.remote, head, commit: push.commit };
}

/** The same, refused with what can be done instead. */
export function hostingOf(state: RunState, env: Environment): Result<Hosting> {
  const hosting = hostingIn(state, env);
  if (hosting) return ok(hosting);
  const push = currentPush(state);
  if (push?.kind !== 'pushed')
    return refused(`The result of ${state.run} is not pushed: orchestrate push --run ${state.run}`);
  const page = pullRequestOf(state);
  const there = page === undefined ? `${push.url} is not known to be one (GH_HOST says so)` : `Make it there: ${page}`;
  return refused(`Only GitHub and GitHub Enterprise are asked for pull requests and checks. ${there}`);
}

/** A pull request that is asked for, and where. */
export interface Asked extends Request {
  on: Hosted;
}

/** Refused, too, where there is no other branch that could take it. */
export function askedOf(state: RunState, env: Environment): Result<Asked> {
  const hosting = hostingOf(state, env);
  if (!hosting.ok) return hosting;
  const { on, head } = hosting.value;
  const { baseBranch: base } = state;
  if (base === undefined) return refused(`${state.run} began on no branch: there is none for it to go into.`);
  if (base === head) return refused(`${base} was pushed itself: there is no other branch for it to go into.`);
  return ok({ on, head, base, title: headline(state.plan.objective || state.plan.id), body: pageOf(state) });
}

const refused = (reason: string) => fail({ kind: 'refused', reason } as const);

/** The page on which a person makes a pull request of what was pushed, filled in; undefined where the host is not known. */
export function pullRequestOf(state: RunState): string | undefined {
  const push = currentPush(state);
  const [head] = push?.branches ?? [];
  if (push?.kind !== 'pushed' || head === undefined || state.baseBranch === undefined) return undefined;
  if (head === state.baseBranch) return undefined;
  const title = firstLine(state.plan.objective || state.plan.id);
  return pullRequestUrl(push.url, { head, base: state.baseBranch, title, body: bodyOf(state) });
}

/** The same by the address of the remote: GitHub, GitLab and Bitbucket, there or on a host named after them. */
export function pullRequestUrl(remote: string, { head, base, title, body }: Request): string | undefined {
  const site = siteOf(remote);
  if (!site) return undefined;
  const { host, path } = site;
  const query = (entries: Record<string, string>): string => new URLSearchParams(entries).toString();
  const said = body.length > LONGEST ? `${body.slice(0, LONGEST)}…` : body;
  if (/github/i.test(host)) {
    const refs = [base, head].map((ref) => ref.split('/').map(encodeURIComponent).join('/')).join('...');
    return `https://${host}/${path}/compare/${refs}?${query({ expand: '1', title, body: said })}`;
  }
  if (/gitlab/i.test(host)) {
    const request = { source_branch: head, target_branch: base, title, description: said };
    const entries = Object.entries(request).map(([key, value]) => [`merge_request[${key}]`, value]);
    return `https://${host}/${path}/-/merge_requests/new?${query(Object.fromEntries(entries))}`;
  }
  if (/bitbucket/i.test(host))
    return `https://${host}/${path}/pull-requests/new?${query({ source: head, dest: base })}`;
  return undefined;
}

/** Characters; browsers and servers take some thousands in an address. */
const LONGEST = 3000;

/** Characters that GitHub takes; a name with @ calls nobody. */
const LONGEST_BODY = 65_000;

function pageOf(state: RunState): string {
  const report = reportOf(state, { now: state.at, decisions: [], span: String });
  return resultPage(report)
    .replaceAll(String.raw`\@`, '@&#8203;')
    .slice(0, LONGEST_BODY);
}

/** What was done, what it fulfils, what it was tried with, and what is left, in Markdown. */
function bodyOf(state: RunState): string {
  const { plan, tasks, merges } = state;
  const more = escaped(plan.objective.trim().split('\n').slice(1).join('\n'));
  const done = [...tasks.values()].flatMap(({ task, settled }) =>
    settled?.kind === 'done' ? [`- ${escaped(`${task.title} (${task.id})`)}`] : [],
  );
  const met = trace(state).flatMap(({ requirement: { id, text }, standing }) =>
    standing === 'met' ? [`- ${escaped(text === '' ? id : `${id}: ${text}`)}`] : [],
  );
  const gates = latestRuns(merges.at(-1)?.gates ?? []).map(({ gate, result }) => `- ${escaped(gate)}: ${result}`);
  const left = unresolvedIn(state, state.at).flatMap(({ text, details }) => [
    `- ${escaped(text)}`,
    ...details.map((one) => `  - ${escaped(one)}`),
  ]);
  const parts = { Tasks: done, Requirements: met, Gates: gates, Unresolved: left };
  return [more, ...Object.entries(parts).map(([name, lines]) => partOf(name, lines))]
    .filter((text) => text !== '')
    .join('\n\n');
}

const partOf = (name: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : [`${name}:`, ...lines].join('\n');
