import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { readArguments, splitWords } from '../../../src/cli/arguments.ts';
import { COMMANDS, helpOn, helpText, type CommandName } from '../../../src/cli/commands.ts';
import { exitOfRun } from '../../../src/cli/exit.ts';
import { Simulation, task } from '../../rig/simulation.ts';

const read = (line: string) =>
  readArguments(splitWords(line.split(' ').filter(Boolean)), {
    ...COMMANDS,
    help: async () => ({ places: ['[command]'], options: [] }),
  });

describe('arguments', () => {
  for (const [line, command, positionals, options] of [
    ['', 'help', [], {}],
    ['run', 'run', [], {}],
    ['run plan.yaml --yes', 'run', ['plan.yaml'], { yes: true }],
    ['-C /x run -y --mode continuous', 'run', [], { cwd: '/x', yes: true, mode: 'continuous' }],
    ['run --mode=waves --on-interrupt leave', 'run', [], { mode: 'waves', 'on-interrupt': 'leave' }],
    ['status p-1 --json', 'status', ['p-1'], { json: true }],
    ['retry a -m why', 'retry', ['a'], { comment: 'why' }],
    ['run -- --odd', 'run', ['--odd'], {}],
    ['skip --help', 'skip', [], { help: true }],
    ['trash restore x', 'trash', ['restore', 'x'], {}],
    ['report a b c --all', 'report', ['a', 'b', 'c'], { all: true }],
  ] as const) {
    it(`takes "${line}"`, async () =>
      assert.deepEqual(await read(line), { ok: true, value: { command, positionals, options } }));
  }

  for (const [line, reason] of [
    ['resme', /no command "resme"\. Did you mean "resume"/],
    ['run --yess', /no option --yess\. Did you mean "--yes"/],
    ['status --yes', /"status" has no option --yes/],
    ['skip -rf', /no option -r\. A word that begins with "-" goes after "--"/],
    ['run --mode fast', /--mode is waves or continuous or adaptive, not "fast"/],
    ['run --mode', /--mode needs a value/],
    ['run --yes=1', /--yes takes no value/],
    ['run a b', /does not know what to do with "b"/],
    ['skip', /"skip" needs <task>/],
    ['answer q', /"answer" needs <choice>/],
  ] as const) {
    it(`refuses "${line}"`, async () => {
      const answer = await read(line);
      assert.ok(!answer.ok && answer.failure.kind === 'refused');
      assert.match(answer.failure.reason, reason);
    });
  }

  it('never throws, whatever is typed', async () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom('run', 'status', '--', '-', '-C', '--mode', '--json', '-yh', '--no-yes', '__proto__'),
    );
    const answers = async (words: string[]): Promise<boolean> =>
      typeof (await readArguments(splitWords(words), COMMANDS)).ok === 'boolean';
    await fc.assert(fc.asyncProperty(fc.array(word), answers));
  });

  it('is explained for every command', async () => {
    const help = await helpText();
    const names = Object.keys(COMMANDS).filter((name): name is CommandName => name in COMMANDS);
    for (const name of names) {
      assert.ok(help.some((line) => line.trim().startsWith(name)));
      const [{ options }, explained] = await Promise.all([COMMANDS[name](), helpOn(name)]);
      for (const option of options) assert.ok(explained.some((line) => line.includes(`--${option}`)));
    }
  });
});

describe('exit codes', () => {
  it('follow from how the run came to rest', () => {
    const waiting = new Simulation([task('a')]).run();
    assert.equal(exitOfRun(waiting.state), 3);
    assert.equal(exitOfRun(waiting.approve().run().state), 0);
    const rejected = new Simulation([task('a')]).tell({
      type: 'order.accepted',
      order: { id: 'r', type: 'reject', planHash: 'h', comment: 'no' },
    });
    assert.equal(exitOfRun(rejected.run().state), 1);
    const cancelled = new Simulation([task('a')]).tell({ type: 'order.accepted', order: { id: 'c', type: 'cancel' } });
    assert.equal(exitOfRun(cancelled.run().state), 130);
  });
});
