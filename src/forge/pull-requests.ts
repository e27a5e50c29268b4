import * as z from 'zod';
import { ok, type Result } from '../model/failure.ts';
import type { Request } from '../model/run/pull-request.ts';
import { type Access, failed, speak } from './access.ts';

/** A pull request as the forge knows it. */
export interface PullRequest {
  number: number;
  url: string;
  state: 'open' | 'closed';
  /** The commit that its branch is at. */
  commit: string;
}

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

/** What a server sent, held to what it documents. */
export function readAs<T>(access: Access, shape: z.ZodType<T>, body: string): Result<T> {
  const read = shape.safeParse(jsonIn(body));
  if (read.success) return ok(read.data);
  const { path = [], message = '' } = read.error.issues[0] ?? {};
  return failed(access, 200, `its answer is none that its API documents (${path.join('.')}: ${message})`);
}

function jsonIn(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined; // which is of no shape
  }
}
