import { strict as assert } from 'node:assert';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROLE_TEXTS } from '../../../src/agents/roles.ts';
import { bodyAt, readLibrary } from '../../../src/engine/performing/library.ts';
import { openRepository } from '../../../src/git/repository.ts';
import { TemporaryRepository } from '../../rig/repository.ts';
import { orchestrate } from './command-line.ts';

async function made(root: string, ...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await orchestrate(root, 'new', ...words);
  assert.equal(code, 0, stderr);
  return stdout + stderr;
}

describe('orchestrate new', () => {
  it('makes a prompt of a plain description, which import reads', async () => {
    await using repository = TemporaryRepository.with({ 'README.md': 'x\n' });
    assert.match(await made(repository.root, 'prompt', 'Add a search.'), /wrote prompts\/add-a-search\.md/);
    assert.match(await made(repository.root, 'prompt', 'Add a search.'), /wrote prompts\/add-a-search-2\.md/);
    const { stdout } = await orchestrate(repository.root, 'import', 'prompts');
    assert.match(stdout, /2 tasks/);
  });

  it('makes a PRD, and adds a feature to one that is there on lines of its own', async () => {
    await using repository = TemporaryRepository.with({ 'README.md': 'x\n' });
    const read = (): string => readFileSync(join(repository.root, 'docs/PRD.yaml'), 'utf8');
    await made(repository.root, 'prd', 'Search');
    const before = read();
    assert.match(before, /^prd_id: prd-search\nversion: 1\.0\.0\n/);
    await made(repository.root, 'prd', 'Tags');
    const lines = new Set(before.split('\n'));
    const added = read()
      .split('\n')
      .filter((line) => !lines.has(line));
    assert.deepEqual(added, ['  - name: Tags', '    overview: Tags', '    change: "Planned: Tags"']);
    assert.equal((await orchestrate(repository.root, 'new', 'prd', 'Tags')).code, 2);
  });

  it('makes the milestones of a blueprint, numbered after those that are there', async () => {
    await using repository = TemporaryRepository.with({
      '.orchestra/milestones/M3-old/milestone.md': '# Milestone: M3 — Old\n',
      'shop.md':
        '# Blueprint: Shop\n\n## Parameters\n- NAME: of the shop\n\n## Milestones\n\n### M1 — {NAME} cart\n- Complexity: quick\n- Phases:\n  1. (impl) Cart of {NAME} [skills: web]\n- Acceptance Criteria:\n  - [ ] It holds things\n',
    });
    const said = await made(repository.root, 'milestones', 'shop.md', '--with', 'NAME=Toys');
    assert.match(said, /wrote \.orchestra\/milestones\/M4-toys-cart\/phases\/phase-1\.md/);
    const { stdout } = await orchestrate(repository.root, 'import', '.orchestra/milestones/M4-toys-cart');
    assert.match(stdout, /1 task/);
  });

  it('brings .orchestra/config.yml up to date and keeps the values', async () => {
    await using repository = TemporaryRepository.with({
      '.orchestra/config.yml': 'pipeline:\n  review: optional # mine\n  max_rfc_rounds: 5\n',
    });
    assert.match(await made(repository.root, 'config'), /1 key of an older version dropped: pipeline\.max_rfc_rounds/);
    const text = readFileSync(join(repository.root, '.orchestra/config.yml'), 'utf8');
    assert.match(text, /^ {2}review: optional/m);
    assert.match(text, /stuck_retry_limit: 3/);
    assert.equal(await made(repository.root, 'config'), '');
  });

  it('makes a role to be changed, with the text of one that is there, and never over a file', async () => {
    await using repository = TemporaryRepository.with({ 'README.md': 'x\n' });
    const said = await made(repository.root, 'role', 'Database Expert');
    assert.match(said, /wrote \.orchestrate\/agents\/database-expert\.md\n.*"role: database-expert"/);
    await made(repository.root, 'role', 'gem-documentation-writer');
    assert.equal((await orchestrate(repository.root, 'new', 'role', 'Database expert')).code, 2);
    repository.commit({});
    const opened = await openRepository(repository.root);
    assert.ok(opened.ok);
    const library = await readLibrary(opened.value, repository.head());
    assert.ok(library.ok);
    const { roles, notes } = library.value;
    assert.deepEqual(notes, []);
    assert.deepEqual([...roles.keys()].toSorted(), ['database-expert', 'documentation']);
    assert.equal(roles.get('database-expert')?.readOnly, false);
    const text = await bodyAt(opened.value, repository.head(), '.orchestrate/agents/documentation.md');
    assert.equal(text.ok && text.value, ROLE_TEXTS['documentation']);
  });

  it('refuses what is no UTF-8 with its place, and changes no byte of it', async () => {
    await using repository = TemporaryRepository.with({ 'README.md': 'x\n' });
    const [prd, config] = ['docs/PRD.yaml', '.orchestra/config.yml'].map((file) => join(repository.root, file));
    for (const path of [prd, config]) {
      mkdirSync(dirname(path ?? ''), { recursive: true });
      writeFileSync(path ?? '', Buffer.from('prd_id: caf\xe9\n', 'latin1'));
    }
    const { code, stderr } = await orchestrate(repository.root, 'new', 'prd', 'Search');
    assert.equal(code, 2);
    assert.match(stderr, /docs\/PRD\.yaml:1:12: The byte 0xE9 is no UTF-8/);
    assert.equal((await orchestrate(repository.root, 'new', 'config')).code, 2);
    assert.equal(readFileSync(prd ?? '').toString('latin1'), 'prd_id: caf\xe9\n');
  });

  it('writes nowhere outside the repository, and through a link inside it into the file it leads to', async () => {
    await using repository = TemporaryRepository.with({
      docs: { link: '../elsewhere' },
      prompts: { link: 'notes' },
      'notes/a.md': '# A\n',
    });
    const elsewhere = repository.folder('elsewhere');
    const { code, stderr } = await orchestrate(repository.root, 'new', 'prd', 'Search');
    assert.equal(code, 2);
    assert.match(stderr, /docs\/PRD\.yaml lies outside the repository/);
    assert.equal((await orchestrate(repository.root, 'init')).code, 2);
    assert.deepEqual(readdirSync(elsewhere), []);
    await made(repository.root, 'prompt', 'Add a search.');
    assert.deepEqual(readdirSync(join(repository.root, 'notes')), ['a.md', 'add-a-search.md']);
  });
});
