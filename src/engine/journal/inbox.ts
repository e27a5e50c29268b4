import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Order, orderSchema } from '../../model/run/order.ts';
import type { Result } from '../../model/failure.ts';
import { makeFolder, readJson, writeByRename } from '../../process/durable.ts';
import { watchFolder, type Watching } from '../../process/watching.ts';
import { inboxFolder } from '../places.ts';
import type { RunRef } from '../session.ts';

/** Leaves an order for whoever drives the run. The id becomes a file name, so it is ours, never a person's text. */
export async function leaveOrder(ref: RunRef, order: Order): Promise<Result<undefined>> {
  const made = await makeFolder(inboxFolder(ref));
  return made.ok ? writeByRename(join(inboxFolder(ref), `${order.id}.json`), `${JSON.stringify(order)}\n`) : made;
}

/** Takes an order out that is written down. One that stays is not followed again: the journal has its id. */
export const removeOrder = (ref: RunRef, id: string): Promise<void> =>
  rm(join(inboxFolder(ref), `${id}.json`), { force: true }).catch(() => undefined);

/** Watches the orders that others leave; what it gives stays in the folder until somebody removes it. */
export class Inbox {
  readonly #folder: string;
  readonly #onOrder: (order: Order) => void;
  readonly #seen = new Set<string>();
  #watcher: Watching | undefined;
  #reading: Promise<void> = Promise.resolve();

  constructor(ref: RunRef, onOrder: (order: Order) => void) {
    this.#folder = inboxFolder(ref);
    this.#onOrder = onOrder;
  }

  /** Gives what lies there already, then everything that comes. */
  async open(): Promise<Result<undefined>> {
    const made = await makeFolder(this.#folder);
    if (!made.ok) return made;
    this.#watcher = watchFolder(this.#folder, () => void this.#look());
    await this.#look();
    return made;
  }

  async close(): Promise<void> {
    this.#watcher?.close();
    await this.#reading;
  }

  #look(): Promise<void> {
    this.#reading = this.#reading.then(() => this.#read());
    return this.#reading;
  }

  async #read(): Promise<void> {
    const entries = await readdir(this.#folder, { withFileTypes: true }).catch(() => []);
    const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    for (const name of names.filter((one) => /^[^.].*\.json$/.test(one) && !this.#seen.has(one))) {
      this.#seen.add(name);
      const read = orderSchema.safeParse(await readJson(join(this.#folder, name)));
      if (read.success && `${read.data.id}.json` === name) this.#onOrder(read.data);
      // Not an order of ours: kept for whoever wonders, out of the way.
      else await rename(join(this.#folder, name), join(this.#folder, `.refused-${name}`)).catch(() => undefined);
    }
  }
}
