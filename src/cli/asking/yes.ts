import type { Call } from '../call.ts';
import { KEY, type Terminal } from '../terminal.ts';

/** Whether it is to be done: as `--yes` says, or a person at the keyboard, who is asked. */
export async function isMeant({ terminal, options }: Call, question: string): Promise<boolean> {
  return options.yes || !terminal.interactive ? options.yes === true : saysYes(terminal, question);
}

/** Asks a person at the keyboard; resolves at the first key that is an answer. */
export function saysYes({ keys, print }: Terminal, question: string): Promise<boolean> {
  print('', ` ${question}  [y] yes   [n] no`);
  return new Promise((settle) => {
    const listening = keys((key) => {
      const no = key === 'n' || key === KEY.interrupt || key === KEY.escape;
      if (!no && key !== 'y') return;
      listening[Symbol.dispose]();
      settle(!no);
    });
  });
}
