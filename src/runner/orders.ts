import { watch } from 'node:fs';
import { rename } from 'node:fs/promises';
import { ordersFolder, readOrders } from '../process/job-folder.ts';

/** Reads orders to this job, now and whenever told to, and marks each as applied or, from an older epoch, as refused. */
export class Orders {
  readonly #folder: string;
  readonly #epoch: number;
  readonly #onCancel: () => void;
  #reading: Promise<void> = Promise.resolve();

  constructor(folder: string, epoch: number, onCancel: () => void) {
    this.#folder = folder;
    this.#epoch = epoch;
    this.#onCancel = onCancel;
  }

  /** Watches the folder. Where the system has no watch left, whoever sends an order still knocks at the pulse. */
  listen(): Promise<void> {
    try {
      watch(ordersFolder(this.#folder), { persistent: false }, () => void this.read()).on('error', () => undefined);
    } catch (error) {
      console.error(`orders are not watched: ${String(error)}`);
    }
    return this.read();
  }

  /** One reading at a time, so that no order is applied twice. */
  read(): Promise<void> {
    this.#reading = this.#reading.then(() => this.#apply());
    return this.#reading;
  }

  async #apply(): Promise<void> {
    for (const { path, order } of await readOrders(this.#folder)) {
      const valid = order.epoch >= this.#epoch;
      await rename(path, path.replace(/\.json$/, valid ? '.applied' : '.refused')).catch(() => undefined);
      if (valid) this.#onCancel();
    }
  }
}
