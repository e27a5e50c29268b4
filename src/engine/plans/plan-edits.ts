import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, fail, ok, type Result } from '../../model/failure.ts';
import { withContestants } from '../../model/plan/contest.ts';
import { readPlan } from '../../model/plan/reader.ts';
import type { PlanFile } from '../../model/run/revision.ts';
import type { RunState } from '../../model/run/state.ts';
import { readJson } from '../../process/durable.ts';
import { watchFolder, type Watching } from '../../process/watching.ts';
import { assign } from '../performing/assign.ts';
import { isOnBranch } from './checkout-file.ts';
import { planMark } from '../places.ts';
import { invalid, unknownNames } from '../runs.ts';
import type { RunRef } from '../session.ts';
import { sha256 } from '../text-file.ts';

interface Options {
  /** Called with what the file says whenever that may be new; with nothing where it is no plan. */
  onRead: (file: PlanFile | undefined) => void;
  onFinding: (finding: string) => void;
}

/**
 * Reads the plan's file when it was edited while its run stands. What the run itself writes back is known by its hash,
 * and on another branch it is another file.
 */
export class PlanEdits {
  readonly #ref: RunRef;
  readonly #state: RunState;
  readonly #options: Options;
  #seen: string | undefined;
  #watcher: Watching | undefined;
  #reading: Promise<void> = Promise.resolve();

  constructor(ref: RunRef, state: RunState, options: Options) {
    this.#ref = ref;
    this.#state = state;
    this.#options = options;
  }

  /** What was edited while nobody looked is read before this resolves. */
  async open(): Promise<void> {
    if (this.#state.planning) return;
    try {
      this.#watcher = watchFolder(dirname(this.#path), () => void this.#look());
    } catch {
      return; // Its folder is gone: the run goes on with the plan it has.
    }
    await this.#look();
  }

  async close(): Promise<void> {
    this.#watcher?.close();
    await this.#reading;
  }

  get #path(): string {
    return join(this.#state.root, this.#state.planFile);
  }

  #look(): Promise<void> {
    this.#reading = this.#reading.then(() => this.#read());
    return this.#reading;
  }

  async #read(): Promise<void> {
    const text = await readFile(this.#path, 'utf8').catch(() => undefined);
    if (text === undefined || this.#state.ended) return;
    const planHash = sha256(text);
    if (planHash === this.#seen || !(await isOnBranch(this.#ref.repository, this.#state))) return;
    this.#seen = planHash;
    if (!this.#state.proposal && (await this.#isKnown(planHash))) return;
    const read = await this.#parse(text, planHash);
    if (!read.ok) this.#options.onFinding(`${describe(read.failure)}: the run goes on with the plan it has`);
    this.#options.onRead(read.ok ? read.value : undefined);
  }

  async #isKnown(planHash: string): Promise<boolean> {
    if (planHash === this.#state.planHash) return true;
    const written = await readJson(planMark(this.#ref));
    return Array.isArray(written) && written.includes(planHash);
  }

  async #parse(text: string, planHash: string): Promise<Result<PlanFile>> {
    const { planFile, plan: former, config, base } = this.#state;
    const { plan: written, problems } = readPlan(text, planFile);
    if (!written) return fail(invalid(planFile, problems));
    const plan = withContestants(written);
    if (plan.id !== former.id)
      return fail({ kind: 'refused', reason: `${planFile} is another plan now, "${plan.id}" for "${former.id}"` });
    const unknown = unknownNames(plan, config);
    if (unknown.length > 0) return fail(invalid(planFile, unknown));
    const assigned = await assign(this.#ref.repository, { plan, config }, base);
    if (!assigned.ok) return assigned;
    const { agents, containment } = assigned.value;
    return ok({ plan, planHash, agents, containment });
  }
}
