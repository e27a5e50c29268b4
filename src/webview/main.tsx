import { render } from 'preact';
import type { FromPage, ToPage } from './protocol.ts';
import { ReviewPage } from './review-page.tsx';
import './review.css';

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void; setState(state: { run: string }): void };

const editor = acquireVsCodeApi();
const place = document.getElementById('page');

window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => {
  if (!place || data.kind !== 'page') return;
  // After a reload of the window the host finds the run again by this.
  editor.setState({ run: data.page.run });
  render(<ReviewPage page={data.page} say={(message) => editor.postMessage(message)} />, place);
});

editor.postMessage({ kind: 'ready' });
