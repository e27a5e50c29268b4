import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gitIn } from './repository.ts';

export const TOKEN = 'gh-test-0123456789abcdef';

/** What a test says of a check run, in the form of the API; `annotations` are served by their own address. */
export interface ScriptedCheck {
  name: string;
  status?: string;
  conclusion?: string | null;
  output?: { title?: string | null; summary?: string | null };
  annotations?: readonly object[];
  /** What the job of GitHub Actions printed. */
  log?: string;
}

interface Pull {
  number: number;
  state: string;
  title: string;
  body: string;
  head: string;
  base: string;
}

/**
 * A forge on loopback as a GitHub Enterprise is one: a real bare repository that git pushes to over HTTP, and beside it
 * the part of the REST API that is spoken, by what docs.github.com says of it (pulls, check runs, commit statuses):
 * tokens, pages with `Link`, `ETag`, and the words it refuses with. It is a script and not GitHub.
 */
export class ScriptedForge implements AsyncDisposable {
  readonly #root: string;
  readonly pulls: Pull[] = [];
  readonly checks: ScriptedCheck[] = [];
  readonly statuses: object[] = [];
  /** Oldest first, and how each was answered. */
  readonly requests: { method: string; path: string; status: number; authorization: string | undefined }[] = [];
  readonly #server: Server;
  /** Of lists of checks, as few as a test wants. */
  pageSize = 100;

