/** Where a remote lies: its host, with the port of a web address, and the path there without `.git`. */
export interface Site {
  host: string;
  path: string;
}

/** Of `https://host/owner/name.git`, `ssh://git@host:22/owner/name`, `git@host:owner/name.git`. */
export function siteOf(remote: string): Site | undefined {
  const [, scheme = '', name, port = '', path] =
    /^(https?|ssh|git):\/\/(?:[^/@]*@)?([\w.-]+)(:\d+)?\/(.+)$/.exec(remote) ??
    /^()(?:[\w.-]+@)?([\w.-]{2,})()?:(?!\/\/)(.+)$/.exec(remote) ??
    [];
  if (name === undefined || path === undefined) return undefined;
  const plain = path.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');
  const host = name.toLowerCase() + (scheme.startsWith('http') ? port : '');
  return /^[\w.~-]+(?:\/[\w.~-]+)+$/.test(plain) ? { host, path: plain } : undefined;
}

/** A repository on GitHub or a GitHub Enterprise, and the address of the API there, without a `/` at its end. */
export interface Hosted {
  host: string;
  owner: string;
  name: string;
  api: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Undefined for a remote elsewhere. GitHub is known by its name; another host is one if its name says so, or the
 * environment, in the names that GitHub Actions (GITHUB_SERVER_URL, GITHUB_API_URL) and gh (GH_HOST) have for it.
 */
export function hostedOn(remote: string, env: Environment): Hosted | undefined {
  const { host: said = '', path = '' } = siteOf(remote) ?? {};
  const host = /^(?:www|ssh)\.github\.com$/.test(said) ? GITHUB : said;
  const [owner = '', name = '', ...more] = path.split('/');
  const api = apiOf(host, env);
  return api === undefined || name === '' || more.length > 0 ? undefined : { host, owner, name, api };
}

export const GITHUB = 'github.com';

/** The host that GITHUB_TOKEN and GITHUB_API_URL of an environment are for. */
export function homeOf({ GITHUB_SERVER_URL: server }: Environment): string {
  return server !== undefined && URL.canParse(server) ? new URL(server).host : GITHUB;
}

function apiOf(host: string, env: Environment): string | undefined {
  const { GITHUB_API_URL: own, GH_HOST: named } = env;
  if (host === homeOf(env) && own !== undefined && own !== '') return own.replace(/\/+$/, '');
  if (host === GITHUB) return 'https://api.github.com';
  if (host.endsWith('.ghe.com')) return `https://api.${host}`;
  const isKnown = /github/.test(host) || host === named || host === homeOf(env);
  return host !== '' && isKnown ? `https://${host}/api/v3` : undefined;
}
