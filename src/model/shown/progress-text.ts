import type { AgentEvent } from '../run/job.ts';

/** `40 %, core features complete`, `blocked, waits for a key`. */
export const progressText = ({ state, percent, text }: Extract<AgentEvent, { type: 'progress' }>): string =>
  [percent === undefined || state !== 'working' ? state : `${percent} %`, ...(text === '' ? [] : [text])].join(', ');
