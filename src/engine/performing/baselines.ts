import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Config } from '../../model/config/config.ts';
import type { Baseline, Gate, GateRun } from '../../model/gate.ts';
import type { RunState } from '../../model/run/state.ts';
import type { Repository } from '../../git/repository.ts';
import { readJson, writeByRename } from '../../process/durable.ts';
import { baselineFile } from '../places.ts';

type Place = { config: Pick<Config, 'setup'>; base: string };

/** Base-lines kept from earlier runs over the same commit, definition, set-up and machine. */
export async function knownBaselines(
  repository: Repository,
  gates: readonly Gate[],
  place: Place,
): Promise<Baseline[]> {
  const found = await Promise.all(gates.map((gate) => readJson(baselineFile(repository, keyOf(gate, place)))));
  return found.filter((value): value is Baseline => typeof value === 'object' && value !== null && 'result' in value);
}

/** Keeps a base-line for later runs. One that could not run is no knowledge. A cache: failing to keep it harms nobody. */
export async function keepBaseline(repository: Repository, state: RunState, run: GateRun): Promise<void> {
  const gate = state.config.gates.find(({ name }) => name === run.gate);
  if (!gate || run.result === 'error') return;
  const file = baselineFile(repository, keyOf(gate, state));
  await mkdir(dirname(file), { recursive: true }).catch(() => undefined);
  await writeByRename(file, JSON.stringify(run));
}

const keyOf = (gate: Gate, { config, base }: Place): string =>
  createHash('sha256')
    .update(JSON.stringify([gate, config.setup ?? null, base, process.platform, process.arch]))
    .digest('hex')
    .slice(0, 32);
