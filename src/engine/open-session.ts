import { randomUUID } from 'node:crypto';
import type { Event, SegmentHeader } from '../model/event.ts';
import { evolve } from '../model/evolve.ts';
import { describe, fail, ok, type Result } from '../model/failure.ts';
import { refusal } from '../model/accept.ts';
import type { Order, Wish } from '../model/order.ts';
import type { RunState } from '../model/state.ts';
import { rest } from '../model/view.ts';
import { findNode } from '../process/find-node.ts';
import { isAlive, ownIdentity } from '../process/identity.ts';
import { feelPulse, openPulse, type Pulse } from '../process/pulse.ts';
import { Driver } from './driver.ts';
import { foldAll } from './fold.ts';
import { Follower } from './follower.ts';
import { leaveOrder } from './inbox.ts';
import { type Journal, readJournal } from './journal-reader.ts';
import { JournalWriter } from './journal-writer.ts';
import { PlanProjection } from './plan-projection.ts';
import type { Change, RunRef, RunSession, SessionOptions } from './session.ts';

/** Opens a run: drives it when asked to and nobody alive does, follows it otherwise. */
export async function openSession(ref: RunRef, options: SessionOptions): Promise<Result<RunSession>> {
  const journal = await readJournal(ref.folder);
  if (!journal.ok) return journal;
  const state = foldAll(journal.value.events, ref.folder);
  if (!state.ok) return state;
  const session = new OpenSession(ref, options, state.value);
  const opened = await session.open(journal.value);
  return opened.ok ? ok(session) : opened;
}

class OpenSession implements RunSession {
  readonly ref: RunRef;
  readonly #options: SessionOptions;
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #findings: string[] = [];
  #state: RunState;
  #driver: Driver | undefined;
  #follower: Follower | undefined;
  #pulse: Pulse | undefined;
  #projection: PlanProjection | undefined;
  #disposed = false;
  /** Changes of role happen one after the other. */
  #turning: Promise<void> = Promise.resolve();

  constructor(ref: RunRef, options: SessionOptions, state: RunState) {
    this.ref = ref;
    this.#options = options;
    this.#state = state;
  }

  get state(): RunState {
    return this.#state;
  }

  get role(): 'drives' | 'follows' {
    return this.#driver ? 'drives' : 'follows';
  }

  get findings(): readonly string[] {
    return this.#findings;
  }

  async open(journal: Journal): Promise<Result<void>> {
    this.#findings.push(...journal.findings);
    if (this.#options.as === 'drive' && (await isFree(journal))) {
      const taken = await this.#takeOver(journal);
      if (!taken.ok || taken.value) return taken.ok ? ok(undefined) : taken;
      return this.#reread();
    }
    await this.#follow(journal);
    return ok(undefined);
  }

