import { render } from 'preact';
import { BoardPage } from './board-page.tsx';
import { type BoardRow, moves, rowsOf } from './layout.ts';
import type { FromBoard, TaskLine, ToBoard } from './protocol.ts';
import '../base.css';
import './board.css';

declare function acquireVsCodeApi(): {
  postMessage(message: FromBoard): void;
  setState(state: Kept): void;
  getState(): Kept | undefined;
};

/** What the editor keeps of the page while it is hidden, and over a reload of the window. */
interface Kept {
  run: string;
  event?: number;
}

/** The editor's own function of that name, to which the rule about origins does not apply. */
const editor = acquireVsCodeApi();
const say = (message: FromBoard): void => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  editor.postMessage(message);
};
const place = document.getElementById('page');
const lines = new Map<string, TaskLine>();
let order: readonly string[] = [];
let rows: readonly BoardRow[] = [];
let kept = editor.getState();

window.addEventListener('message', ({ data }: MessageEvent<ToBoard>) => {
  if (!place || data.kind !== 'board') return;
  const { head } = data;
  if (data.order) {
    order = data.order;
    lines.clear();
  }
  const isMoved = data.lines.filter((line) => moves(lines.get(line.id), line)).length > 0;
  for (const line of data.lines) lines.set(line.id, line);
  if (data.order || isMoved) rows = rowsOf(order, lines);
  keep({ run: head.run, ...(head.moment ? { event: head.moment.event } : {}) });
  render(<BoardPage head={head} rows={rows} lines={lines} say={say} />, place);
  requestAnimationFrame(() => say({ kind: 'drawn' }));
});

/** The editor writes down what it is told to keep: it is told when that is something else. */
function keep(state: Kept): void {
  if (kept?.run !== state.run || kept.event !== state.event) editor.setState((kept = state));
}

say({ kind: 'ready', ...(kept?.event === undefined ? {} : { event: kept.event }) });
