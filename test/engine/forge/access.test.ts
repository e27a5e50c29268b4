import { strict as assert } from 'node:assert';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { accessTo, speak } from '../../../src/forge/access.ts';
import { tokenFor } from '../../../src/forge/token.ts';
import { describe as words } from '../../../src/model/failure.ts';
import { TOKEN } from '../../rig/forge.ts';
import { TemporaryRepository } from '../../rig/repository.ts';
import { value } from '../../rig/run.ts';

/** gh as one that is signed in to one host; it writes down what it was asked and what it could have seen. */
function signedIn(repository: TemporaryRepository, to: string) {
  const folder = repository.folder('bin');
  const seen = join(folder, 'asked');
  const script = [
    '#!/bin/sh',
    `printf '%s|' "$*" "$GH_TOKEN$GITHUB_TOKEN$GH_ENTERPRISE_TOKEN$GITHUB_ENTERPRISE_TOKEN" > "${seen}"`,
    `[ "$4" = "${to}" ] && echo ${TOKEN}`,
  ];
  writeFileSync(join(folder, 'gh'), `${script.join('\n')}\n`);
  chmodSync(join(folder, 'gh'), 0o755);
  return { PATH: `${folder}${delimiter}${process.env['PATH']}`, asked: () => readFileSync(seen, 'utf8') };
}

async function listening(server: Server): Promise<AsyncDisposable & { url: string }> {
  await new Promise<void>((begun) => server.listen(0, '127.0.0.1', begun));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

const at = (api: string) => ({ host: 'ghe.example.org', owner: 'o', name: 'r', api });

describe('The token of a forge', () => {
  it('is that of the environment for just this host, else that of gh, which is told none of the others', async () => {
    await using repository = TemporaryRepository.empty();
    const { PATH, asked } = signedIn(repository, 'ghe.example.org');
    const env = { PATH, GITHUB_TOKEN: 'for-github', GH_HOST: 'other.example.org', GH_ENTERPRISE_TOKEN: 'for-other' };
    assert.equal(value(await tokenFor('github.com', env)), 'for-github');
    assert.equal(value(await tokenFor('other.example.org', env)), 'for-other');
    assert.equal(value(await tokenFor('ghe.example.org', env)), TOKEN);
    assert.equal(asked(), 'auth token --hostname ghe.example.org||');
    const none = await tokenFor('github.evil.example', env);
    assert.match(none.ok ? '' : words(none.failure), /no token for github\.evil\.example: set GH_HOST=.*gh auth login/);
    // In a job of GitHub Actions on an Enterprise its token is for that.
    const inActions = { ...env, GITHUB_SERVER_URL: 'https://actions.example.org' };
    assert.equal(value(await tokenFor('actions.example.org', inActions)), 'for-github');
    assert.equal((await tokenFor('github.com', inActions)).ok, false);
  });

  it('does not go where the API sends to another host, nor where anybody could read it', async () => {
    const heard: (string | undefined)[] = [];
    await using elsewhere = await listening(
      createServer(({ headers }, response) => {
        heard.push(headers.authorization);
        response.end('[]');
      }),
    );
    await using api = await listening(
      createServer(({ url, headers }, response) => {
        if (url?.endsWith('/away')) return response.writeHead(302, { Location: elsewhere.url }).end();
        response.setHeader('Link', `<${elsewhere.url}/next>; rel="next"`);
        return response.end(headers.authorization);
      }),
    );
    const access = value(accessTo(at(api.url), TOKEN));
    const first = value(await speak(access, '/first'));
    assert.deepEqual([first.body, first.next], [`Bearer ${TOKEN}`, undefined]);
    assert.equal(value(await speak(access, '/away')).body, '[]');
    assert.deepEqual(heard, [undefined]);
    for (const open of ['http://ghe.example.org/api', 'http://127.0.0.1.example.org', 'no address', 'file:///x'])
      assert.match(refusalOf(accessTo(at(open), TOKEN)), /is not https: no token goes there/);
  });

  it('is in no text, also where a server repeats it', async () => {
    await using api = await listening(
      createServer(({ headers }, response) =>
        response.writeHead(403).end(JSON.stringify({ message: `Not with ${headers.authorization}` })),
      ),
    );
    const told = refusalOf(await speak(value(accessTo(at(api.url), TOKEN)), '/pulls'));
    assert.match(told, /does not allow it to this token, .*: Not with Bearer \[token\]$/);
  });

  it('that is used up for a while says until when', async () => {
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1000000000' };
    await using api = await listening(
      createServer((_, response) => response.writeHead(429, headers).end('<html>not JSON')),
    );
    const told = refusalOf(await speak(value(accessTo(at(api.url), TOKEN)), '/pulls'));
    assert.match(told, /\(429\): it does not say why \(until 2001-09-09T01:46:40\.000Z\)/);
  });
});

const refusalOf = (result: Parameters<typeof value>[0]): string => (result.ok ? '' : words(result.failure));
