import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Event, SegmentHeader } from '../model/run/event.ts';
import { evolve } from '../model/run/evolve.ts';
import { describe, fail, type Failure, ok, type Result } from '../model/failure.ts';
import { refusal } from '../model/run/accept.ts';
import type { Order, Wish } from '../model/run/order.ts';
import type { RunState } from '../model/run/state.ts';
import { rest } from '../model/run/view.ts';
import { followWorktrees } from '../git/moved.ts';
import { isCheckout, letGo } from '../git/repository.ts';
import { Gauge } from '../process/gauge.ts';
import { findNode } from '../process/find-node.ts';
import { ownIdentity } from '../process/identity.ts';
import { openPulse, type Pulse } from '../process/pulse.ts';
import { anchor } from './performing/anchor.ts';
import { isFree } from './driven.ts';
import { begunHere } from './elsewhere.ts';
import { Driver, type DriverEnd } from './driver.ts';
import { readWhole } from './journal/fold.ts';
import { Follower } from './journal/follower.ts';
import { leaveOrder, removeOrder } from './journal/inbox.ts';
import { type JournalEnd, readJournal } from './journal/journal-reader.ts';
import { JournalWriter } from './journal/journal-writer.ts';
import { Projection } from './plans/projection.ts';
import type { Change, RunRef, RunSession, SessionOptions } from './session.ts';

/**
 * Opens a run: drives it when asked to and nobody alive does, follows it otherwise. Of one that began in another place only
 * what it came to can be looked at and pushed.
 */
export async function openSession(ref: RunRef, options: SessionOptions): Promise<Result<RunSession>> {
  const read = await readWhole(ref.folder);
  if (!read.ok) return read;
  const { state } = read.value;
  const here = await begunHere(ref, state);
  if (!here.ok && options.as === 'drive' && !state.ended) return here;
  const session = new OpenSession(ref, options, { state, here });
  const begun = await session.begin(read.value.journal);
  return begun.ok ? ok(session) : begun;
}

class OpenSession implements RunSession {
  readonly ref: RunRef;
  readonly #options: SessionOptions;
  readonly #here: Result<void>;
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #findings = new Set<string>();
  /** Orders left for whoever drives. */
  readonly #unanswered = new Map<string, { order: Order; answer: (result: Result<void>) => void }>();
  #state: RunState;
  #driver: Driver | undefined;
  #follower: Follower | undefined;
  #pulse: Pulse | undefined;
  #projection: Projection | undefined;
  /** Why nothing is done before a person says so, where the journal could not be told. */
  #heldBack: Failure | undefined;
  #disposed = false;
  /** Room is made at the end of a run. */
  #tidying: Promise<void> | undefined;
  /** Changes of role happen one after the other. */
  #turning: Promise<void> = Promise.resolve();

  constructor(ref: RunRef, options: SessionOptions, { state, here }: { state: RunState; here: Result<void> }) {
    this.ref = ref;
    this.#options = options;
    this.#state = state;
    this.#here = here;
  }

  get state(): RunState {
    return this.#state;
  }

  get role(): 'drives' | 'follows' {
    return this.#driver ? 'drives' : 'follows';
  }

