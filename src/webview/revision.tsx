import { useEffect, useState } from 'preact/hooks';
import { Changes } from './changes.tsx';
import type { Page, Say } from './protocol.ts';

/** What an edit of the plan's file would change, and the two answers to it. The run goes on meanwhile. */
export function Revision({ revision, say }: { revision: NonNullable<Page['revision']>; say: Say }) {
  const { planHash, text, changes } = revision;
  const [sent, setSent] = useState(false);
  // The next page is the answer: where it still asks, the person may answer once more.
  useEffect(() => setSent(false), [revision]);
  const answer = (message: Parameters<Say>[0]): void => {
    setSent(true);
    say(message);
  };
  return (
    <section class="approval" aria-label="Edited plan">
      <h2>{text}</h2>
      <p>What is at work goes on. None of these tasks begins before you answer.</p>
      <Changes lines={changes} />
      <div class="buttons">
        <button
          type="button"
          class="primary"
          disabled={sent}
          onClick={() => answer({ kind: 'approve', planHash, baseline: false })}
        >
          Go on with the new plan
        </button>
        <button type="button" disabled={sent} onClick={() => answer({ kind: 'reject', planHash, comment: '' })}>
          Keep the plan as it was
        </button>
      </div>
    </section>
  );
}
