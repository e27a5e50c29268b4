import { render } from 'preact';
import type { FromPage, ToPage } from './protocol.ts';
import { ReviewPage } from './review-page.tsx';
import './base.css';
import './review.css';

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void; setState(state: { run: string }): void };

/** The editor's own function of that name, to which the rule about origins does not apply. */
const editor = acquireVsCodeApi();
const say = (message: FromPage): void => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  editor.postMessage(message);
};
const place = document.getElementById('page');
let kept: string | undefined;

window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => {
  if (!place || data.kind !== 'page') return;
  // After a reload of the window the host finds the run again by this.
  if (kept !== data.page.run) editor.setState({ run: (kept = data.page.run) });
  render(<ReviewPage page={data.page} say={say} />, place);
  requestAnimationFrame(() => say({ kind: 'drawn' }));
});

say({ kind: 'ready' });
