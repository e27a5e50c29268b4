import { refusal } from '../model/run/accept.ts';
import { decide } from '../model/decide/decide.ts';
import { type Event, type Happening, type Intent, isIntent, type Outcome, type Reported } from '../model/run/event.ts';
import { evolve } from '../model/run/evolve.ts';
import { heldNow } from '../model/crew/admission.ts';
import { isNewsOf, isWatched } from '../model/run/machine.ts';
import { isNews } from '../model/run/reported.ts';
import { heardOf, type PlanFile } from '../model/run/revision.ts';
import { fail, type Failure, ok, type Result } from '../model/failure.ts';
import type { Order } from '../model/run/order.ts';
import type { RunState } from '../model/run/state.ts';
import { faultPoint } from '../process/fault.ts';
import type { ReportLine } from '../process/reports.ts';
import { keepFootprints } from './past/footprints.ts';
import { Inbox, removeOrder } from './journal/inbox.ts';
import type { JournalWriter } from './journal/journal-writer.ts';
import { isHosted } from './performing/hosted.ts';
import { perform } from './performing/perform.ts';
import { PlanEdits } from './plans/plan-edits.ts';
import { keepSnapshot } from './journal/snapshot.ts';
import { Replies } from './performing/replies.ts';
import { soon, type Workshop } from './performing/workshop.ts';

/** Why a driver stopped. */
export type DriverEnd = { kind: 'disposed' } | { kind: 'fenced' } | { kind: 'failed'; failure: Failure };

/** Whom a driver tells. */
interface Told {
  /** Called after each durable append. */
  publish: (events: readonly Event[]) => void;
  /** Awaited before the run ends, with the state it ends in: nobody opens an ended run again to show in files what it came to. */
  atEnd: (state: RunState) => Promise<void>;
}

type Mail =
  | { outcome: Happening & Outcome }
  | { reported: Reported }
  | { file: PlanFile | undefined }
  | { order: Order; answer?: (result: Result<void>) => void };

/**
 * The loop: mail in (outcomes, reports, orders, edits of the plan) → fold → decide until nothing follows → all of it durable in one write →
 * perform the new intents. It remembers nothing of its own that the journal does not hold; what was open when it
 * starts is settled the same way as what it begins.
 */
export class Driver {
  readonly ended: Promise<DriverEnd>;
  /** The first turn is over: what was due is under way, or the run waits. */
  readonly ready: Promise<void>;
  readonly #shop: Workshop;
  readonly #writer: JournalWriter;
  readonly #told: Told;
  readonly #inbox: Inbox;
  readonly #edits: PlanEdits;
  #mail: Mail[] = [];
  #wake: () => void = () => {};
  #onReady: () => void = () => {};
  #alarm: NodeJS.Timeout | undefined;
  #end: DriverEnd | undefined;

