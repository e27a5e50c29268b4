import { mkdir } from 'node:fs/promises';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { ok, type Result } from '../model/failure.ts';
import { exists, io, writeWhole } from './files.ts';
import { atLeast, type Repository } from './repository.ts';
import type { GitOptions } from './run.ts';

/**
 * A bare repository of our own that borrows the objects of the user's: merges and diffs made in it see no
 * attributes, configuration, drivers, filters or hooks of the repository. It has no refs of anybody's;
 * refs are written to the real one. Made once, by plain file writes; then no spawn and one `stat`.
 *
 * `attributes`: a tree or commit whose .gitattributes count, where git can be told (2.41 and later).
 */
export async function mergeContext(repo: Repository, attributes?: string): Promise<Result<GitOptions>> {
  const gitDir = join(repo.state, 'context');
  const made = await io(gitDir, () => make(gitDir, repo.objectFormat));
  if (!made.ok) return made;
  return ok({ gitDir, env: { ...(await environment(repo)), ...attributeSource(repo, attributes) } });
}

async function make(gitDir: string, format: Repository['objectFormat']): Promise<void> {
  if (await exists(join(gitDir, 'HEAD'))) return;
  await mkdir(join(gitDir, 'refs'), { recursive: true, mode: 0o700 });
  await mkdir(join(gitDir, 'objects'), { recursive: true, mode: 0o700 });
  await writeWhole(join(gitDir, 'config'), configuration(format));
  await writeWhole(join(gitDir, 'HEAD'), 'ref: refs/heads/none\n');
}

const configuration = (format: Repository['objectFormat']): string =>
  [
    '[core]',
    `\trepositoryformatversion = ${format === 'sha256' ? 1 : 0}`,
    '\tbare = true',
    `\tattributesFile = ${JSON.stringify(devNull)}`,
    ...(format === 'sha256' ? ['[extensions]', '\tobjectformat = sha256'] : []),
    '[merge]',
    '\tdirectoryRenames = false',
    '',
  ].join('\n');

async function environment(repo: Repository): Promise<Record<string, string>> {
  const shallow = join(repo.commonDir, 'shallow');
  return {
    GIT_OBJECT_DIRECTORY: join(repo.commonDir, 'objects'),
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_ATTR_NOSYSTEM: '1',
    ...((await exists(shallow)) ? { GIT_SHALLOW_FILE: shallow } : {}),
  };
}

function attributeSource(repo: Repository, tree: string | undefined): Record<string, string> {
  return tree !== undefined && atLeast(repo.version, 2, 41) ? { GIT_ATTR_SOURCE: tree } : {};
}
