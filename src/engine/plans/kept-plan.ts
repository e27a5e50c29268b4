import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Repository } from '../../git/repository.ts';
import { ok, type Result } from '../../model/failure.ts';
import { type ReadPlan, readPlan } from '../../model/plan/reader.ts';
import { keepFile, madeBy, readKeptFile } from '../kept-file.ts';
import { packPlan, type SaidPlan, unpackPlan } from './packed-plan.ts';
import { keptPlan } from '../places.ts';
import { hashOfFile, readBytes, sha256, textOf } from '../text-file.ts';

/** Bytes: a smaller plan is read in the time that this would save. */
const LARGE = 200_000;
/** Copies in a repository; the oldest make room. */
const KEPT = 8;

type Place = Pick<Repository, 'root' | 'state'>;

/** A plan's file, read and checked. */
export type OpenedPlan = Pick<ReadPlan, 'plan' | 'problems'> & {
  /** SHA-256 of the text, hex. */
  hash: string;
};

/**
 * Reads and checks `<root>/<file>`. What was read of a large plan is kept in the repository's state, and taken the next
 * time where this build made it of this very text at this very place; where anything is otherwise the text is read.
 */
export async function openPlan(repository: Place, file: string, large = LARGE): Promise<Result<OpenedPlan>> {
  const path = join(repository.root, file);
  const kept = keptPlan(repository, file);
  const known = taken(path, file, kept);
  if (known) return ok(known);
  const bytes = await readBytes(path, file);
  if (!bytes.ok) return bytes;
  const hash = sha256(bytes.value);
  const text = textOf(bytes.value, file);
  if (!text.ok) return text;
  const { plan, problems } = readPlan(text.value, file);
  if (bytes.value.length >= large && plan) await keep(kept, madeOf(hash, file), { plan, problems });
  return ok({ ...(plan ? { plan } : {}), problems, hash });
}

const madeOf = (hash: string, file: string): string | undefined => madeBy(`plan ${hash} ${JSON.stringify(file)}`);

/** What is kept of this very text. Only where something is: the text is read twice where it is another. */
function taken(path: string, file: string, kept: string): OpenedPlan | undefined {
  const hash = existsSync(kept) ? hashOfFile(path) : undefined;
  const made = hash === undefined ? undefined : madeOf(hash, file);
  const body = made === undefined ? undefined : readKeptFile(kept, made);
  // Whole and ours: what was packed.
  return body && hash !== undefined ? { ...unpackPlan(body), hash } : undefined;
}

async function keep(path: string, made: string | undefined, said: SaidPlan): Promise<void> {
  const body = made === undefined ? undefined : packPlan(said);
  if (made === undefined || body === undefined) return;
  const folder = dirname(path);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await makeRoom(folder);
  } catch {
    return; // no right to write, or no room: the next time it is read again
  }
  await keepFile(path, made, body);
}

/** Each plan has one file, which the next text of it replaces. */
async function makeRoom(folder: string): Promise<void> {
  const paths = (await readdir(folder)).map((name) => join(folder, name));
  const aged = await Promise.all(paths.map(async (path) => ({ path, at: (await stat(path)).mtimeMs })));
  const oldest = aged.toSorted((a, b) => b.at - a.at).slice(KEPT - 1);
  for (const { path } of oldest) await rm(path, { force: true });
}
