// A real git repository to open as the workspace of a test or a scene.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/**
 * Makes the folder a git repository on branch `main` with one commit of these files (path to text), and answers its
 * path. The author is set in the repository itself, so that tests can commit on any machine.
 */
export function makeRepository(folder, files = { 'README.md': '# Sample\n' }) {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
  const git = (...words) => execFileSync('git', words, { cwd: folder, stdio: 'pipe' });
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'Test');
  git('config', 'user.email', 'test@example.invalid');
  git('config', 'commit.gpgsign', 'false');
  git('add', '--all');
  git('commit', '--quiet', '--message=Start');
  return folder;
}
