import { mkdirSync, renameSync, watch } from 'node:fs';
import { ordersFolder, readOrders } from '../process/job-folder.ts';

/** Reads orders to this job, now and whenever told to, and marks each as applied or, from an older epoch, as refused. */
export class Orders {
  readonly #folder: string;
  readonly #epoch: number;
  readonly #onCancel: () => void;

  constructor(folder: string, epoch: number, onCancel: () => void) {
    this.#folder = folder;
    this.#epoch = epoch;
    this.#onCancel = onCancel;
  }

  /** Watches the folder. Where the system has no watch left, whoever sends an order still knocks at the pulse. */
  listen(): void {
    mkdirSync(ordersFolder(this.#folder), { recursive: true });
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
      if (valid) this.#onCancel();
    }
  }
}