  get findings(): readonly string[] {
    return [...this.#findings];
  }

  /** Each once. */
  #note(finding: string): void {
    if (this.#findings.has(finding)) return;
    this.#findings.add(finding);
    this.#options.onFinding?.(finding);
  }

  /** Drives where it should and nobody does, follows otherwise. */
  async begin(journal: JournalEnd): Promise<Result<void>> {
    for (let seen = journal; ;) {
      for (const finding of seen.findings) this.#note(finding);
      if (this.#options.as !== 'drive' || !(await isFree(seen))) {
        await this.#follow(seen);
        return ok(undefined);
      }
      const taken = await this.#takeOver(seen);
      if (!taken.ok || taken.value) return taken.ok ? ok(undefined) : taken;
      // Another was faster, and may be gone again already.
      const again = await readWhole(this.ref.folder);
      if (!again.ok) return again;
      this.#state = again.value.state;
      seen = again.value.journal;
    }
  }

  subscribe(listener: (change: Change) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  async order(wish: Wish): Promise<Result<void>> {
    await this.#turning;
    if (!this.#here.ok && wish.type !== 'push') return this.#here;
    const order = { id: randomUUID(), ...wish } as Order;
    if (this.#heldBack && order.type === 'resume') {
      await this.#tryAgain();
      if (this.#heldBack) return fail(this.#heldBack);
      // Of that pause the journal knows nothing; there may be another one.
      if (!this.#state.paused) return ok(undefined);
    }
    const given = await this.#driver?.order(order);
    return given && (given.ok || given.failure.kind !== 'fenced') ? given : this.#leave(order);
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
    await this.#tidying;
    this.#pulse?.close();
    await this.#follower?.close();
    await this.#projection?.flush(this.#state);
    await letGo(this.ref.repository);
    const left = fail({
      kind: 'refused' as const,
      reason: 'nobody took the order yet: it waits for whoever drives next',
    });
    for (const { answer } of this.#unanswered.values()) answer(left);
    this.#listeners.clear();
  }

  /** True when this process drives now; false when another was faster. */
  async #takeOver(journal: JournalEnd): Promise<Result<boolean>> {
    // A run that never did anything may not have it yet.
    const anchored = this.#state.intents > 0 ? ok(undefined) : await anchor(this.ref, this.#state.base);
    if (!anchored.ok) return anchored;
    const moved = await this.#followMove();
    if (!moved.ok) return moved;
    const pulse = await openPulse(`${this.ref.folder}:${journal.epoch + 1}`, () => {});
    const header = { ...(await this.#headerAfter(journal)), pulse: pulse.address };
    const writer = await JournalWriter.claim(this.ref.folder, header, moved.value);
    if (!writer.ok || !writer.value) {
      pulse.close();
      return writer.ok ? ok(false) : writer;
    }
    this.#pulse = pulse;
    for (const event of moved.value) evolve(this.#state, event);
    await this.#drive(writer.value, await findNode());
    return ok(true);
  }

  /** A run goes where its checkout went, in the first event of who drives it there. */
  async #followMove(): Promise<Result<Event[]>> {
    const { root, at, config } = this.#state;
    const { repository } = this.ref;
    if (!this.#here.ok || (await isCheckout(repository, root))) return ok([]);
    const [from, to] = [root, repository.root].map((one) => join(one, config.worktrees.folder));
    const followed = await followWorktrees(repository, { from: from ?? '', to: to ?? '' });
    if (!followed.ok) return followed;
    this.#note(`the repository was moved from ${root}: its run goes on in ${repository.root}`);
    return ok([{ at: Math.max(Date.now(), at), type: 'run.moved', root: repository.root }]);
  }

  async #headerAfter({ header, length, epoch }: JournalEnd): Promise<Omit<SegmentHeader, 'journal'>> {
    const writer = { ...(await ownIdentity()), by: this.#options.by };
    return { run: this.ref.run, epoch: epoch + 1, writer, predecessor: { epoch: header.epoch, length } };
  }

  async #drive(writer: JournalWriter, node: string): Promise<void> {
    const note = (finding: string): void => this.#note(finding);
    const shop = {
      ref: this.ref,
      state: this.#state,
      epoch: writer.epoch,
      runner: this.#options.runner,
      node,
      hosted: this.#options.hosted ?? new Map<string, never>(),
      gauge: new Gauge(this.#state.root),
      leaving: new AbortController(),
      jobs: new Map<string, never>(),
      short: new Set<Promise<unknown>>(),
      note,
    };
    const projection = new Projection(this.ref, { mayWrite: this.#options.mayWrite ?? (() => true), onFinding: note });
    this.#projection = projection;
    const driver = new Driver(shop, writer, {
      publish: (events) => {
        projection.update(this.#state);
        this.#publish(events);
        if (events.some(({ type }) => type === 'run.ended')) this.#tidying = this.#tidy();
      },
      atEnd: (state) =>
        projection.show(state).catch((error: unknown) => note(`states are not written back: ${String(error)}`)),
    });
    this.#driver = driver;
    void driver.ended.then((end) => {
      if (!this.#disposed) this.#turn(() => this.#stopDriving(end));
    });
    await driver.ready;
  }

  async #tidy(): Promise<void> {
    // Nothing that is needed before a run has ended.
    const { tidy } = await import('./disk/tidy.ts');
    const told = await tidy(this.ref).catch((error: unknown) => [`no room was made: ${String(error)}`]);
    for (const line of told) this.#note(line);
  }

  async #stopDriving(end: DriverEnd): Promise<void> {
    this.#driver = undefined;
    this.#pulse?.close();
    if (end.kind === 'failed') await this.#holdBack(end.failure);
    else await this.#startOver();
    this.#publish([]);
  }

  /**
   * What happens cannot be written down, so it did not, and nothing more is done before a person gives an order. Until
   * then this copy of the state, which is only for showing, says so.
   */
  async #holdBack(failure: Failure): Promise<void> {
    this.#heldBack = failure;
    const read = await readWhole(this.ref.folder);
    if (read.ok) this.#state = read.value.state;
    this.#note(describe(failure));
    this.#state.paused = { reason: describe(failure), halt: true, at: this.#state.at };
    this.#state.open.clear();
  }

  /** From the files, into the role that is left: what this process thought happened may not have. */
  async #startOver(): Promise<void> {
    this.#heldBack = undefined;
    await this.#follower?.close();
    this.#follower = undefined;
    const read = await readWhole(this.ref.folder);
    if (read.ok) this.#state = read.value.state;
    const begun = read.ok ? await this.begin(read.value.journal) : read;
    if (!begun.ok) await this.#holdBack(begun.failure);
    this.#publish([]);
  }

  async #tryAgain(): Promise<void> {
    this.#turn(() => this.#startOver());
    await this.#turning;
  }

  async #follow(journal: JournalEnd): Promise<void> {
    const follower = new Follower(this.ref, journal, {
      onEvents: (events) => {
        for (const event of events) evolve(this.#state, event);
        this.#publish(events);
      },
      onRewritten: () => this.#turn(() => this.#startOver()),
      onWriterGone: () => this.#turn(() => this.#succeed()),
      onTrouble: (failure) => this.#note(describe(failure)),
    });
    this.#follower = follower;
    await follower.open();
  }

  /** The writer that was followed is gone: a session opened to drive takes its place, unless another does. */
  async #succeed(): Promise<void> {
    if (this.#disposed || this.#driver) return;
    // Nobody need drive what has ended, unless somebody wants something of it.
    if (this.#state.ended && this.#unanswered.size === 0) return;
    const journal = await readJournal(this.ref.folder);
    if (!journal.ok || !(await isFree(journal.value))) return;
    if (this.#options.as === 'drive') return this.#startOver();
    await this.#writeAlone();
    void this.#follower?.look();
  }

  #turn(work: () => Promise<void>): void {
    this.#turning = this.#turning.then(work);
  }

  #publish(events: readonly Event[]): void {
    for (const [id, { answer }] of this.#unanswered) {
      const reason = this.#state.orders.get(id);
      if (reason === undefined) continue;
      this.#unanswered.delete(id);
      answer(reason === null ? ok(undefined) : fail({ kind: 'refused', reason }));
    }
    for (const listener of this.#listeners) listener({ events, state: this.#state });
  }

  async #leave(order: Order): Promise<Result<void>> {
    const left = await leaveOrder(this.ref, order);
    if (!left.ok) return left;
    const answered = new Promise<Result<void>>((answer) => this.#unanswered.set(order.id, { order, answer }));
    await this.#writeAlone();
    if (this.#follower) await this.#follower.look();
    else this.#turn(() => this.#startOver());
    return answered;
  }

  /** Nobody drives: orders are written down by us, in a segment of their own, for whoever drives next. */
  async #writeAlone(): Promise<void> {
    while (this.#unanswered.size > 0) {
      const read = await readWhole(this.ref.folder);
      if (!read.ok || !(await isFree(read.value.journal))) return;
      const { journal, state } = read.value;
      const orders = [...this.#unanswered.values()].map(({ order }) => order);
      const events: Event[] = orders.map((order) => answerTo(state, order));
      events.push({ at: state.at, type: 'writer.released' });
      const writer = await JournalWriter.claim(this.ref.folder, await this.#headerAfter(journal), events);
      if (!writer.ok) return;
      await writer.value?.close();
      if (!writer.value) continue;
      for (const { id } of orders) await removeOrder(this.ref, id);
      return;
    }
  }
}

/** The order as the journal says it, folded in. */
function answerTo(state: RunState, order: Order): Event {
  const at = Math.max(Date.now(), state.at);
  const reason = refusal(state, order);
  const event: Event =
    reason === undefined ? { at, type: 'order.accepted', order } : { at, type: 'order.refused', order, reason };
  evolve(state, event);
  return event;
}
