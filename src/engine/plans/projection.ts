import { join } from 'node:path';
import type { FileEdit } from '../../formats/shown.ts';
import type { FileStatus } from '../../model/plan/plan.ts';
import { writeStatuses } from '../../model/plan/writer.ts';
import { tasksInFile } from '../../model/run/contest.ts';
import type { RunState } from '../../model/run/state.ts';
import { fileStatus, statusOf } from '../../model/run/view.ts';
import { nameOf } from '../../model/text/names.ts';
import { CheckoutFile, isOnBranch } from './checkout-file.ts';
import { failureLogs } from '../past/failure-logs.ts';
import { originFiles, prdFiles } from './origin-files.ts';
import { marksFolder, planMark } from '../places.ts';
import { rollbackReports } from '../past/rollback-report.ts';
import type { RunRef } from '../session.ts';

/** The next writing is at least this many times the last one's duration away: a huge plan must not cost the run. */
const PAUSE_FACTOR = 10;
/** A lock that holds an hour is renewed twice in it. */
const RENEWAL = 30 * 60_000;

interface Options {
  /** No while an editor holds unsaved changes of the file, which is relative to the root. */
  mayWrite: (file: string) => boolean;
  onFinding: (finding: string) => void;
}

/**
 * Shows how a run goes in the user's own files: states in plan.yaml and in the files an imported plan came from, a log
 * of each task that failed, and at its end what it has completed of docs/PRD.yaml. Each is written only when it is byte
 * for byte what was last read or written, on the branch the run was started on, with no unsaved editor; else it is left
 * alone and said once.
 */
export class Projection {
  readonly #ref: RunRef;
  readonly #options: Options;
  readonly #refused = new Set<string>();
  #shown = '';
  #writing: Promise<void> | undefined;
  #notBefore = 0;
  #isBehind = false;
  #isClosed = false;
  #later: NodeJS.Timeout | undefined;

  constructor(ref: RunRef, options: Options) {
    this.#ref = ref;
    this.#options = options;
  }

  /** Shows the state soon, and what changes while a writing is under way after it. */
  update(state: RunState): void {
    this.#isBehind = true;
    if (this.#writing || this.#isClosed) return;
    const wait = state.ended ? 0 : this.#notBefore - Date.now();
    clearTimeout(this.#later);
    if (wait > 0) {
      this.#later = setTimeout(() => this.update(state), wait).unref();
      return;
    }
    this.#isBehind = false;
    this.#writing = this.#write(state).finally(() => {
      this.#writing = undefined;
      if (this.#isBehind) this.update(state);
    });
  }

  /** Shows the state now. */
  async show(state: RunState): Promise<void> {
    clearTimeout(this.#later);
    this.#isBehind = false;
    while (this.#writing) await this.#writing;
    this.#writing = this.#write(state).finally(() => {
      this.#writing = undefined;
    });
    await this.#writing;
  }

  /** The last writing. */
  async flush(state: RunState): Promise<void> {
    this.#isClosed = true;
    await this.show(state);
    clearTimeout(this.#later);
  }

  async #write(state: RunState): Promise<void> {
    if (state.approval.kind !== 'given' || state.planning) return;
    const statuses = new Map(
      [...tasksInFile(state)].map(([id, task]): [string, FileStatus] => [id, fileStatus(statusOf(state, task))]),
    );
    const plan = planStatus(state);
    const shown = JSON.stringify([plan, state.rollbacks.length, ...statuses]);
    if (shown === this.#shown) return;
    // On another branch its files are others; back on this one they are written again.
    if (!(await isOnBranch(this.#ref.repository, state)))
      return this.#options.onFinding(`${state.planFile} is on another branch now: states are not written back`);
    const began = Date.now();
    const edit = { file: state.planFile, change: (text?: string) => text && writeStatuses(text, statuses, plan) };
    await this.#writeFile(state, edit, { mark: planMark(this.#ref), firstHash: state.planHash });
    await this.#writeOrigin(state, statuses);
    for (const more of [...failureLogs(state), ...rollbackReports(state), ...prdFiles(state)])
      await this.#writeFile(state, more);
    this.#shown = shown;
    this.#notBefore = Date.now() + (Date.now() - began) * PAUSE_FACTOR;
    this.#renewLater(state);
  }

  /** Where somebody else is at work, nothing of it is written. */
  async #writeOrigin(state: RunState, statuses: ReadonlyMap<string, FileStatus>): Promise<void> {
    for (const edit of originFiles(state, statuses)) {
      await this.#writeFile(state, edit);
      if (edit.objection && this.#refused.has(`${edit.file} `)) return;
    }
  }

  async #writeFile(
    state: RunState,
    edit: FileEdit,
    known: { mark: string; firstHash?: string } = { mark: markOf(this.#ref, edit) },
  ): Promise<void> {
    const { file } = edit;
    // A revision that was approved is read and written anew.
    const refusal = `${file} ${known.firstHash ?? ''}`;
    if (this.#refused.has(refusal)) return;
    const target = new CheckoutFile({ ...known, root: state.root, file, mark: known.mark });
    const reason = this.#options.mayWrite(file) ? await target.write(edit) : 'has unsaved changes';
    if (reason === undefined) return;
    this.#refused.add(refusal);
    this.#options.onFinding(`${file} ${reason}: states are not written back`);
  }

  /** Only a milestone has a lock that goes stale by itself. */
  #renewLater(state: RunState): void {
    if (state.plan.origin?.format !== 'orchestra-milestone' || state.ended || this.#isBehind) return;
    this.#later = setTimeout(() => {
      this.#shown = '';
      this.update(state);
    }, RENEWAL).unref();
  }
}

/** What was last read or written is kept in the run's folder under a name for each file. */
const markOf = (ref: RunRef, { file }: FileEdit): string => join(marksFolder(ref), `${nameOf(file)}.json`);

function planStatus({ ended }: RunState): string {
  if (!ended) return 'in_progress';
  return ended.outcome === 'merged' ? 'completed' : 'failed';
}
