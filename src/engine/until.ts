import type { RunState } from '../model/run/state.ts';
import type { RunSession } from './session.ts';

type Look<T> = (state: RunState) => T | false | undefined;

/** What a look at the run finds first, now or after a change; undefined when the limit comes before that. */
export function until<T>(session: RunSession, look: Look<T>): Promise<T>;
export function until<T>(session: RunSession, look: Look<T>, limit: AbortSignal): Promise<T | undefined>;
export function until<T>(session: RunSession, look: Look<T>, limit?: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve) => {
    const end = (found?: T): void => {
      heard[Symbol.dispose]();
      limit?.removeEventListener('abort', stop);
      resolve(found);
    };
    const stop = (): void => end();
    const check = (): void => {
      const found = look(session.state);
      if (found !== undefined && found !== false) end(found);
    };
    const heard = session.subscribe(check);
    limit?.addEventListener('abort', stop);
    check();
  });
}
