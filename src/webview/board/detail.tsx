import { AttemptLinks } from '../attempt-links.tsx';
import { useEffect, useRef } from 'preact/hooks';
import { Sign } from '../sign.tsx';
import { WORD } from '../words.ts';
import type { Say, TaskLine } from './protocol.ts';
import { timesOf } from './words.ts';

interface Shown {
  line: TaskLine;
  now: number;
  /** It was opened by a key: the keyboard goes there. */
  takesFocus: boolean;
  say: Say;
  close: () => void;
}

/** A task's attempts, what their time went to, and what can be done with them. */
export function Detail({ line, now, takesFocus, say, close }: Shown) {
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (takesFocus) first.current?.focus();
  }, [takesFocus, line.id]);
  return (
    <section class="detail" aria-label={line.title} onKeyDown={({ key }) => key === 'Escape' && close()}>
      <h2>
        <Sign status={line.status} /> {line.title}
        <span class="status">
          {WORD[line.status]} · wave {line.wave} · {line.agent}
          {line.isCritical && ' · on the critical path'}
        </span>
        {(line.status === 'failed' || line.status === 'blocked') && (
          <button type="button" onClick={() => say({ kind: 'do', what: 'whatWentWrong', task: line.id })}>
            What went wrong
          </button>
        )}
        <button type="button" ref={first} onClick={() => say({ kind: 'reveal', task: line.id })}>
          Show in the tree
        </button>
        <button type="button" aria-label="Close" onClick={close}>
          ×
        </button>
      </h2>
      {line.attempts.length === 0 && <p class="quiet">It has not begun yet.</p>}
      <ol>
        {line.attempts.map((attempt) => {
          const about = { task: line.id, attempt: attempt.number };
          return (
            <li key={attempt.number}>
              <span>
                Attempt {attempt.number}: {attempt.words}
              </span>
              <span class="quiet">{timesOf(attempt, now)}</span>
              <AttemptLinks of={`attempt ${attempt.number}`} open={(what) => say({ kind: 'do', what, ...about })} />
            </li>
          );
        })}
      </ol>
    </section>
  );
}
