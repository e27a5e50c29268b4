import type { Call } from '../call.ts';
import { KEY, type Terminal } from '../terminal.ts';

/** Whether it is to be done: as `--yes` says, or a person at the keyboard, who is asked. */
export async function isMeant({ terminal, options }: Call, question: string): Promise<boolean> {
  if (options.yes || !terminal.interactive) return options.yes === true;
  terminal.print('', ` ${question}  [y] yes   [n] no`);
  return saysYes(terminal);
}

/** Resolves at the first key that is an answer to yes or no. */
export const saysYes = ({ keys }: Terminal): Promise<boolean> =>
  new Promise((settle) => {
    const listening = keys((key) => {
      const no = key === 'n' || key === KEY.interrupt || key === KEY.escape;
      if (!no && key !== 'y') return;
      listening[Symbol.dispose]();
      settle(!no);
    });
  });