  subscribe(listener: (change: Change) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  async order(wish: Wish): Promise<Result<void>> {
    await this.#turning;
    if (this.#driver) return this.#driver.order(wish);
    const order = { id: randomUUID(), ...wish } as Order;
    const answer = this.#answerTo(order.id);
    const left = await leaveOrder(this.ref, order);
    if (!left.ok) return left;
    const journal = await readJournal(this.ref.folder);
    if (journal.ok && (await isFree(journal.value))) await this.#appendAlone(journal.value, order);
    await this.#follower?.look();
    return answer;
  }

  async atRest(): Promise<void> {
    if (rest(this.#state) !== 'working') return;
    await new Promise<void>((resolve) => {
      const subscription = this.subscribe(({ state }) => {
        if (rest(state) === 'working') return;
        subscription[Symbol.dispose]();
        resolve();
      });
    });
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#turning;
    await this.#driver?.dispose();
    await this.#pulse?.close();
    await this.#follower?.close();
    await this.#projection?.flush(this.#state);
    this.#listeners.clear();
  }

  /** True when this process drives now; false when another was faster. */
  async #takeOver(journal: Journal): Promise<Result<boolean>> {
    const pulse = await openPulse(`${this.ref.folder}:${journal.header.epoch + 1}`, () => {});
    const header: Omit<SegmentHeader, 'journal'> = {
      run: this.ref.run,
      epoch: journal.header.epoch + 1,
      writer: { ...(await ownIdentity()), by: this.#options.by },
      pulse: pulse.address,
      predecessor: { epoch: journal.header.epoch, length: journal.length },
    };
    const writer = await JournalWriter.claim(this.ref.folder, header);
    if (!writer.ok || !writer.value) {
      await pulse.close();
      return writer.ok ? ok(false) : writer;
    }
    this.#pulse = pulse;
    await this.#drive(writer.value, await findNode());
    return ok(true);
  }

  async #drive(writer: JournalWriter, node: string): Promise<void> {
    const shop = {
      ref: this.ref,
      state: this.#state,
      epoch: writer.epoch,
      runner: this.#options.runner,
      node,
      jobs: new Map<string, never>(),
      short: new Set<Promise<unknown>>(),
      note: (finding: string) => this.#findings.push(finding),
    };
    const projection = new PlanProjection(this.ref, this.#options.mayWritePlan ?? (() => true), (finding) =>
      this.#findings.push(finding),
    );
    this.#projection = projection;
    const driver = new Driver(shop, writer, (events) => {
      projection.update(this.#state);
      this.#publish(events);
    });
    this.#driver = driver;
    void driver.ended.then((end) => {
      if (this.#disposed) return;
      if (end.kind === 'failed') this.#findings.push(describe(end.failure));
      this.#turn(async () => {
        this.#driver = undefined;
        await this.#pulse?.close();
        const followed = await this.#reread();
        if (!followed.ok) this.#findings.push(describe(followed.failure));
        this.#publish([]);
      });
    });
    await driver.ready;
  }

  /** Starts over from the files: what this process thought happened may not have. */
  async #reread(): Promise<Result<void>> {
    const journal = await readJournal(this.ref.folder);
    if (!journal.ok) return journal;
    const state = foldAll(journal.value.events, this.ref.folder);
    if (!state.ok) return state;
    this.#state = state.value;
    await this.#follow(journal.value);
    return ok(undefined);
  }

  async #follow(journal: Journal): Promise<void> {
    await this.#follower?.close();
    this.#follower = new Follower(this.ref, journal, {
      onEvents: (events) => {
        for (const event of events) evolve(this.#state, event);
        this.#publish(events);
      },
      onRewritten: () => this.#turn(async () => void (await this.#reread())),
      onWriterGone: () => this.#turn(() => this.#succeed()),
      onTrouble: (failure) => this.#findings.push(describe(failure)),
    });
    await this.#follower.open();
  }

  /** The writer that was followed is gone; a session opened to drive takes its place, unless another does. */
  async #succeed(): Promise<void> {
    if (this.#disposed || this.#driver || this.#options.as !== 'drive') return;
    const journal = await readJournal(this.ref.folder);
    if (!journal.ok || !(await isFree(journal.value))) return;
    const state = foldAll(journal.value.events, this.ref.folder);
    if (!state.ok) return;
    await this.#follower?.close();
    this.#state = state.value;
    const taken = await this.#takeOver(journal.value);
    if (!taken.ok || !taken.value) await this.#reread();
    else this.#follower = undefined;
    this.#publish([]);
  }

  #turn(work: () => Promise<void>): void {
    this.#turning = this.#turning.then(work);
  }

  #publish(events: readonly Event[]): void {
    for (const listener of this.#listeners) listener({ events, state: this.#state });
  }

  #answerTo(id: string): Promise<Result<void>> {
    return new Promise((resolve) => {
      const subscription = this.subscribe(({ events }) => {
        const answer = events.find((event) => 'order' in event && event.order.id === id);
        if (!answer) return;
        subscription[Symbol.dispose]();
        resolve(answer.type === 'order.refused' ? fail({ kind: 'refused', reason: answer.reason }) : ok(undefined));
      });
    });
  }

  /** Nobody drives: the order is written down by us, in a segment of its own, for whoever drives next. */
  async #appendAlone(journal: Journal, order: Order): Promise<void> {
    const state = foldAll(journal.events, this.ref.folder);
    if (!state.ok) return;
    const at = Math.max(Date.now(), state.value.at);
    const reason = refusal(state.value, order);
    const event: Event =
      reason === undefined ? { at, type: 'order.accepted', order } : { at, type: 'order.refused', order, reason };
    const { epoch } = journal.header;
    const header = {
      run: this.ref.run,
      epoch: epoch + 1,
      writer: { ...(await ownIdentity()), by: this.#options.by },
      predecessor: { epoch, length: journal.length },
    };
    const writer = await JournalWriter.claim(this.ref.folder, header, [event, { at, type: 'writer.released' }]);
    if (writer.ok) await writer.value?.close();
  }
}

/** Nobody writes: the last writer said goodbye, or is provably dead. Another host's is never taken for dead. */
async function isFree({ header, released }: Journal): Promise<boolean> {
  if (released) return true;
  const liveness = await isAlive(header.writer);
  if (liveness !== 'alive') return liveness === 'dead';
  if (header.pulse === undefined) return false;
  const socket = await feelPulse(header.pulse);
  socket?.destroy();
  return socket === undefined;
}
