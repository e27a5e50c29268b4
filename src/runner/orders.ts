import { mkdirSync, renameSync, watch } from 'node:fs';
import type { JobOrder, Reply, Steering } from '../model/run/job.ts';
import { ordersFolder, readOrders } from '../process/job-folder.ts';

/** Who follows orders. What is said to the agent gets a reply, once it is known what becomes of it. */
export interface Obedient {
  cancel(): void;
  steer(steering: Steering): Promise<Reply>;
  replied(order: string, reply: Reply): void;
}

/** Reads orders to this job, now and whenever told to, and marks each as applied or, from an older epoch, as refused. */
export class Orders {
  readonly #folder: string;
  readonly #epoch: number;
  readonly #obedient: Obedient;
  /** Sent again by an engine that did not hear our reply: it will find it. */
  readonly #known = new Set<string>();

  constructor(folder: string, epoch: number, obedient: Obedient) {
    this.#folder = folder;
    this.#epoch = epoch;
    this.#obedient = obedient;
  }

  /**
   * Reads what is there. Whoever sends an order knocks at the pulse, so a watch is only for who cannot reach it: it is
   * begun once the job proves to be a long one, and that the system has none left is no failure.
   */
  listen(): void {
    mkdirSync(ordersFolder(this.#folder), { recursive: true });
    this.read();
    setTimeout(() => this.#watch(), BEFORE_WATCHING).unref();
  }

  #watch(): void {
    try {
      watch(ordersFolder(this.#folder), { persistent: false }, () => this.read()).on('error', () => undefined);
    } catch (error) {
      console.error(`orders are not watched: ${String(error)}`);
    }
    this.read();
  }

  read(): void {
    for (const { path, order } of readOrders(this.#folder)) {
      const valid = order.epoch >= this.#epoch;
      renameSync(path, path.replace(/\.json$/, valid ? '.applied' : '.refused'));
      if (valid && !this.#known.has(order.id)) void this.#follow(order);
    }
  }

  async #follow(order: JobOrder): Promise<void> {
    this.#known.add(order.id);
    if (order.kind === 'cancel') return this.#obedient.cancel();
    const { id, epoch: _, ...steering } = order;
    this.#obedient.replied(id, await this.#obedient.steer(steering));
  }
}

/** Milliseconds. A watch takes longer to load and begin than many a gate runs. */
const BEFORE_WATCHING = 500;
