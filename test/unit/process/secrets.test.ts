import { deepEqual, equal } from 'node:assert/strict';
import fc from 'fast-check';
import { secretsIn, Veil, withoutSecrets } from '../../../src/process/secrets.ts';

describe('Secrets of an environment', () => {
  it('are told by their names, where they are no path, number or short word', () => {
    const env = {
      ANTHROPIC_API_KEY: 'sk-ant-api03-abcdef',
      NPM_TOKEN: ' npm_0123456789 ',
      AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      db_password: 'correct horse battery',
      GOOGLE_APPLICATION_CREDENTIALS: '/home/a/key.json',
      TOKEN_LIMIT: '200000000',
      KEY: 'short',
      KEYBOARD: 'not a secret at all',
      MAX_TOKENS: 'nor is this one',
      PATH: '/usr/bin:/bin',
    };
    deepEqual(secretsIn(env), [
      'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      'correct horse battery',
      'sk-ant-api03-abcdef',
      'npm_0123456789',
    ]);
  });

  it('are taken out of what is printed, wherever its pieces begin and end', () => {
    const secrets = ['sésame-ouvre-toi', 'sksksk-12345', 'sk-12345'];
    const piece = fc.oneof(fc.constantFrom(...secrets), fc.constantFrom('s', 'sk', 'sé', 'plain\n', ''), fc.string());
    fc.assert(
      fc.property(fc.array(piece), fc.array(fc.nat(40)), (pieces, cuts) => {
        const veil = new Veil(secrets);
        const printed = Buffer.from(pieces.join(''));
        const shown = chunks(printed, cuts).map((chunk) => veil.take(chunk));
        equal(Buffer.concat([...shown, veil.end()]).toString(), withoutSecrets(printed.toString(), secrets));
      }),
    );
  });

  it('that are not there leave every byte as it is', () => {
    const bytes = Buffer.from([0, 0xff, 0xc3, 0x28, 10]);
    equal(new Veil([]).take(bytes), bytes);
    const veil = new Veil(['sk-12345']);
    deepEqual(Buffer.concat([veil.take(bytes), veil.end()]), bytes);
  });
});

function chunks(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const found: Buffer[] = [];
  let from = 0;
  for (const cut of cuts) {
    found.push(bytes.subarray(from, from + cut));
    from += cut;
  }
  return [...found, bytes.subarray(from)];
}
