import { deepEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { givenBack, heldBack } from '../../src/process/held-back.ts';

describe('What a runner starts without', () => {
  it('is what would break or slow Node.js, and only that', () => {
    const set = { PATH: '/bin', NODE_OPTIONS: '--inspect', NODE_EXTRA_CA_CERTS: '/ca.pem', NODE_PATH: '/lib' };
    const runner = heldBack(set);
    deepEqual([runner['NODE_OPTIONS'], runner['NODE_EXTRA_CA_CERTS']], [undefined, undefined]);
    deepEqual([runner['PATH'], runner['NODE_PATH']], ['/bin', '/lib']);
  });

  it('comes back to the program as it was', () => {
    const name = fc.oneof(
      fc.constantFrom('NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'PATH'),
      fc.stringMatching(/^[A-Z_]+$/),
    );
    fc.assert(
      fc.property(fc.dictionary(name, fc.string(), { noNullPrototype: true }), (environment) => {
        deepEqual(givenBack(heldBack(environment)), environment);
      }),
    );
  });
});
