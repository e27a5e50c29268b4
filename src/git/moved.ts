import { readdirSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import type { Result } from '../model/failure.ts';
import { io, readIfAny, unlessAbsent, writeWhole } from './files.ts';
import { compareFingerprint, renewFingerprint } from './fingerprint.ts';
import { recall } from './memory.ts';
import type { Repository } from './repository.ts';

/**
 * Leads git to the worktrees that lay in the folder `from` and lie in `to` now, as `git worktree repair` would; only
 * that nothing is taken from what lies in a worktree. Twice is once.
 */
export function followWorktrees(repo: Repository, { from, to }: { from: string; to: string }): Promise<Result<void>> {
  const folder = join(repo.commonDir, 'worktrees');
  return io(folder, async () => {
    for (const id of unlessAbsent(() => readdirSync(folder)) ?? []) {
      const record = join(folder, id);
      const target = (await readIfAny(join(record, 'gitdir')))?.trimEnd() ?? '';
      const place = target.startsWith(from + sep) ? to + target.slice(from.length) : target;
      if (!place.startsWith(to + sep)) continue;
      if (place !== target) await writeWhole(join(record, 'gitdir'), `${place}\n`);
      await leadBack(repo, { path: dirname(place), record });
    }
  });
}

/** A worktree of ours, unless something steers git in it that we did not put there: then what becomes of it finds that. */
async function leadBack(repo: Repository, { path, record }: { path: string; record: string }): Promise<void> {
  const known = await recall(repo, basename(record));
  if (known === undefined) return;
  const steered = await compareFingerprint(repo, path, known.keep);
  if (!steered.ok || steered.value.length > 0) return;
  await writeWhole(join(path, '.git'), `gitdir: ${record}\n`);
  await renewFingerprint(repo, path, known.keep);
}
