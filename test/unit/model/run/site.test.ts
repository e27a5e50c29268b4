import { deepEqual, equal } from 'node:assert/strict';
import { hostedOn, siteOf } from '../../../../src/model/run/site.ts';

describe('Where a remote lies', () => {
  const ghe = { host: 'ghe.example.org', owner: 'o', name: 'r', api: 'https://ghe.example.org/api/v3' };
  const github = { host: 'github.com', owner: 'o', name: 'r', api: 'https://api.github.com' };
  for (const [remote, env, hosted] of [
    ['https://github.com/o/r.git', {}, github],
    ['git@GitHub.com:o/r', {}, github],
    ['ssh://git@ssh.github.com:443/o/r.git', {}, github],
    ['https://github.com/o/r', { GH_HOST: 'ghe.example.org' }, github],
    [
      'https://github.com/o/r',
      { GITHUB_API_URL: 'http://127.0.0.1:1/api/' },
      { ...github, api: 'http://127.0.0.1:1/api' },
    ],
    ['https://acme.ghe.com/o/r', {}, { ...github, host: 'acme.ghe.com', api: 'https://api.acme.ghe.com' }],
    ['git@ghe.example.org:o/r.git', {}, undefined],
    ['git@ghe.example.org:o/r.git', { GH_HOST: 'ghe.example.org' }, ghe],
    ['git@ghe.example.org:o/r.git', { GITHUB_SERVER_URL: 'https://ghe.example.org' }, ghe],
    [
      'https://github.example.org:8443/o/r',
      { GITHUB_SERVER_URL: 'no address', GITHUB_API_URL: 'https://x/api' },
      { ...ghe, host: 'github.example.org:8443', api: 'https://github.example.org:8443/api/v3' },
    ],
    // What is set for one host is not taken for another.
    [
      'https://github.com/o/r',
      { GITHUB_SERVER_URL: 'https://ghe.example.org', GITHUB_API_URL: 'https://ghe.example.org/api/v3' },
      github,
    ],
    ['https://notgithub.com.example.org/', {}, undefined],
    ['https://github.com/group/sub/r', {}, undefined],
    ['https://gitlab.com/o/r', {}, undefined],
    ['/srv/github/r.git', {}, undefined],
  ] as const)
    it(`of ${remote} with ${JSON.stringify(env)} is ${hosted?.api ?? 'not known'}`, () =>
      deepEqual(hostedOn(remote, env), hosted));

  it('has the port of a web address, and none of another', () => {
    equal(siteOf('https://git.example.org:8443/o/r.git')?.host, 'git.example.org:8443');
    equal(siteOf('ssh://git@git.example.org:2222/o/r.git')?.host, 'git.example.org');
  });
});
