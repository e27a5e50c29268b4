import { strict as assert } from 'node:assert';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Children } from '../../rig/children.ts';
import { PLAN, RunRig } from '../../rig/run.ts';
import { CommandLine, orchestrate } from './command-line.ts';

const CONFIG = 'agents: { default: shell }\nlimits: { retries: 0 }\ngates:\n  sign: { ask: "Good?", on: [wave] }\n';

/** A milestone, and the plan that was imported from it with the lines that stand for its agents. */
const milestone = (number: number, run: string): Record<string, string> => ({
  ...folderOf(number),
  [`docs/plan/M${number}-x/plan.yaml`]: `plan_id: M${number}-x
objective: Milestone ${number}
origin: { format: orchestra-milestone, file: .orchestra/milestones/M${number}-x/milestone.md }
tasks:
  - { id: phase-1, title: Do it, run: ${JSON.stringify(run)}, source: .orchestra/milestones/M${number}-x/phases/phase-1.md }
`,
});

const folderOf = (number: number): Record<string, string> => ({
  [`.orchestra/milestones/M${number}-x/milestone.md`]: `# Milestone: M${number} — X\n\n| Field | Value |\n|---|---|\n| Status | planning |\n`,
  [`.orchestra/milestones/M${number}-x/phases/phase-1.md`]:
    '---\nstatus: pending\norder: 1\n---\n\n## Objective\nDo it.\n',
});

const TASKS = '  - { id: a, run: "echo a > a.txt" }\n';

describe('orchestrate run --auto', () => {
  it('leaves out the gates of people, once said, and does all else', async () => {
    await using rig = new RunRig({ tasks: TASKS, config: CONFIG });
    const asked = await orchestrate(rig.root, 'run', PLAN, '--yes');
    assert.equal(asked.code, 3, asked.stdout);
    await orchestrate(rig.root, 'cancel');
    await using other = new RunRig({ tasks: TASKS, config: CONFIG });
    const ended = await orchestrate(other.root, 'run', PLAN, '--auto');
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    assert.equal(ended.stderr.match(/Warning: nobody is asked.*Left out: sign\./g)?.length, 1);
  });

  it('asks all the same before production is touched, and the task begins when a person says so', async () => {
    const tasks = `${TASKS}  - { id: deploy, wave: 2, environment: production, run: "echo d > d.txt" }\n`;
    await using rig = new RunRig({ tasks, config: CONFIG });
    const waits = await orchestrate(rig.root, 'run', PLAN, '--auto');
    assert.equal(waits.code, 3, waits.stdout + waits.stderr);
    assert.match(waits.stdout, /"deploy" acts on production: may it begin\?/);
    assert.equal((await orchestrate(rig.root, 'approve', 'deploy')).code, 0);
    const ended = await orchestrate(rig.root, 'resume');
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    assert.equal(rig.repository.show('orchestrate/p', 'd.txt'), 'd\n');
  });

  it('goes from milestone to milestone on the result of the last, past one that fails, and finds new ones', async () => {
    const children = await Children.open();
    await using rig = new RunRig({
      tasks: TASKS,
      config: CONFIG,
      files: {
        [PLAN]: null,
        ...milestone(10, 'cat one.txt > ten.txt'),
        ...milestone(2, 'exit 1'),
        ...milestone(1, `${children.line} && echo one > one.txt`),
      },
    });
    const command = new CommandLine(rig.root, ['run', '--auto']);
    const child = await children.next();
    for (const [file, text] of Object.entries(folderOf(3))) {
      mkdirSync(dirname(join(rig.root, file)), { recursive: true });
      writeFileSync(join(rig.root, file), text);
    }
    await child.exit(0);
    const ended = await command.ended;
    await children.close();
    assert.equal(ended.code, 1, ended.stdout + ended.stderr);
    const order = [...ended.stderr.matchAll(/^milestone \d: (\S+)/gm)].map(([, file]) => file);
    assert.deepEqual(
      order,
      ['M1-x', 'M2-x', 'M3-x', 'M10-x'].map((id) => `docs/plan/${id}/plan.yaml`),
    );
    assert.match(ended.stderr, /found docs\/plan\/M3-x\/plan\.yaml/);
    assert.match(ended.stderr, /2 of 4 milestones merged/);
    assert.equal(rig.repository.show('orchestrate/m10-x', 'ten.txt'), 'one\n');
    assert.ok(!existsSync(join(rig.root, 'one.txt')));
    assert.match(readFileSync(join(rig.root, '.orchestra/milestones/M1-x/milestone.md'), 'utf8'), /Status \| done/);
  });
});
