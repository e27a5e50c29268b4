import { latestRuns } from '../gate.ts';
import { unresolvedIn } from '../report/unresolved.ts';
import { escaped } from '../text/markdown.ts';
import { currentPush } from './push.ts';
import type { RunState } from './state.ts';
import { trace } from './trace.ts';

/** What a pull request is asked for with. */
interface Request {
  head: string;
  base: string;
  title: string;
  body: string;
}

/** The page on which a person makes a pull request of what was pushed, filled in; undefined where the host is not known. */
export function pullRequestOf(state: RunState): string | undefined {
  const push = currentPush(state);
  const [head] = push?.branches ?? [];
  if (push?.kind !== 'pushed' || head === undefined || state.baseBranch === undefined) return undefined;
  if (head === state.baseBranch) return undefined;
  const title = (state.plan.objective || state.plan.id).trim().split('\n', 1)[0] ?? '';
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

/** `https://host/owner/name.git`, `ssh://git@host:22/owner/name`, `git@host:owner/name.git`. */
function siteOf(remote: string): { host: string; path: string } | undefined {
  const [, host, path] =
    /^(?:https?|ssh|git):\/\/(?:[^/@]*@)?([\w.-]+)(?::\d+)?\/(.+)$/.exec(remote) ??
    /^(?:[\w.-]+@)?([\w.-]{2,}):(?!\/\/)(.+)$/.exec(remote) ??
    [];
  if (host === undefined || path === undefined) return undefined;
  const plain = path.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');
  return /^[\w.~-]+(?:\/[\w.~-]+)+$/.test(plain) ? { host, path: plain } : undefined;
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