  constructor(shop: Omit<Workshop, 'report' | 'replies'>, writer: JournalWriter, told: Told) {
    const report: Workshop['report'] = (job, lines) => this.#report(job, lines);
    this.#shop = { ...shop, replies: new Replies(), report };
    this.#writer = writer;
    this.#told = told;
    this.#inbox = new Inbox(shop.ref, (order) => this.#post({ order }));
    this.#edits = new PlanEdits(shop.ref, shop.state, {
      onRead: (file) => this.#post({ file }),
      onFinding: shop.note,
    });
    this.ready = new Promise((resolve) => {
      this.#onReady = resolve;
    });
    this.ended = this.#run();
  }

  /** Resolves when the order is in the journal; fails as fenced where another writer has to be asked. */
  order(order: Order): Promise<Result<void>> {
    if (this.#end) return Promise.resolve(this.#notOurs());
    return new Promise((answer) => this.#post({ order, answer }));
  }

  /** Stops driving; what runs goes on. Short work under way is finished and written down first. */
  async dispose(): Promise<void> {
    this.#finish({ kind: 'disposed' });
    await this.ended;
  }

  async #run(): Promise<DriverEnd> {
    const end = await this.#drive().catch((error: unknown) => ({ kind: 'failed' as const, failure: broken(error) }));
    this.#finish(end);
    this.#onReady();
    await this.#leave(end);
    return end;
  }

  async #drive(): Promise<DriverEnd> {
    for (const intent of this.#shop.state.open.values()) this.#perform(intent, 'found');
    const opened = await this.#inbox.open();
    if (!opened.ok) return { kind: 'failed', failure: opened.failure };
    await this.#edits.open();
    while (!this.#end) await this.#turn();
    return this.#end;
  }

  /** One turn of the loop. */
  async #turn(): Promise<void> {
    const mail = this.#mail;
    this.#mail = [];
    const answers: (() => void)[] = [];
    const events = mail.flatMap((item) => this.#admit(item, answers));
    events.push(...this.#look(events));
    await this.#conclude(events);
    if (events.length > 0 && !(await this.#write(events))) {
      this.#mail.unshift(...mail);
      return;
    }
    for (const answer of answers) answer();
    for (const event of events) if (isIntent(event)) this.#perform(event, 'fresh');
    this.#onReady();
    if (this.#mail.length === 0 && !this.#end)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
  }

  #admit(item: Mail, answers: (() => void)[]): Event[] {
    if ('outcome' in item) return [this.#fold(item.outcome)];
    if ('reported' in item) return this.#admitReport(item.reported);
    if ('file' in item) return this.#admitEdit(item.file);
    const { order, answer } = item;
    answers.push(() => void removeOrder(this.#shop.ref, order.id));
    // Left behind by a writer that died between writing it down and taking it away: twice is once.
    if (this.#shop.state.orders.has(order.id)) return [];
    const reason = refusal(this.#shop.state, order);
    answers.push(() => answer?.(reason === undefined ? ok(undefined) : fail({ kind: 'refused', reason })));
    return [
      this.#fold(reason === undefined ? { type: 'order.accepted', order } : { type: 'order.refused', order, reason }),
    ];
  }

  #admitReport(reported: Reported): Event[] {
    return isNews(this.#shop.state, reported.job, reported.line) ? [this.#fold(reported)] : [];
  }

  #admitEdit(file: PlanFile | undefined): Event[] {
    const edit = heardOf(this.#shop.state, file);
    return edit ? [this.#fold(edit)] : [];
  }

  /**
   * What the machine has left, where that may change what is begun: looked at when a job ends, a person says something, or
   * something waits for it, and else at most once a second.
   */
  #look(since: readonly Event[]): Event[] {
    const { state, gauge } = this.#shop;
    const isDue = gauge.age >= SECOND || since.some(({ type }) => type === 'job.ended' || type === 'order.accepted');
    if (!isWatched(state) || (state.machine && !isDue && heldNow(state) === undefined)) return [];
    const machine = gauge.read();
    return isNewsOf(state, machine, Date.now()) ? [this.#fold({ type: 'machine.seen', machine })] : [];
  }

  async #conclude(events: Event[]): Promise<void> {
    const { state, hosted } = this.#shop;
    for (;;) {
      const now = Date.now();
      const decided = decide(state, { now, hosted });
      this.#setAlarm(decided.wakeAt);
      if (decided.events.length === 0) return;
      const end = decided.events.find((event) => event.type === 'run.ended');
      if (end) await this.#told.atEnd({ ...state, ended: { outcome: end.outcome, reason: end.reason, at: now } });
      events.push(...decided.events.map((event) => this.#fold(event)));
    }
  }

  #fold(happening: Happening): Event {
    const event = { at: Math.max(Date.now(), this.#shop.state.at), ...happening };
    evolve(this.#shop.state, event);
    return event;
  }

  /** False when the events did not happen: they could not be written, or another writer was there before them. */
  async #write(events: readonly Event[]): Promise<boolean> {
    const written = await this.#writer.append(events);
    if (!written.ok) this.#finish({ kind: 'failed', failure: written.failure });
    else if (this.#writer.isFenced()) this.#finish({ kind: 'fenced' });
    else {
      this.#told.publish(events);
      return true;
    }
    return false;
  }

  #perform(intent: Event & Intent, known: 'fresh' | 'found'): void {
    const work = this.#performFenced(intent, known);
    if (!outlivesUs(this.#shop, intent)) void soon(this.#shop, work);
  }

  async #performFenced(intent: Event & Intent, known: 'fresh' | 'found'): Promise<void> {
    if (this.#writer.isFenced()) return this.#finish({ kind: 'fenced' });
    if (known === 'found' && intent.type !== 'job.intended')
      this.#shop.note(`${intent.type.replace('.intended', '')}: was begun and is seen through`);
    faultPoint(`${intent.type}.before`);
    const closing = await perform(this.#shop, intent, known).catch((error: unknown) => fail(broken(error)));
    faultPoint(`${intent.type}.after`);
    const outcome = closing.ok ? closing.value : { type: 'intent.failed' as const, failure: closing.failure };
    this.#post({ outcome: { ...outcome, intent: intent.intent } });
  }

  #report(job: string, lines: readonly ReportLine[]): void {
    for (const [line, report] of lines) {
      if (report.type === 'ordered') this.#shop.replies.give(report.order, report.reply);
      this.#post({ reported: { type: 'job.reported', job, line, report } });
    }
  }

  #post(item: Mail): void {
    this.#mail.push(item);
    this.#wake();
  }

  #setAlarm(at: number | undefined): void {
    clearTimeout(this.#alarm);
    if (at !== undefined) this.#alarm = setTimeout(() => this.#wake(), Math.min(at - Date.now(), 2 ** 31 - 1));
  }

  #finish(end: DriverEnd): void {
    this.#end ??= end;
    clearTimeout(this.#alarm);
    this.#wake();
  }

  /** Jobs go on without us, but for what works inside this process; everything short is waited for and, unless somebody else writes now, written down. */
  async #leave(end: DriverEnd): Promise<void> {
    await this.#inbox.close();
    await this.#edits.close();
    this.#shop.leaving.abort();
    await Promise.all(this.#shop.short);
    for (const job of this.#shop.jobs.values()) job.dispose();
    for (const item of this.#mail) if ('answer' in item) item.answer?.(this.#notOurs());
    if (end.kind === 'disposed') {
      const rest = this.#mail.flatMap((item) => ('order' in item ? [] : this.#admit(item, [])));
      const goodbye = await this.#writer.append([...rest, this.#fold({ type: 'writer.released' })]);
      if (goodbye.ok) await this.#keep();
    }
    await this.#writer.close();
  }

  /** Copies for later: what is lost of them is found out again. */
  async #keep(): Promise<void> {
    const { ref, state } = this.#shop;
    await keepFootprints(ref.repository, state);
    await keepSnapshot(ref.folder, { header: this.#writer.header, state });
  }

  #notOurs(): Result<void> {
    const { epoch } = this.#writer;
    return fail({ kind: 'fenced', epoch, by: epoch + 1 });
  }
}

const SECOND = 1000;

/** It waits for a program that does not wait for us, or for another machine. */
const outlivesUs = (shop: Workshop, intent: Intent): boolean =>
  intent.type === 'push.intended' ||
  intent.type === 'steer.intended' ||
  (intent.type === 'job.intended' && !isHosted(shop, intent.purpose));

/** A throw is a bug of ours; the run pauses with it rather than goes on beside it. */
const broken = (error: unknown): Failure => ({
  kind: 'refused',
  reason: `internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
});
