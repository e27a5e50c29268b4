import type { Head, Say } from './protocol.ts';
import { clockOf } from './words.ts';

/** The way to any moment of the run: by time with the slider, by event with the keys and buttons, and back to the present. */
export function TimeLine({ head, say }: { head: Head; say: Say }) {
  const { from, now, end, moment, outcome } = head;
  const isOver = head.phase === 'ended' && !moment;
  const at = moment ? moment.at : end;
  const words = moment
    ? `${clockOf(moment.at)} ${moment.words}`
    : isOver
      ? `${clockOf(now)} ${outcome?.reason ?? ''}`
      : 'now';
  const step = (by: number): void => say({ kind: 'step', by });
  const press = (event: KeyboardEvent): void => {
    const by = STEPS[event.key];
    if (by === undefined && event.key !== 'End') return;
    event.preventDefault();
    if (by === undefined) say({ kind: 'live' });
    else step(by);
  };
  return (
    <footer class="time" aria-label="Moment of the run">
      <button type="button" aria-label="One event back" title="One event back" onClick={() => step(-1)}>
        ‹
      </button>
      <input
        type="range"
        aria-label="Moment of the run; arrow keys go from event to event"
        aria-valuetext={words}
        min={from}
        max={Math.max(end, from + 1)}
        value={at}
        step="any"
        onKeyDown={press}
        onInput={({ currentTarget }) => say({ kind: 'seek', time: Number(currentTarget.value) })}
      />
      <button type="button" aria-label="One event on" title="One event on" disabled={!moment} onClick={() => step(1)}>
        ›
      </button>
      <button type="button" class={moment ? 'primary' : ''} disabled={!moment} onClick={() => say({ kind: 'live' })}>
        {head.goesOn ? 'Live' : 'End'}
      </button>
      <output class="moment" aria-live="polite">
        {moment && (
          <span class="quiet">
            Event {moment.event} of {moment.of}
          </span>
        )}{' '}
        {words}
      </output>
    </footer>
  );
}

/** Events that a key goes on by; to the first is far enough back for any run. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -20,
  PageUp: 20,
  Home: -1e9,
};
