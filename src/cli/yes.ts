import { KEY, type Terminal } from './terminal.ts';

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
