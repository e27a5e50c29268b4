import type { Reply } from '../../model/run/job.ts';

/** Brings what runners reply to orders to whoever sent them, whichever of the two comes first. */
export class Replies {
  readonly #given = new Map<string, Reply>();
  readonly #over = new Set<string>();
  readonly #awaited = new Map<string, { job: string; resolve: (reply: Reply) => void }>();

  /** The reply to an order to a job; never settles when the driver leaves before it comes. */
  to(order: string, job: string): Promise<Reply> {
    const given = this.#given.get(order) ?? (this.#over.has(job) ? { kind: 'missed' as const } : undefined);
    if (given) return Promise.resolve(given);
    return new Promise((resolve) => this.#awaited.set(order, { job, resolve }));
  }

  give(order: string, reply: Reply): void {
    this.#given.set(order, reply);
    this.#awaited.get(order)?.resolve(reply);
    this.#awaited.delete(order);
  }

  /** A job is over: what its runner did not reply to was too late. */
  end(job: string): void {
    this.#over.add(job);
    for (const [order, one] of this.#awaited) if (one.job === job) this.give(order, { kind: 'missed' });
  }
}
