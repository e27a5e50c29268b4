import { footprintsFile } from '../places.ts';
import type { RunState } from '../../model/run/state.ts';
import type { Repository } from '../../git/repository.ts';
import { readJson, writeByRename } from '../../process/durable.ts';

/** Past so many kinds the oldest are forgotten. */
const MOST = 200;

/** Bytes of memory that jobs took in earlier runs on this machine, by their kind. */
export async function knownFootprints(repository: Repository): Promise<Record<string, number>> {
  const value = await readJson(footprintsFile(repository));
  if (typeof value !== 'object' || value === null) return {};
  const entries = Object.entries(value).filter((entry): entry is [string, number] => isSize(entry[1]));
  return Object.fromEntries(entries.slice(-MOST));
}

/** Keeps what a run learned for later ones. A cache: failing to keep it harms nobody. */
export async function keepFootprints(repository: Repository, { footprints }: RunState): Promise<void> {
  if (footprints.size === 0) return;
  const known = await knownFootprints(repository);
  const learned = [...footprints].filter(([kind, size]) => known[kind] !== size);
  if (learned.length === 0) return;
  for (const [kind] of learned) delete known[kind];
  await writeByRename(footprintsFile(repository), JSON.stringify({ ...known, ...Object.fromEntries(learned) }));
}

const isSize = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value > 0;
