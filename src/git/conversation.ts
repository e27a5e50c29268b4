import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { fail, ok, type Result } from '../model/failure.ts';
import { faultPoint } from '../process/fault.ts';
import { startGit, whyNotStarted, type GitOptions } from './run.ts';
import { Turn } from './turn.ts';

/** What a question came to: an answer, or, where git will not or cannot, its end. */
export type Reply = { kind: 'answered' } | { kind: 'ended'; code: number | null; stderr: string };

/**
 * A git that answers one question after the other, for commands that can (`update-ref --stdin`, `cat-file --batch`):
 * starting it costs more than most questions. It is started by the first one, keeps nobody alive who has nothing to
 * ask, and ends with whoever started it, or when nothing was asked for a moment.
 */
export class Conversation {
  readonly #args: readonly string[];
  readonly #turn = new Turn();
  #partner: ChildProcessWithoutNullStreams | undefined;
  #goodbye: NodeJS.Timeout | undefined;

  constructor(args: readonly string[]) {
    this.#args = args;
  }

  /** `take` gets the answer piece by piece, and says when it was the last. The options are those of whoever asks first. */
  ask(options: GitOptions, question: string, take: (chunk: Buffer) => boolean): Promise<Result<Reply>> {
    return this.#turn.take(() => this.#ask(options, question, take));
  }

  /** Lets git go once it has answered what was asked so far; a later question starts another. */
  end(): Promise<void> {
    return this.#turn.take(async () => {
      const partner = this.#partner;
      if (partner === undefined) return;
      clearTimeout(this.#goodbye);
      this.#forget(partner);
      keepAlive(partner, true);
      const gone = once(partner, 'close');
      partner.stdin.end();
      await gone;
    });
  }

  #ask(options: GitOptions, question: string, take: (chunk: Buffer) => boolean): Promise<Result<Reply>> {
    faultPoint('git.before');
    clearTimeout(this.#goodbye);
    const partner = (this.#partner ??= startGit(this.#args, options));
    keepAlive(partner, true);
    return new Promise((resolve) => {
      let stderr = '';
      const over = (result: Result<Reply>): void => {
        for (const stream of [partner.stdout, partner.stderr]) stream.removeAllListeners('data');
        partner.removeAllListeners();
        partner.stdin.removeAllListeners('error').on('error', () => undefined);
        if (result.ok && result.value.kind === 'answered') this.#rest(partner);
        else this.#partner = undefined;
        faultPoint('git.after');
        resolve(result);
      };
      partner.stdout.on('data', (chunk: Buffer) => {
        if (take(chunk)) over(ok({ kind: 'answered' }));
      });
      partner.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      partner.on('error', (error) => over(fail(whyNotStarted(error, options))));
      partner.on('close', (code) => over(ok({ kind: 'ended', code, stderr })));
      partner.stdin.removeAllListeners('error').on('error', () => undefined); // its end says why
      partner.stdin.write(question, options.bytes ? 'latin1' : 'utf8');
    });
  }

  #rest(partner: ChildProcessWithoutNullStreams): void {
    keepAlive(partner, false);
    // Between questions nobody listens: one that ends then is missed by the next question, and by nothing else.
    partner.once('close', () => this.#forget(partner));
    partner.once('error', () => this.#forget(partner));
    this.#goodbye = setTimeout(() => {
      this.#forget(partner);
      partner.stdin.end();
    }, PATIENCE).unref();
  }

  #forget(partner: ChildProcessWithoutNullStreams): void {
    if (this.#partner === partner) this.#partner = undefined;
  }
}

/** Milliseconds without a question after which git is let go. */
const PATIENCE = 300;

function keepAlive(partner: ChildProcessWithoutNullStreams, wanted: boolean): void {
  const act = wanted ? 'ref' : 'unref';
  partner[act]();
  for (const stream of [partner.stdin, partner.stdout, partner.stderr]) {
    // The pipes of a child are sockets; the types say so only of their other side.
    if (act in stream) (stream as unknown as { ref(): void; unref(): void })[act]();
  }
}
