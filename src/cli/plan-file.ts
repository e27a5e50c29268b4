import { access, readdir, realpath } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { ok, refuse, type Result } from '../model/failure.ts';
import type { Call } from './call.ts';

/** The plan a call means, as `prepareRun` takes it: an existing path, or the id of a plan in docs/plan. */
export async function planOf({ positionals: [named], cwd }: Call, root: string): Promise<Result<string>> {
  if (named !== undefined) return ok((await existing(resolve(cwd, named))) ?? named);
  const plans = await plansIn(root);
  const [only, ...others] = plans;
  if (only === undefined) {
    return refuse(
      `There is no plan in ${join('docs', 'plan')}. Write one (orchestrate init makes an example) or name its file.`,
    );
  }
  if (others.length === 0) return ok(join(root, only));
  return refuse(`There are ${plans.length} plans; name one:\n${plans.map((plan) => `  ${plan}`).join('\n')}`);
}

/** Relative to the root: each `docs/plan/<id>/plan.yaml`, and a `plan.yaml` at the root itself. */
export async function plansIn(root: string): Promise<string[]> {
  const folders = await readdir(join(root, 'docs', 'plan')).catch(() => []);
  const candidates = [
    'plan.yaml',
    ...folders.toSorted((a, b) => a.localeCompare(b)).map((folder) => join('docs', 'plan', folder, 'plan.yaml')),
  ];
  const found = await Promise.all(candidates.map((file) => existing(join(root, file))));
  return found.flatMap((file) => (file === undefined ? [] : [relative(root, file)]));
}

/** Links resolved, as git names the root; undefined where nothing is. */
async function existing(path: string): Promise<string | undefined> {
  const there = await access(path).then(
    () => true,
    () => false,
  );
  return there && !(await isFolder(path)) ? realpath(path) : undefined;
}

const isFolder = (path: string): Promise<boolean> =>
  readdir(path).then(
    () => true,
    () => false,
  );
