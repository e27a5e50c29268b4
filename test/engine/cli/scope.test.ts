import { strict as assert } from 'node:assert';
import { RunRig } from '../../rig/run.ts';
import { orchestrate } from './command-line.ts';

const TASKS = '  - { id: a, run: "echo a > a.txt && echo b > b.txt", scope: [a.txt] }\n';

describe('orchestrate run --scope', () => {
  it('blocks what a task changes outside of its scope, or warns, whatever the configuration says', async () => {
    for (const [configured, scope, code] of [
      ['warn', 'block', 1],
      ['block', 'warn', 0],
    ] as const) {
      const config = `agents: { default: shell }\nlimits: { retries: 0 }\nscope: ${configured}\n`;
      await using rig = new RunRig({ tasks: TASKS, config });
      const ended = await orchestrate(rig.root, 'run', '--yes', '--scope', scope);
      assert.equal(ended.code, code, ended.stdout + ended.stderr);
    }
  });
});