  private constructor(folder: string) {
    this.#root = folder;
    execFileSync('git', ['init', '--quiet', '--bare', '-b', 'main', this.folder]);
    gitIn(this.folder, ['config', 'http.receivepack', 'true']);
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async in(folder: string): Promise<ScriptedForge> {
    const forge = new ScriptedForge(folder);
    await new Promise<void>((listening) => forge.#server.listen(0, '127.0.0.1', listening));
    return forge;
  }

  /** The repository. */
  get folder(): string {
    return join(this.#root, 'o', 'r.git');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get remote(): string {
    return `${this.url}/o/r.git`;
  }

  /** As GitHub Actions sets it, with nothing that this machine has beside it. */
  get env(): Record<string, string> {
    return {
      GITHUB_SERVER_URL: this.url,
      GITHUB_API_URL: `${this.url}/api/v3`,
      GITHUB_TOKEN: TOKEN,
      GH_TOKEN: '',
      GH_HOST: '',
    };
  }

  /** Where a branch is there. */
  at(branch: string): string {
    return gitIn(this.folder, ['for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    if (url.pathname.startsWith('/o/r.git/')) return this.#git(request, response, url);
    const { authorization } = request.headers;
    const body = (await buffer(request)).toString();
    const { status, json, text, link } = this.#rest(request, url, body);
    const sent = text ?? JSON.stringify(json);
    const etag = `"${createHash('md5').update(sent).digest('hex')}"`;
    const isKnown = status === 200 && request.headers['if-none-match'] === etag;
    const told = { method: request.method ?? '', path: url.pathname + url.search, authorization };
    this.requests.push({ ...told, status: isKnown ? 304 : status });
    const headers = { 'Content-Type': 'application/json', ETag: etag, ...(link === undefined ? {} : { Link: link }) };
    response.writeHead(isKnown ? 304 : status, headers).end(isKnown ? undefined : sent);
  }

  #rest(request: IncomingMessage, url: URL, body: string): Answer {
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return says(401, `Bad credentials`);
    const path = url.pathname.replace(/^\/api\/v3\/repos\/o\/r/, '');
    if (path === '/pulls') return request.method === 'POST' ? this.#open(JSON.parse(body)) : this.#list(url);
    const [, what] = /^\/commits\/[0-9a-f]{40}\/(check-runs|status)$/.exec(path) ?? [];
    if (what === 'check-runs') return this.#page(url, 'check_runs', this.#checkRuns());
    if (what === 'status') return { status: 200, json: { state: 'pending', statuses: this.statuses } };
    return this.#ofCheck(path);
  }

  #ofCheck(path: string): Answer {
    const [, id, part] = /^\/(?:check-runs|actions\/jobs)\/(\d+)\/(annotations|logs)$/.exec(path) ?? [];
    const check = this.checks[Number(id) - 1];
    if (part === 'annotations' && check) return { status: 200, json: check.annotations ?? [] };
    if (part === 'logs' && check?.log !== undefined) return { status: 200, text: check.log };
    return says(404, 'Not Found');
  }

  #open({ title, body, head, base }: Pull): Answer {
    const unknown = [head, base].find((branch) => this.at(branch) === '');
    if (unknown !== undefined)
      return says(422, 'Validation Failed', { field: unknown === head ? 'head' : 'base', code: 'invalid' });
    if (this.pulls.some((pull) => pull.head === head && pull.state === 'open'))
      return says(422, 'Validation Failed', { message: `A pull request already exists for o:${head}.` });
    const pull = { number: this.pulls.length + 12, state: 'open', title, body, head, base };
    this.pulls.push(pull);
    return { status: 201, json: this.#pull(pull) };
  }

  #list({ searchParams }: URL): Answer {
    const head = searchParams.get('head')?.replace(/^o:/, '');
    const found = this.pulls.filter((pull) => pull.head === head).toReversed();
    return { status: 200, json: found.map((pull) => this.#pull(pull)) };
  }

  #pull({ number, state, title, body, head, base }: Pull): object {
    const branch = (ref: string) => ({ ref, sha: this.at(ref), label: `o:${ref}` });
    return {
      number,
      state,
      title,
      body,
      html_url: `${this.url}/o/r/pull/${number}`,
      merged_at: null,
      head: branch(head),
      base: branch(base),
    };
  }

  #checkRuns(): object[] {
    return this.checks.map(({ annotations = [], log, ...check }, index) => ({
      id: index + 1,
      status: 'completed',
      conclusion: 'success',
      html_url: `${this.url}/o/r/runs/${index + 1}`,
      app: { slug: log === undefined ? 'some-app' : 'github-actions' },
      ...check,
      output: { title: null, summary: null, ...check.output, annotations_count: annotations.length },
    }));
  }

  #page(url: URL, name: string, all: readonly object[]): Answer {
    const page = Number(url.searchParams.get('page') ?? 1);
    const json = { total_count: all.length, [name]: all.slice((page - 1) * this.pageSize, page * this.pageSize) };
    if (page * this.pageSize >= all.length) return { status: 200, json };
    url.searchParams.set('page', String(page + 1));
    return { status: 200, json, link: `<${url.href}>; rel="next"` };
  }

  /** git's own server of repositories over HTTP. */
  #git(request: IncomingMessage, response: ServerResponse, url: URL): void {
    const child = spawn('git', ['http-backend'], {
      env: {
        ...process.env,
        GIT_PROJECT_ROOT: this.#root,
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: url.pathname,
        QUERY_STRING: url.search.slice(1),
        REQUEST_METHOD: request.method,
        CONTENT_TYPE: request.headers['content-type'],
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
        GIT_PROTOCOL: request.headers['git-protocol'] as string | undefined,
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    child.stdin.on('error', () => undefined); // it may have read enough
    request.pipe(child.stdin);
    void buffer(child.stdout).then((out) => {
      const end = out.indexOf('\r\n\r\n');
      const headers = out
        .subarray(0, end)
        .toString()
        .split('\r\n')
        .map((line) => line.split(': ', 2) as [string, string]);
      const status = Number(headers.find(([name]) => name === 'Status')?.[1].slice(0, 3) ?? 200);
      response.writeHead(status, Object.fromEntries(headers.filter(([name]) => name !== 'Status')));
      response.end(out.subarray(end + 4));
    });
  }
}

interface Answer {
  status: number;
  json?: unknown;
  text?: string;
  link?: string;
}

const says = (status: number, message: string, ...errors: object[]): Answer => ({
  status,
  json: { message, ...(errors.length > 0 ? { errors } : {}), documentation_url: 'https://docs.github.com/rest' },
});
