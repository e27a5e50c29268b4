import { strict as assert } from 'node:assert';
import { DONE, ScriptedPlanner } from '../../rig/planner.ts';
import { TemporaryRepository } from '../../rig/repository.ts';
import { orchestrate } from './command-line.ts';

const FOLDER = '.orchestra/milestones/M1-notes';
const FILES = {
  'README.md': '# Notes\n',
  '.orchestra/config.yml': 'pipeline:\n  rfc_approval: required\n',
  [`${FOLDER}/milestone.md`]:
    '# Milestone: M1 — Notes\n\n| Field | Value |\n|---|---|\n| Status | planning |\n| Complexity | full |\n',
  [`${FOLDER}/phases/phase-1.md`]:
    '---\nstatus: pending\norder: 1\n---\n\n## Objective\nStore notes\n\n## Scope\n- store.txt (new)\n',
};

function rigged() {
  const repository = TemporaryRepository.with(FILES);
  const agent = new ScriptedPlanner(repository.folder('agent'), [
    { on: 'Name the store', files: { [`${FOLDER}/rfc.md`]: '# In a file, store.txt\n' }, says: DONE },
    { on: '# Task: Write the RFC', files: { [`${FOLDER}/rfc.md`]: '# In a file\n' }, says: DONE },
    { files: { 'store.txt': 'notes\n' }, says: DONE },
  ]);
  repository.commit({ 'orchestrate.yaml': agent.config });
  return { repository, agent, [Symbol.asyncDispose]: () => repository[Symbol.asyncDispose]() };
}

describe('a milestone of Orchestra whose RFC is required', () => {
  it('has it written and approved first; what is sent back is revised with what was said', async () => {
    await using rig = rigged();
    const { root } = rig.repository;
    const did = async (code: number, ...words: string[]): Promise<string> => {
      const ended = await orchestrate(root, ...words);
      assert.equal(ended.code, code, ended.stdout + ended.stderr);
      return ended.stdout;
    };
    await did(0, 'import', FOLDER);
    const asked = await did(3, 'run', 'M1-notes', '--yes');
    assert.match(asked, /approval of "Write the RFC: Notes": Is it as it should be\?/);
    await did(0, 'answer', 'look:rfc:1:approval', 'reject', '--comment', 'Name the store.');
    await did(3, 'resume');
    assert.equal(rig.agent.prompts().length, 2, 'no phase has begun');
    assert.match(rig.agent.prompts()[1]?.text ?? '', /Name the store\.[^]*Its change is already in the directory/);
    await did(0, 'answer', 'look:rfc:2:approval', 'accept');
    await did(0, 'resume');
    assert.match(rig.agent.prompts()[2]?.text ?? '', /# Read first[^]*M1-notes\/rfc\.md/);
    const [branch = ''] = rig.repository
      .git('branch', '--list', 'orchestrate/*', '--format=%(refname:short)')
      .split('\n');
    assert.equal(rig.repository.show(branch, `${FOLDER}/rfc.md`), '# In a file, store.txt\n');
    assert.equal(rig.repository.show(branch, 'store.txt'), 'notes\n');
    assert.match(rig.repository.git('log', '--format=%s', branch), /^docs: write the RFC: Notes$/m);
  });

  it('has it written and nobody is asked with --auto', async () => {
    await using rig = rigged();
    const ended = await orchestrate(rig.repository.root, 'run', '--auto');
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    assert.equal(rig.agent.prompts().length, 2);
  });
});
