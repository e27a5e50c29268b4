import { strict as assert } from 'node:assert';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DONE, type PlannerTurn, ScriptedPlanner } from '../../rig/planner.ts';
import { TemporaryRepository } from '../../rig/repository.ts';
import { orchestrate } from './command-line.ts';

const FOLDER = '.orchestra/milestones/M1-notes';
const MAP = `${FOLDER}/codebase-map.md`;
const phase = (n: number, scope: string): string =>
  `---\nstatus: pending\norder: ${n}\n---\n\n## Objective\nPart ${n}\n\n## Scope\n${scope}`;
const FILES = {
  'README.md': '# Notes\n',
  [`${FOLDER}/milestone.md`]: '# Milestone: M1 — Notes\n\n| Field | Value |\n|---|---|\n| Complexity | quick |\n',
  [`${FOLDER}/phases/phase-1.md`]: phase(1, '- store/a.txt (new)\n- api/a.txt (new)\n'),
  [`${FOLDER}/phases/phase-2.md`]: phase(2, '- test/a.txt (new)\n'),
};
const PHASES: PlannerTurn[] = [
  { on: '# Task: Part 1', files: { 'store/a.txt': 'a\n', 'api/a.txt': 'a\n' }, says: DONE },
  { on: '# Task: Part 2', files: { 'test/a.txt': 'a\n' }, says: DONE },
];

async function ran(...scout: PlannerTurn[]) {
  const repository = TemporaryRepository.with(FILES);
  const agent = new ScriptedPlanner(repository.folder('agent'), [...PHASES, ...scout]);
  repository.commit({ 'orchestrate.yaml': `${agent.config}limits: { retries: 1 }\nscope: block\n` });
  for (const [code, words] of [
    [0, ['import', FOLDER]],
    [0, ['run', 'M1-notes', '--yes']],
  ] as const) {
    const ended = await orchestrate(repository.root, ...words);
    assert.equal(ended.code, code, ended.stdout + ended.stderr);
  }
  const prompts = agent.prompts().map(({ text }) => text);
  const branch = repository.git('branch', '--list', 'orchestrate/*', '--format=%(refname:short)').trim();
  return { repository, branch, prompts, [Symbol.asyncDispose]: () => repository[Symbol.asyncDispose]() };
}

describe('a large milestone of Orchestra without a codebase map', () => {
  it('has a scout make one before its phases, which are told to read it', async () => {
    await using rig = await ran({ files: { [MAP]: '- `store`: the notes\n' }, says: DONE });
    const [scout = '', ...phases] = rig.prompts;
    assert.match(scout, /# Your role: researcher/);
    assert.match(scout, /- phase-1: Part 1 \(store\/a\.txt, api\/a\.txt\)/);
    assert.equal(phases.length, 2);
    assert.ok(phases.every((text) => text.includes(`# Read first\n\n- ${MAP}: what is where`)));
    assert.equal(rig.repository.show(rig.branch, MAP), '- `store`: the notes\n');
    assert.match(rig.repository.git('log', '--format=%s', rig.branch), /^docs: describe what is where: Notes$/m);
  });

  it('is done all the same where the scout fails, and says so', async () => {
    await using rig = await ran({ files: { 'README.md': '# Mine\n' }, says: DONE });
    const scouts = rig.prompts.filter((text) => text.includes('# Task: Describe what is where'));
    assert.deepEqual([scouts.length, rig.prompts.length], [2, 4]);
    assert.equal(rig.repository.show(rig.branch, 'README.md'), '# Notes\n');
    assert.match((await orchestrate(rig.repository.root, 'report', 'M1-notes')).stdout, /- codebase-map was skipped\./);
  });

  it('is not begun again for its scout alone, also where nobody knows of its run any more', async () => {
    await using rig = await ran({ files: { 'README.md': '# Mine\n' }, says: DONE });
    const { root } = rig.repository;
    rmSync(join(root, '.git/orchestrate'), { recursive: true });
    const ended = await orchestrate(root, 'run', '--auto');
    assert.match(ended.stderr, /0 of 0 milestones merged/);
    assert.equal(ended.code, 0);
  });
});
