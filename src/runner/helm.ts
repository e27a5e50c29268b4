import type { Reply, Steering } from '../model/run/job.ts';
import type { Obedient } from './orders.ts';
import type { OutputRecord } from './output.ts';

/** Says something to the program at work; undefined where it cannot be told anything before its end. */
export type Steer = ((steering: Steering) => Promise<Reply>) | undefined;

/** Where orders arrive: from the first moment on, also before there is a program to follow them. */
export class Helm implements Obedient {
  readonly #stop: AbortController;
  #man: (manned: { output: OutputRecord; steer: Steer }) => void = () => undefined;
  readonly #manned = new Promise<{ output: OutputRecord; steer: Steer }>((resolve) => {
    this.#man = resolve;
  });

  constructor(stop: AbortController) {
    this.#stop = stop;
  }

  /** The program is at work. */
  man(output: OutputRecord, steer: Steer): void {
    this.#man({ output, steer });
  }

  cancel(): void {
    this.#stop.abort();
  }

  async steer(steering: Steering): Promise<Reply> {
    const { steer } = await this.#manned;
    return steer ? steer(steering) : { kind: 'refused', reason: 'this agent cannot be told anything while it works' };
  }

  replied(order: string, reply: Reply): void {
    void this.#manned.then(({ output }) => output.note([{ type: 'ordered', order, reply }]));
  }
}
