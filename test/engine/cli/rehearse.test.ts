import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TemporaryRepository } from '../../rig/repository.ts';
import { orchestrate } from './command-line.ts';

const PLAN = 'docs/plan/greet/plan.yaml';
const GREET = `plan_id: greet
objective: Say hello in two languages
tasks:
  - { id: en, title: English, wave: 1, agent: shell, run: "touch ran", scope: [en.txt] }
  - { id: de, title: German, wave: 1, agent: manual, scope: [de.txt] }
  - { id: index, title: Index, wave: 2, agent: shell, run: "touch ran", scope: [index.txt], dependencies: [en, de] }
`;
const CONFIG = `gates:
  sign: { ask: "May it go out?", on: [final] }
  review: { agent: claude, on: [wave] }
limits: { agents: 1, retries: 2 }
`;

interface Told {
  outcome: string;
  starts: number;
  atOnce: number;
  tasks: { id: string; status: string; attempts: number; beginsAfter?: number; expected?: { p50: number } }[];
  asked: { kind: string }[];
  waits: { kind: string }[];
}

async function rehearsed(root: string, ...words: string[]): Promise<{ code: number | null; told: Told }> {
  const { code, stdout, stderr } = await orchestrate(root, 'rehearse', '--json', ...words);
  assert.notEqual(stdout, '', stderr);
  return { code, told: JSON.parse(stdout) as Told };
}

const row = ({ tasks }: Told, id: string): Told['tasks'][number] | undefined => tasks.find((task) => task.id === id);

describe('orchestrate rehearse', () => {
  it('plays a run to its end by its own rules, and starts and writes nothing', async () => {
    await using repository = TemporaryRepository.with({ [PLAN]: GREET, 'orchestrate.yaml': CONFIG });
    const { code, told } = await rehearsed(repository.root);
    assert.equal(code, 0);
    assert.deepEqual([told.outcome, told.starts, told.atOnce], ['merged', 2, 1]);
    assert.deepEqual(
      told.asked.map(({ kind }) => kind),
      ['approval', 'manual', 'look'],
    );
    const [en, index] = [row(told, 'en'), row(told, 'index')];
    assert.ok(
      (index?.beginsAfter ?? 0) >= (en?.expected?.p50 ?? Infinity),
      'the next wave begins when the first is over',
    );
    assert.equal(existsSync(join(repository.root, '.git', 'orchestrate', 'runs')), false);
    assert.equal(readFileSync(join(repository.root, PLAN), 'utf8'), GREET);
    assert.equal(repository.git('status', '--porcelain'), '');
  });

  it('says what a task that fails would hold up', async () => {
    await using repository = TemporaryRepository.with({ [PLAN]: GREET, 'orchestrate.yaml': CONFIG });
    const { code, told } = await rehearsed(repository.root, '--fails', 'en');
    assert.equal(code, 1);
    assert.deepEqual(
      ['en', 'de', 'index'].map((id) => [row(told, id)?.status, row(told, id)?.attempts]),
      [
        ['failed', 3],
        ['done', 1],
        ['blocked', 0],
      ],
    );
    const unknown = await orchestrate(repository.root, 'rehearse', '--fails', 'eng');
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /--fails names "eng", which is no task/);
  });
});
