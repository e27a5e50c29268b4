import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileStatus } from '../model/plan.ts';
import { writeStatuses } from '../model/plan-writer.ts';
import type { RunState } from '../model/state.ts';
import { fileStatus, statusOf } from '../model/view.ts';
import { readJson, writeByRename } from '../process/durable.ts';
import type { RunRef } from './session.ts';

/** The next writing is at least this many times the last one's duration away: a huge plan must not cost the run. */
const PAUSE_FACTOR = 10;

/**
 * Shows task states in the user's plan.yaml, and only there: written when the file is byte for byte what was last read
 * or written, on the branch the run was started on, with no unsaved editor. Else it is left alone and said once.
 */
export class PlanProjection {
  readonly #ref: RunRef;
  readonly #mayWrite: () => boolean;
  readonly #onFinding: (finding: string) => void;
  #shown = '';
  #writing: Promise<void> | undefined;
  #notBefore = 0;
  #refused = false;

  constructor(ref: RunRef, mayWrite: () => boolean, onFinding: (finding: string) => void) {
    this.#ref = ref;
    this.#mayWrite = mayWrite;
    this.#onFinding = onFinding;
  }

  /** Shows the state soon; what changes while a writing is under way is shown by the next. */
  update(state: RunState): void {
    if (this.#writing || (Date.now() < this.#notBefore && !state.ended)) return;
    this.#writing = this.#write(state).finally(() => {
      this.#writing = undefined;
    });
  }

  async flush(state: RunState): Promise<void> {
    await this.#writing;
    await this.#write(state);
  }

  async #write(state: RunState): Promise<void> {
    if (this.#refused || state.approval.kind !== 'given') return;
    const statuses = new Map(
      [...state.tasks].map(([id, task]): [string, FileStatus] => [id, fileStatus(statusOf(state, task))]),
    );
    const plan = planStatus(state);
    const shown = JSON.stringify([plan, ...statuses]);
    if (shown === this.#shown) return;
    const began = Date.now();
    const file = join(state.root, state.planFile);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined || !(await this.#isOurs(state, text))) return this.#refuse(state);
    const next = writeStatuses(text, statuses, plan);
    if (next !== text) {
      await writeByRename(this.#mark(), JSON.stringify([hash(text), hash(next)]));
      await writeByRename(file, next);
    }
    this.#shown = shown;
    this.#notBefore = Date.now() + (Date.now() - began) * PAUSE_FACTOR;
  }

  async #isOurs(state: RunState, text: string): Promise<boolean> {
    if (!this.#mayWrite()) return false;
    const head = await readFile(join(this.#ref.repository.gitDir, 'HEAD'), 'utf8').catch(() => '');
    if (state.baseBranch !== undefined && head.trim() !== `ref: refs/heads/${state.baseBranch}`) return false;
    const known = hash(text);
    const written = await readJson(this.#mark());
    return known === state.planHash || (Array.isArray(written) && written.includes(known));
  }

  #refuse(state: RunState): void {
    this.#refused = true;
    this.#onFinding(`${state.planFile} was changed meanwhile: states are not written back`);
  }

  readonly #mark = (): string => join(this.#ref.folder, 'plan-written.json');
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

function planStatus({ ended }: RunState): string {
  if (!ended) return 'in_progress';
  return ended.outcome === 'merged' ? 'completed' : 'failed';
}
