import type * as z from 'zod';
import { fail, ok, type Result } from '../model/failure.ts';
import type { Hosted } from '../model/run/site.ts';

/** A way to the API of one repository, as whom the token says. It goes to that API alone, and into no text. */
export interface Access {
  on: Hosted;
  token: string;
  /** What was read, by its address: asked for again, what has not changed is not sent again. */
  kept: Map<string, Reply>;
}

export interface Reply {
  body: string;
  /** Of the page that follows, where there is one. */
  next?: string;
  /** What the server calls this version of it. */
  etag?: string;
}

/** Refused where the token would go over the net as anybody can read it. */
export function accessTo(on: Hosted, token: string, kept: Access['kept'] = new Map()): Result<Access> {
  const isApi = URL.canParse(on.api) && (on.api.startsWith('https://') || isLoopback(new URL(on.api)));
  if (isApi) return ok({ on, token, kept });
  return fail({ kind: 'refused', reason: `${on.api} is not https: no token goes there (GITHUB_API_URL).` });
}

const isLoopback = ({ protocol, hostname }: URL): boolean =>
  protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);

/** Milliseconds after which nobody waits for a server any longer. */
const PATIENCE = 60_000;

/** `path`: below the repository; or a page that followed another. A redirect elsewhere is followed without the token. */
export async function speak(access: Access, path: string, said?: object): Promise<Result<Reply>> {
  const { on, kept } = access;
  const url = path.startsWith('/') ? `${on.api}/repos/${on.owner}/${on.name}${path}` : path;
  const known = said === undefined ? kept.get(url) : undefined;
  try {
    const response = await fetch(url, {
      method: said === undefined ? 'GET' : 'POST',
      headers: headersOf(access, known),
      signal: AbortSignal.timeout(PATIENCE),
      ...(said === undefined ? {} : { body: JSON.stringify(said) }),
    });
    if (response.status === 304 && known) return ok(known);
    const body = await response.text();
    if (!response.ok) return refused(access, response, body);
    const reply = replyOf(access, response, body);
    // What lies elsewhere is a log: large, and read once.
    if (reply.etag !== undefined && !response.redirected) kept.set(url, reply);
    return ok(reply);
  } catch (error) {
    return failed(access, null, reasonOf(error));
  }
}

const headersOf = ({ token }: Access, known: Reply | undefined): Record<string, string> => ({
  Accept: 'application/vnd.github+json',
  Authorization: `Bearer ${token}`,
  'User-Agent': 'orchestrate',
  'X-GitHub-Api-Version': '2022-11-28',
  ...(known?.etag === undefined ? {} : { 'If-None-Match': known.etag }),
});

/** The next page is read where it is of the same API, as the token goes along. */
function replyOf({ on }: Access, { headers }: Response, body: string): Reply {
  const next = /<([^>]+)>\s*;\s*rel="next"/.exec(headers.get('link') ?? '')?.[1];
  const etag = headers.get('etag');
  return {
    body,
    ...(next?.startsWith(`${on.api}/`) ? { next } : {}),
    ...(etag === null ? {} : { etag }),
  };
}

/** `{ message, errors }` says why. */
function refused(access: Access, { status, headers }: Response, body: string): Result<never> {
  const { message, errors = [] } = Object(jsonIn(body)) as Record<string, unknown>;
  const all = [message, ...(Array.isArray(errors) ? errors.map(wordsOf) : [])];
  const words = all.filter((one) => typeof one === 'string').join('; ') || 'it does not say why';
  const until = Number(headers.get('x-ratelimit-reset')) * 1000;
  const isLimit = (status === 403 || status === 429) && headers.get('x-ratelimit-remaining') === '0' && until > 0;
  return failed(access, status, isLimit ? `${words} (until ${new Date(until).toISOString()})` : words);
}

/** `{ message }`, `{ field, code }` or a text. */
const wordsOf = (error: unknown): unknown => {
  const { message, field, code } = Object(error) as Record<string, unknown>;
  return message ?? (typeof field === 'string' ? `${field} is ${String(code)}` : error);
};

function reasonOf(error: unknown): string {
  const { cause, message } = error as Error;
  const { code, message: why } = (cause ?? {}) as NodeJS.ErrnoException;
  return [code, why].filter(Boolean).join(': ') || message;
}

/** A server that repeats what it was sent must not bring the token into a text. */
const failed = ({ on, token }: Access, status: number | null, message: string): Result<never> =>
  fail({ kind: 'forge', host: on.host, status, message: message.replaceAll(token, '[token]') });

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
    return undefined; // a page of a proxy, or nothing
  }
}
