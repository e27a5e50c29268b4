import { fail, ok, type Result } from '../model/failure.ts';
import { mergeContext } from './context.ts';
import type { Repository } from './repository.ts';
import { failureOf, git, streamGit } from './run.ts';

/** What changed between two commits, for somebody who reads it. */
export interface Patch {
  text: string;
  /** Files whose change is not in the text, or not all of it. */
  omitted: readonly string[];
}

/**
 * The change from one commit to another as a patch of at most `most` bytes: whole files, the first that fit. Made where no
 * attribute, driver or configuration of the repository counts, so that nothing of it can be hidden.
 */
export async function readPatch(
  repo: Repository,
  { from, to, most }: { from: string; to: string; most: number },
): Promise<Result<Patch>> {
  const context = await mergeContext(repo);
  if (!context.ok) return context;
  const names = await git(['diff', '--name-only', '--no-renames', '-z', from, to, '--'], context.value);
  if (!names.ok) return names;
  const args = ['diff', '--no-color', '--no-renames', '--no-ext-diff', '--no-textconv', from, to, '--'];
  const chunks: Buffer[] = [];
  let size = 0;
  const ended = await streamGit(args, context.value, (chunk) => {
    if (size <= most) chunks.push(chunk);
    size += chunk.length;
  });
  if (!ended.ok) return ended;
  if (ended.value.code !== 0) return fail(failureOf(args, ended.value, context.value));
  const parts = partsOf(Buffer.concat(chunks).toString('utf8'));
  const files = names.value.split('\0').filter((name) => name !== '');
  return ok(fitting(parts, files, { most, isWhole: size <= most }));
}

/** One for each file: a file that became a link is taken away and made in two parts with the same head. */
function partsOf(patch: string): string[] {
  const parts: string[] = [];
  for (const part of patch.split(/^(?=diff --git )/m).filter((text) => text !== '')) {
    const head = (text: string | undefined): string | undefined => text?.split('\n', 1)[0];
    if (head(parts.at(-1)) === head(part)) parts.push(`${parts.pop() ?? ''}${part}`);
    else parts.push(part);
  }
  return parts;
}

/** The parts of the patch come in the order of the names. The last part may be cut off. */
function fitting(
  parts: readonly string[],
  files: readonly string[],
  { most, isWhole }: { most: number; isWhole: boolean },
): Patch {
  const known = isWhole ? parts : parts.slice(0, -1);
  let size = 0;
  const taken = known.map((part) => (size += part.length) <= most);
  return {
    text: known.filter((_, at) => taken[at]).join(''),
    omitted: files.filter((_, at) => taken[at] !== true),
  };
}
