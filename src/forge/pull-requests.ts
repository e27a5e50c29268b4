import * as z from 'zod';
import { ok, type Result } from '../model/failure.ts';
import type { PullRequest, Request } from '../model/shown/pull-request.ts';
import { type Access, readAs, speak } from './access.ts';

const PULL = z.object({
  number: z.number(),
  html_url: z.url({ protocol: /^https?$/ }),
  state: z.enum(['open', 'closed']),
  head: z.object({ ref: z.string(), sha: z.string().regex(/^[0-9a-f]{40,64}$/) }),
});

/** The one of a branch: an open one, else the newest; undefined where there never was one. */
export async function findPullRequest(access: Access, head: string): Promise<Result<PullRequest | undefined>> {
  const query = new URLSearchParams({ head: `${access.on.owner}:${head}`, state: 'all', per_page: '100' });
  const reply = await speak(access, `/pulls?${query.toString()}`);
  if (!reply.ok) return reply;
  const listed = readAs(access, z.array(PULL), reply.value.body);
  if (!listed.ok) return listed;
  // A filter that the server does not follow leaves all there are.
  const own = listed.value.filter(({ head: { ref } }) => ref === head);
  const found = own.find(({ state }) => state === 'open') ?? own[0];
  return ok(found && pullRequest(found));
}

/** Makes one, or gives the open one there is: asked for twice, it is made once. */
export async function makePullRequest(
  access: Access,
  { head, base, title, body }: Request,
): Promise<Result<PullRequest & { made: boolean }>> {
  const there = await findPullRequest(access, head);
  if (!there.ok) return there;
  if (there.value?.state === 'open') return ok({ ...there.value, made: false });
  const reply = await speak(access, '/pulls', { title, head, base, body });
  if (!reply.ok) return reply;
  const made = readAs(access, PULL, reply.value.body);
  return made.ok ? ok({ ...pullRequest(made.value), made: true }) : made;
}

const pullRequest = ({ number, html_url: url, state, head }: z.infer<typeof PULL>): PullRequest => ({
  number,
  url,
  state,
  commit: head.sha,
});
